"""How GitHub writes repositories and their branches."""

from registrar.sandbox.accounts import Role
from registrar.sandbox.forge import Forge
from registrar.sandbox.github.people import Json, api, moment, permissions, simple_user
from registrar.sandbox.store import Protection, Repository

_ADDRESSES = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


def repository_api(forge: Forge, found: Repository, path: str = "") -> str:
    """An address of the REST API within a repository."""
    return api(forge, f"/repos/{found.full_name}{path}")


def minimal_repository(forge: Forge, found: Repository) -> Json:
    """A repository where it is mentioned."""
    return {
        "id": found.id,
        "node_id": f"R_{found.id}",
        "name": found.name,
        "full_name": found.full_name,
        "owner": simple_user(forge, found.owner),
        "private": found.private,
        "html_url": f"{forge.url}/{found.full_name}",
        "description": found.description or None,
        "fork": False,
        "url": repository_api(forge, found),
    } | {name: repository_api(forge, found, path) for name, path in _ADDRESSES.items()}


def repository(forge: Forge, found: Repository) -> Json:
    """A repository in a pull request or a webhook."""
    pushed_at = found.pushes[-1].at if found.pushes else found.created_at
    still_open = sum(each.is_open for each in found.threads.values())
    none = dict.fromkeys(("forks", "forks_count", "stargazers_count", "watchers", "watchers_count"), 0)
    return (
        minimal_repository(forge, found)
        | _lacking()
        | none
        | {
            "clone_url": forge.clone_url(found),
            "git_url": f"git:{forge.url.partition(':')[2]}/{found.full_name}.git",
            "ssh_url": f"git@localhost:{found.full_name}.git",
            "svn_url": f"{forge.url}/{found.full_name}",
            "default_branch": found.default_branch,
            "size": 0,  # GitHub counts it once in a while, and a new repository shows nothing yet
            "archived": found.settings.archived,
            "visibility": "private" if found.private else "public",
            "open_issues": still_open,
            "open_issues_count": still_open,
            "created_at": moment(found.created_at),
            "updated_at": moment(pushed_at),
            "pushed_at": moment(pushed_at),
        }
    )


def _lacking() -> Json:
    """What a repository on the sandbox forge never has."""
    return {
        "disabled": False,
        "has_discussions": False,
        "has_downloads": False,
        "has_issues": True,
        "has_pages": False,
        "has_projects": False,
        "has_wiki": False,
        "homepage": None,
        "is_template": False,
        "language": None,
        "license": None,
        "mirror_url": None,
        "topics": [],
        "web_commit_signoff_required": False,
    }


def full_repository(forge: Forge, found: Repository, role: Role) -> Json:
    """A repository by itself, with what the caller may do in it."""
    return repository(forge, found) | {
        "permissions": permissions(role),
        "network_count": 0,
        "subscribers_count": 0,
        "allow_merge_commit": True,
        "allow_rebase_merge": True,
        "allow_squash_merge": True,
    }


def short_branch(forge: Forge, found: Repository, name: str, sha: str) -> Json:
    """A branch in a list."""
    return {
        "name": name,
        "commit": {"sha": sha, "url": repository_api(forge, found, f"/commits/{sha}")},
        "protected": name in found.protections,
    }


def branch_summary(forge: Forge, found: Repository, name: str) -> Json:
    """What everyone may know about the protection of a branch."""
    rule = found.protections.get(name)
    contexts = list(rule.required_statuses) if rule else []
    level = "off" if rule is None else "non_admins" if rule.spares_admins else "everyone"
    return {
        "protected": rule is not None,
        "protection_url": repository_api(forge, found, f"/branches/{name}/protection"),
        "protection": {
            "enabled": rule is not None,
            "required_status_checks": {
                "enforcement_level": level,
                "contexts": contexts,
                "checks": [{"context": context, "app_id": None} for context in contexts],
            },
        },
    }


def branch_protection(forge: Forge, found: Repository, name: str, rule: Protection) -> Json:
    """What an admin may know about the protection of a branch."""
    url = repository_api(forge, found, f"/branches/{name}/protection")
    contexts = list(rule.required_statuses)
    flags: Json = {flag: {"enabled": False} for flag in _FLAGS}
    return flags | {
        "url": url,
        "required_status_checks": {
            "url": f"{url}/required_status_checks",
            "strict": False,
            "contexts": contexts,
            "contexts_url": f"{url}/required_status_checks/contexts",
            "checks": [{"context": context, "app_id": None} for context in contexts],
        },
        "required_pull_request_reviews": {
            "url": f"{url}/required_pull_request_reviews",
            "dismiss_stale_reviews": False,
            "require_code_owner_reviews": rule.code_owner_review,
            "required_approving_review_count": rule.approvals,
            "require_last_push_approval": False,
        },
        "enforce_admins": {"url": f"{url}/enforce_admins", "enabled": not rule.spares_admins},
    }


_FLAGS = ("required_linear_history", "allow_force_pushes", "allow_deletions", "block_creations", "lock_branch")
