"""How GitHub writes pull requests, issues, comments and reviews."""

from registrar.sandbox import git
from registrar.sandbox.forge import Forge
from registrar.sandbox.github.people import Json, author_association, moment, optional_moment, simple_user
from registrar.sandbox.github.repositories import repository, repository_api
from registrar.sandbox.protection import can_merge, obstacles
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import (
    Comment,
    PullRequest,
    PullRequestState,
    Retargeting,
    Review,
    ReviewState,
    Thread,
)

_REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
REVIEW_STATES = {
    ReviewState.APPROVED: "APPROVED",
    ReviewState.CHANGES_REQUESTED: "CHANGES_REQUESTED",
    ReviewState.COMMENTED: "COMMENTED",
    ReviewState.DISMISSED: "DISMISSED",
}


def simple_pull_request(forge: Forge, where: Repository, found: PullRequest) -> Json:
    """A pull request in a list."""
    url, html_url = repository_api(forge, where, f"/pulls/{found.number}"), thread_page(forge, where, found)
    merged = found.state is PullRequestState.MERGED
    return {
        "url": url,
        "id": found.id,
        "node_id": f"PR_{found.id}",
        "html_url": html_url,
        "diff_url": f"{html_url}.diff",
        "patch_url": f"{html_url}.patch",
        "number": found.number,
        "state": "open" if found.is_open else "closed",
        "locked": False,
        "title": found.title,
        "user": simple_user(forge, found.author),
        "body": found.body or None,
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
        "closed_at": optional_moment(found.closed_at),
        "merged_at": optional_moment(found.merged_at),
        "merge_commit_sha": found.merge_commit if merged else None,
        "draft": found.draft,
        "author_association": author_association(forge, where, found.author),
        **_unassigned(),
        **_addresses(forge, where, found),
        **_ends(forge, where, found),
    }


def _unassigned() -> Json:
    """What the sandbox forge never knows about a pull request."""
    return {
        "active_lock_reason": None,
        "assignee": None,
        "assignees": [],
        "auto_merge": None,
        "labels": [],
        "milestone": None,
        "requested_reviewers": [],
        "requested_teams": [],
    }


def _addresses(forge: Forge, where: Repository, found: PullRequest) -> Json:
    url, issue = repository_api(forge, where, f"/pulls/{found.number}"), _issue_api(forge, where, found)
    addresses = {
        "issue": issue,
        "commits": f"{url}/commits",
        "review_comments": f"{url}/comments",
        "review_comment": repository_api(forge, where, "/pulls/comments{/number}"),
        "comments": f"{issue}/comments",
        "statuses": repository_api(forge, where, f"/statuses/{found.head_sha}"),
    }
    links = addresses | {"self": url, "html": thread_page(forge, where, found)}
    return {f"{name}_url": address for name, address in addresses.items()} | {
        "_links": {name: {"href": address} for name, address in links.items()}
    }


def _ends(forge: Forge, where: Repository, found: PullRequest) -> Json:
    owner, repo = simple_user(forge, where.owner), repository(forge, where)
    return {
        end: {"label": f"{where.owner.login}:{branch}", "ref": branch, "sha": sha, "user": owner, "repo": repo}
        for end, branch, sha in (
            ("head", found.source_branch, found.head_sha),
            ("base", found.target_branch, found.base_sha),
        )
    }


def pull_request(forge: Forge, where: Repository, found: PullRequest) -> Json:
    """A pull request by itself."""
    base = git.merge_base(where.path, found.base_sha, found.head_sha)
    changes = git.changed_files(where.path, base, found.head_sha)
    mergeable, state = _mergeable(forge, where, found)
    return simple_pull_request(forge, where, found) | {
        "merged": found.state is PullRequestState.MERGED,
        "mergeable": mergeable,
        "rebaseable": mergeable,
        "mergeable_state": state,
        "merged_by": None if found.merged_by is None else simple_user(forge, found.merged_by),
        "comments": len(found.comments),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": len(git.commits_between(where.path, found.base_sha, found.head_sha)),
        "additions": sum(each.additions for each in changes),
        "deletions": sum(each.deletions for each in changes),
        "changed_files": len(changes),
    }


def _mergeable(forge: Forge, where: Repository, found: PullRequest) -> tuple[bool | None, str]:
    if not found.is_open:
        return None, "unknown"
    if not can_merge(where, found):
        return False, "dirty"
    if found.draft:
        return True, "draft"
    return True, "blocked" if obstacles(forge, where, found) else "clean"


def review(forge: Forge, where: Repository, found: PullRequest, said: Review) -> Json:
    """A review; webhooks write its state in lower case."""
    html_url = f"{thread_page(forge, where, found)}#pullrequestreview-{said.id}"
    url = repository_api(forge, where, f"/pulls/{found.number}")
    return {
        "id": said.id,
        "node_id": f"PRR_{said.id}",
        "user": simple_user(forge, said.reviewer),
        "body": said.body,
        "state": REVIEW_STATES[said.state],
        "html_url": html_url,
        "pull_request_url": url,
        "author_association": author_association(forge, where, said.reviewer),
        "_links": {"html": {"href": html_url}, "pull_request": {"href": url}},
        "submitted_at": moment(said.submitted_at),
        "commit_id": said.sha,
    }


def issue(forge: Forge, where: Repository, found: Thread) -> Json:
    """An issue; a pull request is one as well."""
    url, html_url = _issue_api(forge, where, found), thread_page(forge, where, found)
    written: Json = {
        "url": url,
        "repository_url": repository_api(forge, where),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": html_url,
        "id": found.id,
        "node_id": f"I_{found.id}",
        "number": found.number,
        "title": found.title,
        "user": simple_user(forge, found.author),
        "state": "open" if found.is_open else "closed",
        "locked": False,
        "assignee": None,
        "assignees": [],
        "labels": [],
        "milestone": None,
        "comments": len(found.comments),
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
        "closed_at": optional_moment(found.closed_at),
        "author_association": author_association(forge, where, found.author),
        "active_lock_reason": None,
        "body": found.body or None,
        "reactions": _reactions(url),
    }
    if isinstance(found, PullRequest):
        written["draft"] = found.draft
        written["pull_request"] = {
            "url": repository_api(forge, where, f"/pulls/{found.number}"),
            "html_url": html_url,
            "diff_url": f"{html_url}.diff",
            "patch_url": f"{html_url}.patch",
            "merged_at": optional_moment(found.merged_at),
        }
    return written


def comment(forge: Forge, where: Repository, thread: Thread, found: Comment) -> Json:
    """A comment in a thread."""
    url = repository_api(forge, where, f"/issues/comments/{found.id}")
    return {
        "url": url,
        "html_url": f"{thread_page(forge, where, thread)}#issuecomment-{found.id}",
        "issue_url": _issue_api(forge, where, thread),
        "id": found.id,
        "node_id": f"IC_{found.id}",
        "user": simple_user(forge, found.author),
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
        "author_association": author_association(forge, where, found.author),
        "body": found.body,
        "reactions": _reactions(url),
        "performed_via_github_app": None,
    }


def retargeting(forge: Forge, where: Repository, found: Retargeting) -> Json:
    """An event of a pull request: it was aimed at another branch. GitHub does not say which."""
    return {
        "id": found.id,
        "node_id": f"BRCE_{found.id}",
        "url": repository_api(forge, where, f"/issues/events/{found.id}"),
        "actor": simple_user(forge, found.actor),
        "event": "base_ref_changed",
        "commit_id": None,
        "commit_url": None,
        "created_at": moment(found.at),
        "performed_via_github_app": None,
    }


def thread_page(forge: Forge, where: Repository, found: Thread) -> str:
    """Where a person reads it."""
    kind = "pull" if isinstance(found, PullRequest) else "issues"
    return f"{forge.url}/{where.full_name}/{kind}/{found.number}"


def _issue_api(forge: Forge, where: Repository, found: Thread) -> str:
    return repository_api(forge, where, f"/issues/{found.number}")


def _reactions(url: str) -> Json:
    return {"url": f"{url}/reactions", "total_count": 0, **dict.fromkeys(_REACTIONS, 0)}
