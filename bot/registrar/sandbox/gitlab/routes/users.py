"""Answers about accounts, and about the forge itself."""

from fastapi import APIRouter, Response

from registrar.sandbox.accounts import Account, AccountKind
from registrar.sandbox.calls import locked
from registrar.sandbox.gitlab.answers import answer, paged
from registrar.sandbox.gitlab.people import current_user, moment, public_user, user
from registrar.sandbox.gitlab.refusals import missing
from registrar.sandbox.gitlab.requests import Call, Calling
from registrar.sandbox.gitlab.webhooks import VERSION

router = APIRouter()
_REVISION = "5a1db0c"


@router.get("/version")
@locked
def version(call: Calling) -> Response:
    """Which GitLab this is; nobody is told without a token."""
    _ = call.actor
    return answer({"version": VERSION, "revision": _REVISION})


@router.get("/metadata")
@locked
def metadata(call: Calling) -> Response:
    """The same with more beside it."""
    _ = call.actor
    kas = {"enabled": False, "externalUrl": None, "externalK8sProxyUrl": None, "version": None}
    return answer({"version": VERSION, "revision": _REVISION, "kas": kas, "enterprise": True})


@router.get("/user")
@locked
def myself(call: Calling) -> Response:
    """The account of the token."""
    return answer(current_user(call.forge, call.actor))


@router.get("/users")
@locked
def users(call: Calling, username: str | None = None, search: str | None = None) -> Response:
    """Whoever has this name exactly, or one with this in it."""
    found = [each for each in _accounts(call) if _is_wanted(each, username, search)]
    return paged(call, found[::-1], lambda each: user(call.forge, each))


def _is_wanted(account: Account, username: str | None, search: str | None) -> bool:
    named = username is None or account.login.lower() == username.lower()
    words = f"{account.login}\n{account.name}".lower()
    return named and (search is None or search.lower() in words or search.lower() == account.email)


@router.get("/users/{account_id:int}")
@locked
def one(call: Calling, account_id: int) -> Response:
    """The account of a number; it says whether it is a bot."""
    found = next((each for each in _accounts(call) if each.id == account_id), None)
    if found is None:
        raise missing("User")
    return answer(public_user(call.forge, found))


def _accounts(call: Call) -> list[Account]:
    everyone = call.forge.store.accounts.values()
    return [each for each in everyone if each.kind is not AccountKind.ORGANIZATION]


@router.get("/personal_access_tokens/self")
@locked
def token(call: Calling) -> Response:
    """What the token is, and may do."""
    account = call.actor
    return answer(
        {
            "id": account.id,
            "name": f"token of {account.login}",
            "revoked": False,
            "created_at": moment(account.created_at),
            "description": None,
            "scopes": list(account.token_scopes or ("api",)),
            "user_id": account.id,
            "last_used_at": moment(account.created_at),
            "active": True,
            "expires_at": account.token_expires_at.date().isoformat() if account.token_expires_at else None,
        }
    )
