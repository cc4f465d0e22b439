"""Answers about merge requests: asking for one, changing it, reading what it brings, merging it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, BeforeValidator

from registrar.sandbox import git, pull_requests
from registrar.sandbox.accounts import Role
from registrar.sandbox.calls import locked
from registrar.sandbox.gitlab import merge_requests, merging
from registrar.sandbox.gitlab.answers import answer, paged
from registrar.sandbox.gitlab.ci.beginnings import wish_of
from registrar.sandbox.gitlab.ci.creation import create_pipeline
from registrar.sandbox.gitlab.ci.describing import listed_pipeline, pipeline
from registrar.sandbox.gitlab.commits import commit, diff
from registrar.sandbox.gitlab.heads import pipelines_of
from registrar.sandbox.gitlab.merge_requests import DRAFT, full_merge_request, full_version, merge_request, version
from registrar.sandbox.gitlab.quick_actions import Writing, obey
from registrar.sandbox.gitlab.refusals import Refused, missing
from registrar.sandbox.gitlab.requests import PROJECT, ProjectCall, Visiting
from registrar.sandbox.landing import Landing
from registrar.sandbox.pull_requests import Edit, Proposal
from registrar.sandbox.pushes import Move, record_moves
from registrar.sandbox.refusals import Invalid
from registrar.sandbox.threads import PullRequest, PullRequestState

router = APIRouter(prefix=f"{PROJECT}/merge_requests")
_DRAFT_MARKS = (DRAFT, "[Draft] ", "(Draft) ")


def _split(value: object) -> object:
    return value.split(",") if isinstance(value, str) else value


class Filter(BaseModel):
    """Which merge requests are wanted, in which order."""

    state: Literal["opened", "closed", "locked", "merged", "all"] = "all"
    order_by: Literal["created_at", "updated_at", "merged_at", "title"] = "created_at"
    sort: Literal["asc", "desc"] = "desc"
    iids: Annotated[list[int] | None, BeforeValidator(_split)] = None
    source_branch: str | None = None
    target_branch: str | None = None
    author_id: int | None = None
    author_username: str | None = None
    updated_after: datetime | None = None
    search: str | None = None


class NewMergeRequest(BaseModel):
    """What someone wants to bring where."""

    title: str
    source_branch: str
    target_branch: str
    description: str | None = None
    squash: bool | None = None
    target_project_id: int | None = None
    reviewer_ids: Annotated[list[int] | None, BeforeValidator(_split)] = None


class ChangedMergeRequest(BaseModel):
    """What shall be different."""

    title: str | None = None
    description: str | None = None
    state_event: Literal["close", "reopen"] | None = None
    target_branch: str | None = None
    squash: bool | None = None
    reviewer_ids: Annotated[list[int] | None, BeforeValidator(_split)] = None


class Merge(BaseModel):
    """How it shall land."""

    sha: str | None = None
    squash: bool | None = None
    merge_commit_message: str = ""
    squash_commit_message: str = ""
    should_remove_source_branch: bool = False


@router.get("")
@locked
def listing(call: Visiting) -> Response:
    """The merge requests of a project, newest first unless asked otherwise."""
    wish = call.given(Filter)
    found = [each for each in call.repository.pull_requests if _is_wanted(each, wish)]
    if wish.order_by != "created_at":
        found.sort(key=lambda each: (str(_order(each, wish.order_by)), each.number))
    if wish.sort == "desc":
        found.reverse()
    return paged(call, found, lambda each: merge_request(call.forge, call.repository, each))


def _order(found: PullRequest, by: str) -> object:
    return getattr(found, by) or found.created_at


def _is_wanted(found: PullRequest, wish: Filter) -> bool:
    wanted = {
        "state": wish.state in {"all", merge_requests.STATES[found.state]},
        "iids": wish.iids is None or found.number in wish.iids,
        "source_branch": wish.source_branch in {None, found.source_branch},
        "target_branch": wish.target_branch in {None, found.target_branch},
        "author_id": wish.author_id in {None, found.author.id},
        "author_username": wish.author_username in {None, found.author.login},
        "updated_after": wish.updated_after is None or found.updated_at >= wish.updated_after,
        "search": wish.search is None or wish.search.lower() in f"{found.title}\n{found.body}".lower(),
    }
    return all(wanted.values())


@router.post("")
@locked
def create(call: Visiting) -> Response:
    """Ask for a branch of this project to be merged."""
    actor, wish = call.require(Role.WRITE), call.given(NewMergeRequest)
    if wish.target_project_id not in {None, call.repository.id}:
        raise Refused(422, ["the sandbox has no forks"])
    _refuse_what_cannot_be(call, wish)
    title, draft = _read_title(wish.title)
    proposal = Proposal(title, wish.source_branch, wish.target_branch, wish.description or "", draft)
    try:
        found = pull_requests.open_pull_request(call.forge, call.repository, author=actor, proposal=proposal)
    except Invalid as refusal:
        raise Refused(400, {"base": [str(refusal)]}) from refusal
    found.squash = wish.squash
    _ask_for_review(call, found, wish.reviewer_ids)
    if found.body:
        found.body = obey(Writing(call.forge, call.repository, found, actor), found.body).text
    return answer(full_merge_request(call.forge, call.repository, found, call.account), 201)


def _refuse_what_cannot_be(call: ProjectCall, wish: NewMergeRequest) -> None:
    """GitLab's own reasons; it would make one that brings nothing, which the sandbox does not know."""
    same = (wish.source_branch, wish.target_branch)
    twin = next(
        (each for each in call.repository.pull_requests if each.is_open and _branches(each) == same),
        None,
    )
    if twin is not None:
        raise Refused(409, [f"Another open merge request already exists for this source branch: !{twin.number}"])
    if wish.source_branch == wish.target_branch:
        raise Refused(422, ["You can't use same project/branch for source and target"])
    for kind in ("source", "target"):
        name = getattr(wish, f"{kind}_branch")
        if git.branch(call.repository.path, name) is None:
            raise Refused(400, {f"{kind}_branch": ["does not exist"]})
    if not wish.title.strip():
        raise Refused(400, {"title": ["can't be blank"]})


def _branches(found: PullRequest) -> tuple[str, str]:
    return found.source_branch, found.target_branch


def _read_title(title: str) -> tuple[str, bool]:
    """A title without the mark of a draft, and whether it had one."""
    for mark in _DRAFT_MARKS:
        if title.lower().startswith(mark.lower().rstrip()):
            return title[len(mark.rstrip()) :].strip(), True
    return title, False


def _ask_for_review(call: ProjectCall, found: PullRequest, ids: Sequence[int] | None) -> None:
    if ids is not None:
        accounts = call.forge.store.accounts.values()
        found.reviewers[:] = [each for each in accounts if each.id in ids]


@router.get("/{number:int}")
@locked
def one(call: Visiting, number: int) -> Response:
    """A merge request; GitLab looks at it anew because someone asks."""
    found = merge_request_of(call, number)
    return answer(full_merge_request(call.forge, call.repository, found, call.account))


def merge_request_of(call: ProjectCall, number: int) -> PullRequest:
    """The merge request, as far as the forge has come with it. Raises `Refused` when there is none."""
    if call.request.method == "GET":
        call.forge.background.asked()
    thread = call.repository.threads.get(number)
    if not isinstance(thread, PullRequest):
        raise Refused(404, "404 Not found")
    return thread


@router.put("/{number:int}")
@locked
def change(call: Visiting, number: int) -> Response:
    """Change a merge request, close it or open it again."""
    found, wish = merge_request_of(call, number), call.given(ChangedMergeRequest)
    actor = call.require(Role.READ if call.account is found.author else Role.WRITE)
    if wish.target_branch and git.branch(call.repository.path, wish.target_branch) is None:
        raise Refused(400, {"validate_branches": [f"Target branch {wish.target_branch!r} does not exist"]})
    title, draft = (None, None) if wish.title is None else _read_title(wish.title)
    body = wish.description
    if body is not None:
        body = obey(Writing(call.forge, call.repository, found, actor), body).text
    is_open = None if wish.state_event is None else wish.state_event == "reopen"
    if wish.state_event == "reopen" and found.state is PullRequestState.MERGED:
        raise Refused(403, "403 Forbidden")
    edit = Edit(title, body, wish.target_branch, is_open=is_open, draft=draft)
    pull_requests.edit_pull_request(call.forge, call.repository, found, actor=actor, edit=edit)
    found.squash = found.squash if wish.squash is None else wish.squash
    _ask_for_review(call, found, wish.reviewer_ids)
    return answer(full_merge_request(call.forge, call.repository, found, call.account))


@router.put("/{number:int}/merge")
@locked
def land(call: Visiting, number: int) -> Response:
    """Merge a merge request, if its head is still the one meant."""
    found, wish = merge_request_of(call, number), call.given(Merge)
    actor = call.require(Role.READ)
    if wish.squash is not None:
        found.squash = wish.squash
    words = Landing("squash" if wish.squash else "merge", wish.merge_commit_message, wish.squash_commit_message)
    merging.merge(call.forge, call.repository, found, actor=actor, sha=wish.sha, landing=words)
    if wish.should_remove_source_branch:
        merging.delete_source_branch(call.forge, call.repository, found, actor=actor)
    return answer(full_merge_request(call.forge, call.repository, found, call.account))


@router.put("/{number:int}/rebase")
@locked
def rebase(call: Visiting, number: int) -> Response:
    """Put its commits on top of the target branch: a push in the name of whoever asks."""
    found, actor = merge_request_of(call, number), call.require(Role.WRITE)
    target = git.branch(call.repository.path, found.target_branch)
    if not found.is_open or target is None:
        raise Refused(403, "403 Forbidden - Cannot push to source branch")
    replayed = git.replay(call.repository.path, target, found.head_sha, committer=actor)
    if replayed is not None and replayed != found.head_sha:
        ref = f"refs/heads/{found.source_branch}"
        before = found.head_sha
        if git.move(call.repository.path, ref, replayed, before=before):
            record_moves(call.forge, call.repository, actor=actor, moves=[Move(ref, before, replayed)])
    return answer({"rebase_in_progress": True}, 202)


@router.get("/{number:int}/pipelines")
@locked
def pipelines(call: Visiting, number: int) -> Response:
    """Its own pipelines and those of its source branch, in GitLab's order."""
    found = pipelines_of(call.repository, merge_request_of(call, number))
    return paged(call, found, lambda each: listed_pipeline(call.forge, call.repository, each))


@router.post("/{number:int}/pipelines")
@locked
def new_pipeline(call: Visiting, number: int) -> Response:
    """Begin a pipeline of its own, however many it has."""
    actor, found = call.require(Role.WRITE), merge_request_of(call, number)
    made = create_pipeline(call.forge, call.runner, call.repository, actor=actor, wish=wish_of(call.forge, found))
    return answer(pipeline(call.forge, call.repository, made), 201)


@router.get("/{number:int}/commits")
@locked
def commits(call: Visiting, number: int) -> Response:
    """What it brings, newest first."""
    found = merge_requests.commits(call.repository, merge_request_of(call, number))
    return paged(call, found, lambda each: commit(call.forge, call.repository, each))


@router.get("/{number:int}/diffs")
@locked
def diffs(call: Visiting, number: int) -> Response:
    """What it changes, by file."""
    return paged(call, merge_requests.changes(call.repository, merge_request_of(call, number)), diff)


@router.get("/{number:int}/changes")
@locked
def changes(call: Visiting, number: int) -> Response:
    """A merge request with what it changes, as older programs ask for it."""
    found = merge_request_of(call, number)
    written = full_merge_request(call.forge, call.repository, found, call.account)
    held = [diff(each) for each in merge_requests.changes(call.repository, found)]
    return answer(written | {"changes": held, "overflow": False})


@router.get("/{number:int}/versions")
@locked
def versions(call: Visiting, number: int) -> Response:
    """Every version of its difference, newest first."""
    found = merge_request_of(call, number)
    return paged(call, found.versions[::-1], lambda each: version(call.repository, found, each))


@router.get("/{number:int}/versions/{version_id:int}")
@locked
def one_version(call: Visiting, number: int, version_id: int) -> Response:
    """One version with what it holds."""
    found = merge_request_of(call, number)
    each = next((each for each in found.versions if each.id == version_id), None)
    if each is None:
        raise missing("Version")
    return answer(full_version(call.forge, call.repository, found, each))
