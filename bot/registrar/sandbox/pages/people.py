"""Knows the pages about people: who they are, who looks, and a picture of each."""

import hashlib
from html import escape

from starlette.responses import Response

from registrar.sandbox.accounts import Account, AccountKind, Role
from registrar.sandbox.pages.visits import Visit
from registrar.sandbox.refusals import NotFound
from registrar.sandbox.store import Repository, Store

_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" role="img" aria-label="{login}">
<rect width="40" height="40" fill="hsl({hue} 45% {light}%)"/>
<text x="20" y="21" text-anchor="middle" dominant-baseline="central" fill="#fff"
 font-family="system-ui, sans-serif" font-size="19" font-weight="600">{letter}</text></svg>"""


def start(visit: Visit) -> Response:
    """Every repository that the viewer may see, and who they can be."""
    repositories = visible_repositories(visit)
    teams: dict[str, list[str]] = {}
    for team in visit.forge.store.teams:
        for member in team.members:
            teams.setdefault(member.login, []).append(team.full_name)
    waiting = [(each, pull) for each in repositories for pull in reversed(each.pull_requests) if pull.is_open]
    return visit.page("start.html", repositories=repositories, waiting=waiting, teams=teams)


def visible_repositories(visit: Visit) -> list[Repository]:
    """In the order of their names."""
    store = visit.forge.store
    found = [each for each in store.repositories.values() if store.role_of(visit.viewer, each) >= Role.READ]
    return sorted(found, key=lambda each: each.full_name.lower())


def profile(visit: Visit) -> Response:
    """Who someone is, and what they may do where."""
    return _profile(visit, visit.forge.store.account(visit.parts["account"]))


def _profile(visit: Visit, account: Account) -> Response:
    store = visit.forge.store
    repositories = visible_repositories(visit)
    roles = [(each, store.role_of(account, each)) for each in repositories]
    return visit.page(
        "profile.html",
        account=account,
        roles=[
            (each, visit.face.words.role(role)) for each, role in roles if role > Role.READ or each.owner is account
        ],
        teams=[each for each in store.teams if account in each.members or each.organization is account],
        is_organization=account.kind is AccountKind.ORGANIZATION,
    )


def group(visit: Visit) -> Response:
    """Who belongs to a team, or to a group that lies in another."""
    store, name = visit.forge.store, f"{visit.parts['organization']}/{visit.parts['team']}"
    if name.lower() in store.accounts:
        return _profile(visit, store.account(name))
    return visit.page("team.html", team=store.team(name))


def is_group(store: Store, name: str) -> bool:
    """Whether a team, or an organization, has the name."""
    name = name.lower()
    return name in store.accounts or any(name == each.full_name.lower() for each in store.teams)


def become(visit: Visit) -> Response:
    """Look at everything as someone else from now on; or as nobody."""
    return visit.signed_in(visit.form.get("login", ""), visit.form.get("to", visit.to.page("/")))


def picture(visit: Visit) -> Response:
    """A letter on a colour: a person, a bot or an organization at a glance."""
    accounts = visit.forge.store.accounts.values()
    account = next((each for each in accounts if each.id == visit.number()), None)
    if account is None:
        raise NotFound("nobody has that picture")
    hue = int(hashlib.sha256(account.login.encode()).hexdigest()[:4], 16) % 360
    text = _PICTURE.format(
        login=escape(account.login, quote=True),
        letter=escape(account.login[0].upper()),
        hue=hue,
        light=38 if account.kind is AccountKind.PERSON else 28,
    )
    return Response(text, media_type="image/svg+xml", headers={"X-Content-Type-Options": "nosniff"})
