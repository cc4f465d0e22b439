"""Answers about commits and what is said about them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from registrar.sandbox import git
from registrar.sandbox.calls import locked
from registrar.sandbox.conversations import Report, set_status
from registrar.sandbox.github.commits import combined_status, commit, commit_with_files, status
from registrar.sandbox.github.requests import RepositoryCall, Visiting, answer, one_page, paged
from registrar.sandbox.github.threads import simple_pull_request
from registrar.sandbox.refusals import Invalid
from registrar.sandbox.threads import PullRequest

router = APIRouter(prefix="/repos/{owner}/{repo}")


class NewStatus(BaseModel):
    """What shall be said about a commit."""

    state: Literal["error", "failure", "pending", "success"]
    context: str = "default"
    description: Annotated[str, Field(max_length=140)] | None = None
    target_url: str | None = None


@router.post("/statuses/{sha}")
@locked
def say(call: Visiting, sha: str, body: NewStatus) -> Response:
    """Say something about a commit."""
    report = Report(body.context, body.state, body.description or "", body.target_url or "")
    found = set_status(call.forge, call.repository, sha, creator=call.actor, report=report)
    return answer(status(call.forge, call.repository, found), 201)


@router.get("/commits/{ref:path}/statuses")
@router.get("/statuses/{ref:path}")  # where GitHub had it first, and PyGithub still looks
@locked
def statuses(call: Visiting, ref: str) -> Response:
    """Everything ever said about a commit, newest first."""
    found = call.repository.statuses_of(_commit(call, ref).sha)
    return paged(call, found, lambda each: status(call.forge, call.repository, each))


@router.get("/commits/{ref:path}/status")
@locked
def combined(call: Visiting, ref: str) -> Response:
    """The newest of each context, and what they come to."""
    sha = _commit(call, ref).sha
    shown = one_page(call, call.repository.newest_statuses(sha))
    return answer(combined_status(call.forge, call.repository, sha, shown=shown))


@router.get("/commits/{sha}/pulls")
@locked
def pull_requests(call: Visiting, sha: str) -> Response:
    """The pull requests that brought a commit; the open ones as well while it has not landed."""
    found = _commit(call, sha).sha
    bringing = [each for each in call.repository.pull_requests if _brings(call, each, found)]
    return paged(call, bringing, lambda each: simple_pull_request(call.forge, call.repository, each))


def _brings(call: RepositoryCall, pull_request: PullRequest, sha: str) -> bool:
    if sha == pull_request.merge_commit:
        return True
    path = call.repository.path
    own = git.commits_between(path, pull_request.base_sha, pull_request.head_sha)
    if pull_request.merge_commit is not None and pull_request.landed_on is not None:
        own = git.commits_between(path, pull_request.landed_on, pull_request.merge_commit)  # as it landed, rebased too
    return sha in {each.sha for each in own}


@router.get("/commits")
@locked
def commits(call: Visiting, sha: str | None = None) -> Response:
    """The commits that lead to a branch, newest first."""
    tip = _commit(call, sha or call.repository.default_branch)
    found = git.commits_between(call.repository.path, None, tip.sha)
    return paged(call, found[::-1], lambda each: commit(call.forge, call.repository, each))


@router.get("/commits/{ref:path}")
@locked
def one(call: Visiting, ref: str) -> Response:
    """A commit."""
    return answer(commit_with_files(call.forge, call.repository, _commit(call, ref)))


def _commit(call: RepositoryCall, ref: str) -> git.Commit:
    sha = git.resolve(call.repository.path, ref)
    if sha is None:
        raise Invalid(f"No commit found for SHA: {ref}")
    return git.commit(call.repository.path, sha)
