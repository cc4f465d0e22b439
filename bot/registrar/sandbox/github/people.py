"""How GitHub writes accounts, organizations and teams."""

from datetime import datetime

from registrar.sandbox.accounts import Account, AccountKind, Role, Team
from registrar.sandbox.forge import Forge
from registrar.sandbox.store import Repository

Json = dict[str, object]

OF_APPS = "[bot]"  # ends the login of every app
_TYPES = {AccountKind.PERSON: "User", AccountKind.BOT: "Bot", AccountKind.ORGANIZATION: "Organization"}
ROLE_NAMES = {Role.NONE: "none", Role.READ: "read", Role.WRITE: "write", Role.MAINTAIN: "maintain", Role.ADMIN: "admin"}


def api(forge: Forge, path: str) -> str:
    """An address of the REST API, where GitHub Enterprise Server has it."""
    return f"{forge.url}/api/v3{path}"


def moment(at: datetime) -> str:
    """`2026-03-01T12:00:00Z`."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def optional_moment(at: datetime | None) -> str | None:
    """The same for what may not have happened."""
    return None if at is None else moment(at)


def simple_user(forge: Forge, account: Account) -> Json:
    """An account where it is mentioned."""
    url = api(forge, f"/users/{account.login}")
    return {
        "login": account.login,
        "id": account.id,
        "node_id": f"U_{account.id}",
        "avatar_url": f"{forge.url}/avatars/{account.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{forge.url}/{account.login}",
        "followers_url": f"{url}/followers",
        "following_url": f"{url}/following{{/other_user}}",
        "gists_url": f"{url}/gists{{/gist_id}}",
        "starred_url": f"{url}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{url}/subscriptions",
        "organizations_url": f"{url}/orgs",
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events{{/privacy}}",
        "received_events_url": f"{url}/received_events",
        "type": _TYPES[account.kind],
        "site_admin": False,
    }


def public_user(forge: Forge, account: Account) -> Json:
    """An account by itself."""
    repositories = sum(each.owner is account and not each.private for each in forge.store.repositories.values())
    return simple_user(forge, account) | {
        "user_view_type": "public",
        "name": account.name,
        "company": None,
        "blog": "",
        "location": None,
        "email": None,
        "hireable": None,
        "bio": None,
        "public_repos": repositories,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": moment(account.created_at),
        "updated_at": moment(account.created_at),
    }


def collaborator(forge: Forge, account: Account, role: Role) -> Json:
    """An account with what a repository lets it do."""
    return simple_user(forge, account) | {"role_name": ROLE_NAMES[role], "permissions": permissions(role)}


def permissions(role: Role) -> Json:
    """The same as five flags."""
    return {
        "admin": role >= Role.ADMIN,
        "maintain": role >= Role.MAINTAIN,
        "push": role >= Role.WRITE,
        "triage": role >= Role.WRITE,
        "pull": role >= Role.READ,
    }


def author_association(forge: Forge, repository: Repository, account: Account) -> str:
    """What an author is to a repository."""
    if account is repository.owner:
        return "OWNER"
    if any(account in team.members for team in forge.store.teams if team.organization is repository.owner):
        return "MEMBER"
    return "COLLABORATOR" if repository.roles.get(account, Role.NONE) >= Role.WRITE else "NONE"


def organization(forge: Forge, account: Account) -> Json:
    """An organization where it is mentioned in a webhook."""
    url = api(forge, f"/orgs/{account.login}")
    return {
        "login": account.login,
        "id": account.id,
        "node_id": f"O_{account.id}",
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{forge.url}/avatars/{account.id}",
        "description": None,
    }


def team(forge: Forge, found: Team) -> Json:
    """A team by itself."""
    owner = found.organization
    url = api(forge, f"/orgs/{owner.login}/teams/{found.slug}")
    repositories = sum(found in each.team_roles for each in forge.store.repositories.values())
    return {
        "id": found.id,
        "node_id": f"T_{found.id}",
        "url": url,
        "html_url": f"{forge.url}/orgs/{owner.login}/teams/{found.slug}",
        "name": found.name,
        "slug": found.slug,
        "description": None,
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "permission": "pull",
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "parent": None,
        "type": "organization",
        "members_count": len(found.members),
        "repos_count": repositories,
        "created_at": moment(found.created_at),
        "updated_at": moment(found.created_at),
        "organization": _team_organization(forge, owner),
    }


def _team_organization(forge: Forge, account: Account) -> Json:
    repositories = sum(each.owner is account and not each.private for each in forge.store.repositories.values())
    return organization(forge, account) | {
        "name": account.name,
        "has_organization_projects": False,
        "has_repository_projects": False,
        "public_repos": repositories,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "html_url": f"{forge.url}/{account.login}",
        "created_at": moment(account.created_at),
        "updated_at": moment(account.created_at),
        "archived_at": None,
        "type": "Organization",
    }
