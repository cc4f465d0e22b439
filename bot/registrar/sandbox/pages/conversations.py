"""Knows the pages on which people talk: issues and pull requests."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from registrar.sandbox import git
from registrar.sandbox.pages.activity import activity
from registrar.sandbox.pages.chances import chances
from registrar.sandbox.pages.contents import Authored
from registrar.sandbox.pages.deeds import addressed
from registrar.sandbox.pages.diffs import FileDiff, pull_request_diff
from registrar.sandbox.pages.visits import Visit
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import PullRequest

SHORT = 40  # lines of a diff that are shown beside the conversation


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


def thread(visit: Visit) -> Response:
    """An issue; a pull request of that number has a page of its own."""
    repository = visit.repository()
    found = repository.thread(visit.number())
    if isinstance(found, PullRequest):
        return visit.redirect(visit.to.thread(repository, found))
    return visit.page("issue.html", repository=repository, issue=found, **activity(visit, repository, found))


def pull(visit: Visit) -> Response:
    """A pull request: what it is for, what was said, what it still needs, and what the viewer can do."""
    repository, pull_request = addressed(visit)
    files = pull_request_diff(repository, pull_request)
    return visit.page(
        "pull.html",
        **_frame(visit, repository, pull_request, files),
        **activity(visit, repository, pull_request, commits_of(visit, repository, pull_request)),
        **chances(visit, repository, pull_request),
        is_short=sum(len(each.lines) for each in files) <= SHORT,
        tab="conversation",
    )


def pull_commits(visit: Visit) -> Response:
    """The commits of a pull request."""
    repository, pull_request = addressed(visit)
    files = pull_request_diff(repository, pull_request)
    return visit.page("pull_commits.html", **_frame(visit, repository, pull_request, files), tab="commits")


def pull_files(visit: Visit) -> Response:
    """What a pull request changes."""
    repository, pull_request = addressed(visit)
    files = pull_request_diff(repository, pull_request)
    values = _frame(visit, repository, pull_request, files) | chances(visit, repository, pull_request)
    return visit.page("pull_files.html", **values, tab="files")


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
