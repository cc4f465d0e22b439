"""How GitLab writes projects and their branches."""

from registrar.sandbox import git
from registrar.sandbox.accounts import Account, AccountKind, Role
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.people import ACCESS_LEVELS, Json, api, moment, user
from registrar.sandbox.settings import ADMINISTERED, PUBLIC
from registrar.sandbox.store import Repository

_PARTS = ("issues", "merge_requests", "labels", "events", "members")
_FEATURES = ("issues", "repository", "merge_requests", "forking", "wiki", "builds", "snippets", "pages", "analytics")


def project_api(forge: Forge, found: Repository, path: str = "") -> str:
    """An address of the REST API within a project."""
    return api(forge, f"/projects/{found.id}{path}")


def page(forge: Forge, found: Repository, path: str = "") -> str:
    """An address within a project, for a person."""
    return f"{forge.url}/{found.full_name}{path}"


def namespace(forge: Forge, owner: Account) -> Json:
    """Where a project lies: with a person, or in a group."""
    is_group = owner.kind is AccountKind.ORGANIZATION
    parent = forge.store.accounts.get(owner.login.rpartition("/")[0].lower())
    return {
        "id": owner.id,
        "name": owner.name.rpartition("/")[2],
        "path": owner.login.rpartition("/")[2],
        "kind": "group" if is_group else "user",
        "full_path": owner.login,
        "parent_id": None if parent is None else parent.id,
        "avatar_url": None if is_group else f"{forge.url}/avatars/{owner.id}",
        "web_url": f"{forge.url}/groups/{owner.login}" if is_group else f"{forge.url}/{owner.login}",
    }


def basic_project(forge: Forge, found: Repository) -> Json:
    """A project as anyone sees it who may."""
    pushed_at = found.pushes[-1].at if found.pushes else found.created_at
    spaced = found.full_name.replace("/", " / ")
    is_empty = git.branch(found.path, found.default_branch) is None
    return {
        "id": found.id,
        "description": found.description or None,
        "name": found.name,
        "name_with_namespace": spaced,
        "path": found.name,
        "path_with_namespace": found.full_name,
        "created_at": moment(found.created_at),
        "default_branch": None if is_empty else found.default_branch,
        "tag_list": [],
        "topics": [],
        "ssh_url_to_repo": f"git@localhost:{found.full_name}.git",
        "http_url_to_repo": forge.clone_url(found),
        "web_url": page(forge, found),
        "readme_url": None,
        "forks_count": 0,
        "avatar_url": None,
        "star_count": 0,
        "last_activity_at": moment(pushed_at),
        "visibility": "private" if found.private else "public",
        "namespace": namespace(forge, found.owner),
    }


def project(forge: Forge, found: Repository, viewer: Account | None) -> Json:
    """A project by itself, with its settings as far as the viewer may see them, and what the viewer may do in it."""
    written = basic_project(forge, found) | _features(forge, found)
    written |= {name: getattr(found.settings, name) for name in PUBLIC}
    if viewer is not None and forge.store.role_of(viewer, found) >= Role.MAINTAIN:
        written |= {name: getattr(found.settings, name) for name in ADMINISTERED} | {
            "ci_default_git_depth": 20,
            "auto_devops_enabled": False,
        }
    if found.settings.is_premium:
        written["approvals_before_merge"] = found.settings.approvals_required  # what Free does not show at all
    if found.owner.kind is AccountKind.PERSON:
        written["owner"] = user(forge, found.owner)
    if viewer is not None:
        written["permissions"] = _permissions(forge, found, viewer)
    return written


def _features(forge: Forge, found: Repository) -> Json:
    url = project_api(forge, found)
    return {
        "_links": {
            "self": url,
            "repo_branches": f"{url}/repository/branches",
            "cluster_agents": f"{url}/cluster_agents",
            **{part: f"{url}/{part}" for part in _PARTS},
        },
        **{f"{feature}_access_level": "enabled" for feature in _FEATURES},
        **{f"{feature}_enabled": True for feature in ("issues", "merge_requests", "wiki", "jobs", "snippets")},
        "empty_repo": git.branch(found.path, found.default_branch) is None,
        "creator_id": found.owner.id,
        "import_status": "none",
        "open_issues_count": sum(each.is_open for each in found.issues),
        "shared_with_groups": [
            {
                "group_id": team.id,
                "group_name": team.name,
                "group_full_path": team.full_name,
                "group_access_level": ACCESS_LEVELS[role],
                "expires_at": None,
            }
            for team, role in found.team_roles.items()
        ],
        "request_access_enabled": True,
        "lfs_enabled": True,
        "public_jobs": True,
        "shared_runners_enabled": True,
        "autoclose_referenced_issues": True,
        "suggestion_commit_message": None,
        "merge_commit_template": None,
        "squash_commit_template": None,
        "printing_merge_request_link_enabled": True,
        "resolve_outdated_diff_discussions": False,
    }


def _permissions(forge: Forge, found: Repository, viewer: Account) -> Json:
    def access(role: Role) -> Json | None:
        return {"access_level": ACCESS_LEVELS[role], "notification_level": 3} if role in ACCESS_LEVELS else None

    held = found.roles.get(viewer, Role.NONE)
    in_group = forge.store.group_role_of(viewer, found.owner)
    return {"project_access": access(held), "group_access": access(in_group)}
