"""How GitHub writes commits, changed files, statuses of commits and pushes."""

from collections.abc import Sequence

from registrar.sandbox import git
from registrar.sandbox.forge import Forge
from registrar.sandbox.github.people import Json, moment, simple_user
from registrar.sandbox.github.repositories import minimal_repository, repository_api
from registrar.sandbox.store import Push, Repository, Status

FILE_CHANGES = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "T": "changed"}
UNSIGNED: Json = {"verified": False, "reason": "unsigned", "signature": None, "payload": None}
_ACTIVITIES = {
    "created": "branch_creation",
    "deleted": "branch_deletion",
    "pushed": "push",
    "forced": "force_push",
    "merged": "pr_merge",
}


def commit(forge: Forge, repository: Repository, found: git.Commit) -> Json:
    """A commit, with the accounts that its addresses belong to."""
    url, html_url = repository_api(forge, repository, "/commits"), f"{forge.url}/{repository.full_name}/commit"
    git_url = repository_api(forge, repository, "/git")
    return {
        "url": f"{url}/{found.sha}",
        "sha": found.sha,
        "node_id": f"C_{found.sha}",
        "html_url": f"{html_url}/{found.sha}",
        "comments_url": f"{url}/{found.sha}/comments",
        "commit": {
            "url": f"{git_url}/commits/{found.sha}",
            "author": _identity(found.author),
            "committer": _identity(found.committer),
            "message": found.message.rstrip("\n"),
            "comment_count": 0,
            "tree": {"sha": found.tree, "url": f"{git_url}/trees/{found.tree}"},
            "verification": UNSIGNED | {"verified_at": None},
        },
        "author": _account(forge, found.author),
        "committer": _account(forge, found.committer),
        "parents": [
            {"sha": parent, "url": f"{url}/{parent}", "html_url": f"{html_url}/{parent}"} for parent in found.parents
        ],
    }


def commit_with_files(forge: Forge, repository: Repository, found: git.Commit) -> Json:
    """A commit by itself, with what it changed against its first parent."""
    changes = git.changed_files(repository.path, found.parents[0] if found.parents else None, found.sha)
    additions, deletions = sum(each.additions for each in changes), sum(each.deletions for each in changes)
    return commit(forge, repository, found) | {
        "stats": {"additions": additions, "deletions": deletions, "total": additions + deletions},
        "files": [changed_file(forge, repository, found.sha, each) for each in changes],
    }


def _identity(identity: git.Identity) -> Json:
    return {"name": identity.name, "email": identity.email, "date": moment(git.in_utc(identity.at))}


def _account(forge: Forge, identity: git.Identity) -> Json | None:
    account = forge.store.account_of_email(identity.email)
    return None if account is None else simple_user(forge, account)


def changed_file(forge: Forge, repository: Repository, sha: str, changed: git.ChangedFile) -> Json:
    """A file of a diff."""
    place = f"{repository.full_name}/{{}}/{sha}/{changed.path}"
    written: Json = {
        "sha": changed.blob,
        "filename": changed.path,
        "status": FILE_CHANGES[changed.change],
        "additions": changed.additions,
        "deletions": changed.deletions,
        "changes": changed.additions + changed.deletions,
        "blob_url": f"{forge.url}/{place.format('blob')}",
        "raw_url": f"{forge.url}/{place.format('raw')}",
        "contents_url": repository_api(forge, repository, f"/contents/{changed.path}?ref={sha}"),
    }
    if changed.patch:
        written["patch"] = changed.patch
    if changed.change == "R":
        written["previous_filename"] = changed.old_path
    return written


def pushed_commit(forge: Forge, repository: Repository, found: git.Commit) -> Json:
    """A commit in a push webhook."""
    changes = git.changed_files(repository.path, found.parents[0] if found.parents else None, found.sha)
    paths: dict[str, list[str]] = {"added": [], "removed": [], "modified": []}
    for each in changes:
        if each.change == "R":
            paths["removed"].append(each.old_path)
            paths["added"].append(each.path)
        else:
            paths["modified" if each.change == "T" else FILE_CHANGES[each.change]].append(each.path)
    return simple_commit(found) | {
        "distinct": True,
        "url": f"{forge.url}/{repository.full_name}/commit/{found.sha}",
        "author": _named(forge, found.author),
        "committer": _named(forge, found.committer),
        **paths,
    }


def simple_commit(found: git.Commit) -> Json:
    """A commit where it is mentioned in a run of a workflow."""
    return {
        "id": found.sha,
        "tree_id": found.tree,
        "message": found.message.rstrip("\n"),
        "timestamp": found.committer.at.isoformat(),
        "author": {"name": found.author.name, "email": found.author.email},
        "committer": {"name": found.committer.name, "email": found.committer.email},
    }


def _named(forge: Forge, identity: git.Identity) -> Json:
    account = forge.store.account_of_email(identity.email)
    username = {} if account is None else {"username": account.login}
    return {"name": identity.name, "email": identity.email, **username}


def status(forge: Forge, repository: Repository, found: Status) -> Json:
    """A status by itself."""
    return simple_status(forge, repository, found) | {"creator": simple_user(forge, found.creator)}


def simple_status(forge: Forge, repository: Repository, found: Status) -> Json:
    """A status among those that count."""
    return {
        "url": repository_api(forge, repository, f"/statuses/{found.sha}"),
        "avatar_url": f"{forge.url}/avatars/{found.creator.id}",
        "id": found.id,
        "node_id": f"SC_{found.id}",
        "state": found.state,
        "description": found.description or None,
        "target_url": found.url or None,
        "context": found.context,
        "created_at": moment(found.created_at),
        "updated_at": moment(found.created_at),
    }


def combined_status(forge: Forge, repository: Repository, sha: str, *, shown: Sequence[Status]) -> Json:
    """What all contexts of a commit come to, with some of them in full."""
    newest = repository.newest_statuses(sha)
    states = {each.state for each in newest}
    bad = states & {"failure", "error"}
    return {
        "state": "failure" if bad else "success" if states == {"success"} else "pending",
        "statuses": [simple_status(forge, repository, each) for each in shown],
        "sha": sha,
        "total_count": len(newest),
        "repository": minimal_repository(forge, repository),
        "commit_url": repository_api(forge, repository, f"/commits/{sha}"),
        "url": repository_api(forge, repository, f"/commits/{sha}/status"),
    }


def activity(forge: Forge, found: Push) -> Json:
    """A push in the activity of a repository."""
    return {
        "id": found.id,
        "node_id": f"PSH_{found.id}",
        "before": found.before,
        "after": found.after,
        "ref": found.ref,
        "timestamp": moment(found.at),
        "activity_type": _ACTIVITIES[found.kind],
        "actor": simple_user(forge, found.actor),
    }
