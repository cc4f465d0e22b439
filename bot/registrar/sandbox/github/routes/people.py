"""Answers about accounts and teams."""

from fastapi import APIRouter, Response

from registrar.sandbox.accounts import Account, AccountKind, Team
from registrar.sandbox.calls import locked
from registrar.sandbox.github.people import OF_APPS, api, public_user, simple_user, team
from registrar.sandbox.github.requests import Call, Calling, answer, paged
from registrar.sandbox.refusals import Forbidden, NotFound

router = APIRouter()


@router.get("/user")
@locked
def myself(call: Calling) -> Response:
    """The account of the token; that of an app belongs to an installation, which is no user."""
    if call.actor.login.endswith(OF_APPS):
        raise Forbidden("Resource not accessible by integration")
    return answer(public_user(call.forge, call.actor), headers=_of_token(call.actor))


def _of_token(account: Account) -> dict[str, str]:
    """What GitHub says of a token above an answer; of one without scopes, and without an end, it says nothing."""
    told = {}
    if account.token_scopes is not None:
        told["X-OAuth-Scopes"] = ", ".join(account.token_scopes)
    if account.token_expires_at is not None:
        told["GitHub-Authentication-Token-Expiration"] = account.token_expires_at.strftime("%Y-%m-%d %H:%M:%S UTC")
    return told


@router.get("/users/{login}")
@locked
def user(call: Calling, login: str) -> Response:
    """The account of a login."""
    return answer(public_user(call.forge, call.forge.store.account(login)))


@router.get("/user/{account_id}")
@locked
def user_of_id(call: Calling, account_id: int) -> Response:
    """The account of a number."""
    found = next((each for each in call.forge.store.accounts.values() if each.id == account_id), None)
    if found is None:
        raise NotFound(f"nobody has the id {account_id}")
    return answer(public_user(call.forge, found))


@router.get("/orgs/{organization}/teams/{slug}")
@locked
def team_by_name(call: Calling, organization: str, slug: str) -> Response:
    """A team."""
    return answer(team(call.forge, _team(call, organization, slug)))


@router.get("/orgs/{organization}/teams/{slug}/members")
@locked
def members(call: Calling, organization: str, slug: str) -> Response:
    """Everyone in a team."""
    found = _team(call, organization, slug)
    return paged(call, found.members, lambda each: simple_user(call.forge, each))


@router.get("/orgs/{organization}/teams/{slug}/memberships/{login}")
@locked
def membership(call: Calling, organization: str, slug: str, login: str) -> Response:
    """Whether someone is in a team. An invitation is accepted at once here, so nobody is `pending`."""
    found = _team(call, organization, slug)
    account = call.forge.store.account(login)
    if account not in found.members:
        raise NotFound(f"{login} is not in {found.full_name}")
    url = api(call.forge, f"/orgs/{found.organization.login}/teams/{found.slug}/memberships/{account.login}")
    return answer({"url": url, "role": "member", "state": "active"})


def _team(call: Call, organization: str, slug: str) -> Team:
    found = call.forge.store.team(f"{organization}/{slug}")
    if not _belongs(call, call.actor, found.organization):
        raise NotFound(f"{call.actor.login} may not see {found.full_name}")
    return found


def _belongs(call: Call, account: Account, organization: Account) -> bool:
    """Who is in a team of an organization, or has a role in one of its repositories, may see its teams."""
    if organization.kind is not AccountKind.ORGANIZATION:
        return False
    store = call.forge.store
    in_teams = any(account in each.members for each in store.teams if each.organization is organization)
    owned = [each for each in store.repositories.values() if each.owner is organization]
    return in_teams or any(account in each.roles for each in owned)
