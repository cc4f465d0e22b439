"""Answers about pull requests: asking for one, changing it, reading what it brings, merging it."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from registrar.sandbox import git
from registrar.sandbox.calls import locked
from registrar.sandbox.github.commits import changed_file, commit
from registrar.sandbox.github.requests import RepositoryCall, Visiting, answer, nothing, paged
from registrar.sandbox.github.threads import pull_request, simple_pull_request
from registrar.sandbox.landing import Landing
from registrar.sandbox.pull_requests import Edit, Proposal, edit_pull_request, merge, open_pull_request
from registrar.sandbox.refusals import Invalid, NotFound
from registrar.sandbox.threads import PullRequest, PullRequestState

router = APIRouter(prefix="/repos/{owner}/{repo}/pulls")
_MOST_COMMITS = 250
_MOST_FILES = 3000


class NewPullRequest(BaseModel):
    """What someone wants to bring where."""

    title: str
    head: str
    base: str
    body: str | None = None
    draft: bool = False


class ChangedPullRequest(BaseModel):
    """What shall be different."""

    title: str | None = None
    body: str | None = None
    state: Literal["open", "closed"] | None = None
    base: str | None = None


class Merge(BaseModel):
    """How it shall land."""

    commit_title: str = ""
    commit_message: str = ""
    sha: str | None = None
    merge_method: Literal["merge", "squash", "rebase"] = "merge"


@router.get("")
@locked
def listing(call: Visiting, state: str = "open", sort: str = "created", direction: str | None = None) -> Response:
    """The pull requests of a repository, newest first unless asked otherwise."""
    found = [each for each in call.repository.pull_requests if _is_wanted(call, each, state)]
    if sort == "updated":
        found.sort(key=lambda each: each.updated_at)
    if (direction or ("desc" if sort == "created" else "asc")) == "desc":
        found.reverse()
    return paged(call, found, lambda each: simple_pull_request(call.forge, call.repository, each))


def _is_wanted(call: RepositoryCall, found: PullRequest, state: str) -> bool:
    head, base = call.request.query_params.get("head"), call.request.query_params.get("base")
    return (
        (state == "all" or found.is_open == (state == "open"))
        and (not head or head.lower() == f"{call.repository.owner.login}:{found.source_branch}".lower())
        and (not base or base == found.target_branch)
    )


@router.post("")
@locked
def create(call: Visiting, body: NewPullRequest) -> Response:
    """Ask for a branch of this repository to be merged."""
    owner, _, branch = body.head.rpartition(":")
    if owner.lower() not in {"", call.repository.owner.login.lower()}:
        raise Invalid(f"the sandbox has no forks: {body.head}", resource="PullRequest", field="head")
    if not body.title.strip():
        raise Invalid("a pull request needs a title", resource="PullRequest", field="title")
    proposal = Proposal(body.title, branch, body.base, body.body or "", body.draft)
    found = open_pull_request(call.forge, call.repository, author=call.actor, proposal=proposal)
    return answer(pull_request(call.forge, call.repository, found), 201)


@router.get("/{number}")
@locked
def one(call: Visiting, number: int) -> Response:
    """A pull request."""
    return answer(pull_request(call.forge, call.repository, call.repository.pull_request(number)))


@router.patch("/{number}")
@locked
def change(call: Visiting, number: int, body: ChangedPullRequest) -> Response:
    """Change a pull request, close it or open it again."""
    found = call.repository.pull_request(number)
    edit = Edit(body.title, body.body, body.base, None if body.state is None else body.state == "open")
    edit_pull_request(call.forge, call.repository, found, actor=call.actor, edit=edit)
    return answer(pull_request(call.forge, call.repository, found))


@router.get("/{number}/commits")
@locked
def commits(call: Visiting, number: int) -> Response:
    """What a pull request brings, commit by commit, oldest first."""
    found = call.repository.pull_request(number)
    own = git.commits_between(call.repository.path, found.base_sha, found.head_sha)[:_MOST_COMMITS]
    return paged(call, own, lambda each: commit(call.forge, call.repository, each))


@router.get("/{number}/files")
@locked
def files(call: Visiting, number: int) -> Response:
    """What a pull request brings, file by file."""
    found, path = call.repository.pull_request(number), call.repository.path
    base = git.merge_base(path, found.base_sha, found.head_sha)
    changes = git.changed_files(path, base, found.head_sha)[:_MOST_FILES]
    return paged(call, changes, lambda each: changed_file(call.forge, call.repository, found.head_sha, each))


@router.get("/{number}/merge")
@locked
def is_merged(call: Visiting, number: int) -> Response:
    """204 when it is merged, 404 when it is not."""
    if call.repository.pull_request(number).state is not PullRequestState.MERGED:
        raise NotFound(f"pull request {number} is not merged")
    return nothing()


@router.put("/{number}/merge")
@locked
def land(call: Visiting, number: int, body: Merge | None = None) -> Response:
    """Merge a pull request, if its head is still the one meant."""
    wish = body or Merge()
    landing = Landing(wish.merge_method, wish.commit_title, wish.commit_message, wish.sha)
    found = call.repository.pull_request(number)
    sha = merge(call.forge, call.repository, found, actor=call.actor, landing=landing)
    return answer({"sha": sha, "merged": True, "message": "Pull Request successfully merged"})
