"""Who belongs to a project or a group on GitLab, by which way, and how GitLab writes it."""

from dataclasses import dataclass

from registrar.sandbox.accounts import Account, AccountKind, Role, Team
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.people import ACCESS_LEVELS, Json, moment, user
from registrar.sandbox.store import Repository, Store

Group = Account | Team  # an organization holds members, groups and projects; a team is a group of members alone


@dataclass(frozen=True, slots=True)
class Member:
    """Someone, and what they may do."""

    account: Account
    role: Role


def direct_members(repository: Repository) -> tuple[Member, ...]:
    """Whoever has a role in the project itself; its owner, where that is a person."""
    roles = {account: role for account, role in repository.roles.items() if role > Role.NONE}
    if repository.owner.kind is AccountKind.PERSON:
        roles[repository.owner] = Role.ADMIN
    return _sorted(roles)


def all_members(store: Store, repository: Repository) -> tuple[Member, ...]:
    """Those of the groups that hold the project and of groups that were invited, too; each with the most they may."""
    roles = {member.account: member.role for member in direct_members(repository)}
    inherited = [*_of_groups(store, repository.owner).items()]
    invited = [(account, role) for team, role in repository.team_roles.items() for account in team.members]
    for account, role in inherited + invited:
        roles[account] = max(role, roles.get(account, Role.NONE))
    return _sorted(roles)


def group_members(store: Store, group: Group, *, inherited: bool) -> tuple[Member, ...]:
    """Those of a group; members of a team own it, so that an invitation gives them all that it says."""
    if isinstance(group, Team):
        roles = _of_groups(store, group.organization) if inherited else {}
        return _sorted(roles | dict.fromkeys(group.members, Role.ADMIN))
    return _sorted(_of_groups(store, group) if inherited else group.members)


def _of_groups(store: Store, group: Account) -> dict[Account, Role]:
    roles: dict[Account, Role] = {}
    path = group.login.lower()
    while path:
        for account, role in store.accounts[path].members.items() if path in store.accounts else ():
            roles[account] = max(role, roles.get(account, Role.NONE))
        path = path.rpartition("/")[0]
    return roles


def _sorted(roles: dict[Account, Role]) -> tuple[Member, ...]:
    return tuple(Member(account, roles[account]) for account in sorted(roles, key=lambda each: each.id))


def member(forge: Forge, found: Member) -> Json:
    """A member."""
    return user(forge, found.account) | {
        "access_level": ACCESS_LEVELS[found.role],
        "created_at": moment(found.account.created_at),
        "expires_at": None,
        "membership_state": "active",
    }


def find_group(store: Store, key: str) -> Group | None:
    """The group of a number or a full path."""
    groups: list[Group] = [each for each in store.accounts.values() if each.kind is AccountKind.ORGANIZATION]
    groups += store.teams
    return next((each for each in groups if key in {str(each.id), path_of(each)} or key.lower() == path_of(each)), None)


def path_of(group: Group) -> str:
    """`acme/ml-admins`, in lower case."""
    return (group.full_name if isinstance(group, Team) else group.login).lower()


def group(forge: Forge, found: Group) -> Json:
    """A group."""
    full_path = found.full_name if isinstance(found, Team) else found.login
    parent = find_group(forge.store, full_path.rpartition("/")[0])
    return {
        "id": found.id,
        "web_url": f"{forge.url}/groups/{full_path}",
        "name": full_path.rpartition("/")[2],
        "path": full_path.rpartition("/")[2],
        "description": "",
        "visibility": "public",
        "share_with_group_lock": False,
        "full_name": full_path.replace("/", " / "),
        "full_path": full_path,
        "created_at": moment(found.created_at),
        "parent_id": None if parent is None else parent.id,
        "avatar_url": None,
        "archived": False,
        "shared_with_groups": [],
        "projects": [],
        "shared_projects": [],
    }
