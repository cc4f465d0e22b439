"""Knows the pages on which people talk: issues and pull requests, what was said in them, and what the viewer may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.responses import Response

from registrar.sandbox import conversations, git, pull_requests
from registrar.sandbox.accounts import Account, Role
from registrar.sandbox.landing import Landing
from registrar.sandbox.pages.contents import Authored
from registrar.sandbox.pages.diffs import FileDiff, pull_request_diff
from registrar.sandbox.pages.markdown import comment_html
from registrar.sandbox.pages.visits import Visit
from registrar.sandbox.protection import obstacles
from registrar.sandbox.refusals import Invalid, NotFound
from registrar.sandbox.store import Repository, Status
from registrar.sandbox.threads import Comment, Issue, PullRequest, PullRequestState, Review, ReviewState

SHORT = 40  # lines of a diff that are shown beside the conversation
_VERDICTS = {"approve": ReviewState.APPROVED, "request": ReviewState.CHANGES_REQUESTED}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing in the course of a conversation."""

    kind: str  # comment, review, commit, merged, closed
    at: datetime
    thing: Any


def issues(visit: Visit) -> Response:
    """Issues that are no pull requests."""
    repository = visit.repository()
    shown = [each for each in reversed(repository.issues) if each.is_open is not _wants_closed(visit)]
    return visit.page("issues.html", repository=repository, shown=shown, closed=_wants_closed(visit))


def pulls(visit: Visit) -> Response:
    """Pull requests, open ones unless others are asked for."""
    repository = visit.repository()
    shown = [each for each in reversed(repository.pull_requests) if each.is_open is not _wants_closed(visit)]
    return visit.page("pulls.html", repository=repository, shown=shown, closed=_wants_closed(visit))


def _wants_closed(visit: Visit) -> bool:
    return visit.query.get("state") == "closed"


def new_issue(visit: Visit) -> Response:
    """Where an issue is written."""
    return visit.page("new_issue.html", repository=visit.repository())


def open_issue(visit: Visit) -> str:
    """Write an issue."""
    repository, title = visit.repository(), visit.form.get("title", "").strip()
    if not title:
        raise Invalid("An issue needs a title.")
    issue = conversations.open_issue(
        visit.forge, repository, author=visit.actor(), title=title, body=visit.form.get("body", "")
    )
    return visit.to.thread(repository, issue)


def thread(visit: Visit) -> Response:
    """An issue; a pull request of that number has a page of its own."""
    repository = visit.repository()
    found = repository.thread(visit.number())
    if isinstance(found, PullRequest):
        return visit.redirect(visit.to.thread(repository, found))
    return visit.page("issue.html", repository=repository, issue=found, **_said(visit, repository, found))


def pull(visit: Visit) -> Response:
    """A pull request: what it is for, what was said, what it still needs, and what the viewer can do."""
    repository, pull_request = _addressed(visit)
    files = pull_request_diff(repository, pull_request)
    return visit.page(
        "pull.html",
        **_frame(visit, repository, pull_request, files),
        **_said(visit, repository, pull_request, commits_of(visit, repository, pull_request)),
        **_chances(visit, repository, pull_request),
        is_short=sum(len(each.lines) for each in files) <= SHORT,
        tab="conversation",
    )


def pull_commits(visit: Visit) -> Response:
    """The commits of a pull request."""
    repository, pull_request = _addressed(visit)
    files = pull_request_diff(repository, pull_request)
    return visit.page("pull_commits.html", **_frame(visit, repository, pull_request, files), tab="commits")


def pull_files(visit: Visit) -> Response:
    """What a pull request changes."""
    repository, pull_request = _addressed(visit)
    files = pull_request_diff(repository, pull_request)
    values = _frame(visit, repository, pull_request, files) | _chances(visit, repository, pull_request)
    return visit.page("pull_files.html", **values, tab="files")


def _addressed(visit: Visit) -> tuple[Repository, PullRequest]:
    repository = visit.repository()
    return repository, repository.pull_request(visit.number())


def _frame(
    visit: Visit, repository: Repository, pull_request: PullRequest, files: Sequence[FileDiff]
) -> dict[str, Any]:
    """What every page of a pull request shows."""
    return {
        "repository": repository,
        "pull": pull_request,
        "files": files,
        "commits": commits_of(visit, repository, pull_request),
        "additions": sum(each.file.additions for each in files),
        "deletions": sum(each.file.deletions for each in files),
    }


def commits_of(visit: Visit, repository: Repository, pull_request: PullRequest) -> list[Authored]:
    """The commits that it brings, oldest first."""
    base = git.merge_base(repository.path, pull_request.base_sha, pull_request.head_sha)
    found = git.commits_between(repository.path, base, pull_request.head_sha)
    return [Authored(each, visit.forge.store.account_of_email(each.author.email)) for each in found]


def _said(
    visit: Visit, repository: Repository, found: Issue | PullRequest, commits: Sequence[Authored] = ()
) -> dict[str, Any]:
    happenings = [Happening("comment", each.created_at, each) for each in found.comments]
    happenings += [Happening("commit", max(each.commit.committer.at, found.created_at), each) for each in commits]
    if isinstance(found, PullRequest):
        happenings += [Happening("review", each.submitted_at, each) for each in found.reviews]
    if found.closed_at is not None:
        merged = isinstance(found, PullRequest) and found.state is PullRequestState.MERGED
        happenings.append(Happening("merged" if merged else "closed", found.closed_at, found))

    def shown(thing: Comment | Review | Issue | PullRequest) -> str:
        return comment_html(thing.body, repository, visit.face)

    order = ("commit", "comment", "review", "merged", "closed")
    happenings.sort(key=lambda each: (each.at, order.index(each.kind), getattr(each.thing, "id", 0)))
    return {"happenings": happenings, "shown": shown}


def _chances(visit: Visit, repository: Repository, pull_request: PullRequest) -> dict[str, Any]:
    """What the viewer can do now, and why not."""
    role = visit.forge.store.role_of(visit.viewer, repository)
    rule = repository.protections.get(pull_request.target_branch)
    found = obstacles(visit.forge, repository, pull_request) if pull_request.is_open else ()
    spared = rule is not None and rule.spares_admins and role is Role.ADMIN
    return {
        "statuses": repository.newest_statuses(pull_request.head_sha),
        "decisive": _decisive(repository, pull_request),
        "expected": _expected(repository, pull_request),
        "votes": list(pull_request.votes().values()),
        "obstacles": found,
        "may_write": role >= Role.WRITE,
        "may_merge": role >= Role.WRITE and (spared or not found),
        "may_close": role >= Role.WRITE or (visit.viewer is pull_request.author),
        "writers": _writers(visit, repository),
    }


def _expected(repository: Repository, pull_request: PullRequest) -> list[str]:
    """Contexts that must speak and have not."""
    rule = repository.protections.get(pull_request.target_branch)
    spoken = {each.context for each in repository.newest_statuses(pull_request.head_sha)}
    return [each for each in (rule.required_statuses if rule else ()) if each not in spoken]


def _decisive(repository: Repository, pull_request: PullRequest) -> list[Status]:
    """What has been said by those on whose word the merge depends: it stands where one merges."""
    rule = repository.protections.get(pull_request.target_branch)
    required = rule.required_statuses if rule else ()
    found = [each for each in repository.newest_statuses(pull_request.head_sha) if each.context in required]
    return [each for each in found if each.state != "success"] or found


def _writers(visit: Visit, repository: Repository) -> set[Account]:
    store = visit.forge.store
    return {each for each in store.accounts.values() if store.role_of(each, repository) >= Role.WRITE}


def say(visit: Visit) -> str:
    """Comment; or approve, or request changes, on exactly the head that was looked at."""
    repository = visit.repository()
    found, body = repository.thread(visit.number()), visit.form.get("body", "")
    verdict = visit.form.get("verdict", "comment")
    if verdict == "comment":
        written = conversations.comment(visit.forge, repository, found, author=visit.actor(), body=body)
        return f"{visit.to.thread(repository, found)}#{visit.to.comment(written)}"
    if verdict not in _VERDICTS or not isinstance(found, PullRequest):
        raise NotFound(f"there is no verdict {verdict!r} here")
    judgement = conversations.Judgement(_VERDICTS[verdict], body, visit.form.get("head") or None)
    review = conversations.review(visit.forge, repository, found, reviewer=visit.actor(), judgement=judgement)
    return f"{visit.to.thread(repository, found)}#{visit.to.review(review)}"


def merge(visit: Visit) -> str:
    """Merge exactly the head that was looked at."""
    repository, pull_request = _addressed(visit)
    landing = Landing(method=visit.form.get("method", "merge"), expected_head=visit.form.get("head") or None)
    pull_requests.merge(visit.forge, repository, pull_request, actor=visit.actor(), landing=landing)
    return visit.to.thread(repository, pull_request)


def set_open(visit: Visit) -> str:
    """Close, or reopen."""
    repository, pull_request = _addressed(visit)
    edit = pull_requests.Edit(is_open=visit.form.get("open") == "yes")
    pull_requests.edit_pull_request(visit.forge, repository, pull_request, actor=visit.actor(), edit=edit)
    return visit.to.thread(repository, pull_request)
