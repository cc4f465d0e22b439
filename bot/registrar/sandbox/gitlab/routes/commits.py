"""Answers about commits, files and branches, and what is said about a commit."""

import base64
from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter, Response
from pydantic import BaseModel

from registrar.sandbox import git
from registrar.sandbox.accounts import Role
from registrar.sandbox.calls import locked
from registrar.sandbox.gitlab import statuses
from registrar.sandbox.gitlab.answers import answer, keyed, nothing, paged
from registrar.sandbox.gitlab.commits import branch, commit, commit_with_stats, diff, job_status, status
from registrar.sandbox.gitlab.merge_requests import merge_request
from registrar.sandbox.gitlab.people import Json
from registrar.sandbox.gitlab.refusals import Refused, missing
from registrar.sandbox.gitlab.requests import PROJECT, ProjectCall, Visiting
from registrar.sandbox.pipelines import Job
from registrar.sandbox.pushes import Move, record_moves
from registrar.sandbox.store import Status
from registrar.sandbox.threads import PullRequest

router = APIRouter(prefix=PROJECT)


class NewStatus(BaseModel):
    """What shall be said about a commit."""

    state: Literal["pending", "running", "success", "failed", "canceled", "skipped"]
    name: str | None = None
    context: str | None = None
    ref: str | None = None
    description: str | None = None
    target_url: str | None = None
    pipeline_id: int | None = None


class StatusFilter(BaseModel):
    """Which statuses of a commit are wanted."""

    ref: str | None = None
    name: str | None = None
    all: bool = False


class NewBranch(BaseModel):
    """What a branch shall be called, and where it begins."""

    branch: str
    ref: str


@router.post("/statuses/{sha}")
@locked
def say(call: Visiting, sha: str) -> Response:
    """Say something about a commit."""
    actor, wish = call.require(Role.WRITE), call.given(NewStatus)
    name = wish.name or wish.context or statuses.DEFAULT_NAME
    report = statuses.Report(wish.state, name, wish.ref, wish.description, wish.target_url, wish.pipeline_id)
    found = statuses.set_status(call.forge, call.repository, sha, actor=actor, report=report)
    return answer(status(call.forge, found), 201)


@router.get("/repository/commits/{ref:whole}/statuses")
@locked
def said(call: Visiting, ref: str) -> Response:
    """The newest status of each name on each branch; all of them if asked. Oldest first, jobs among them."""
    wish, sha = call.given(StatusFilter), _commit(call, ref).sha
    told = [each for each in call.repository.statuses if each.sha == sha]
    if not wish.all:
        told = list({(each.context, each.ref, each.pipeline): each for each in told}.values())
    jobs = [each for each in call.repository.ci.jobs if each.pipeline.sha == sha and (wish.all or not each.retried)]
    found: list[Status | Job] = [*told, *jobs]
    written = [_shown(call, each) for each in sorted(found, key=lambda each: each.id)]
    wanted = [
        each for each in written if wish.name in {None, str(each["name"])} and wish.ref in {None, str(each["ref"])}
    ]
    return paged(call, wanted, lambda each: each)


def _shown(call: ProjectCall, found: Status | Job) -> Json:
    return job_status(call.forge, found) if isinstance(found, Job) else status(call.forge, found)


@router.get("/repository/commits/{sha}/merge_requests")
@locked
def merge_requests(call: Visiting, sha: str) -> Response:
    """Those that brought a commit, or would."""
    found = _commit(call, sha).sha
    bringing = [each for each in call.repository.pull_requests if _brings(call, each, found)]
    return paged(call, bringing, lambda each: merge_request(call.forge, call.repository, each))


def _brings(call: ProjectCall, found: PullRequest, sha: str) -> bool:
    """Its own commits in any version, and what its merge made."""
    made = {found.squash_commit, found.merge_commit if found.landed_by == "merge" else None}
    own = (git.commits_between(call.repository.path, each.start_sha, each.head_sha) for each in found.versions)
    return sha in made or any(sha == each.sha for version in own for each in version)


@router.get("/repository/commits/{ref:whole}/diff")
@locked
def diffs(call: Visiting, ref: str) -> Response:
    """What a commit changed."""
    found = _commit(call, ref)
    before = found.parents[0] if found.parents else None
    return paged(call, git.changed_files(call.repository.path, before, found.sha), diff)


@router.get("/repository/commits/{ref:whole}")
@locked
def one(call: Visiting, ref: str) -> Response:
    """A commit."""
    return answer(commit_with_stats(call.forge, call.repository, _commit(call, ref)))


@router.get("/repository/commits")
@locked
def commits(call: Visiting, ref_name: str | None = None) -> Response:
    """The commits that lead to a branch, newest first; GitLab counts none of them."""
    tip = _commit(call, ref_name or call.repository.default_branch)
    found = git.commits_between(call.repository.path, None, tip.sha)[::-1]
    return paged(call, found, lambda each: commit(call.forge, call.repository, each), counted=False)


def _commit(call: ProjectCall, ref: str) -> git.Commit:
    sha = git.resolve(call.repository.path, ref)
    if sha is None:
        raise missing("Commit")
    return git.commit(call.repository.path, sha)


@router.get("/repository/branches")
@locked
def branches(call: Visiting, search: str = "") -> Response:
    """Every branch."""
    found = [(name, sha) for name, sha in git.branches(call.repository.path).items() if search in name]
    return keyed(call, found, lambda each: branch(call.forge, call.repository, *each))


@router.post("/repository/branches")
@locked
def new_branch(call: Visiting) -> Response:
    """Begin a branch where another is, or at a commit."""
    actor, wish = call.require(Role.WRITE), call.given(NewBranch)
    sha = git.resolve(call.repository.path, wish.ref)
    if sha is None:
        raise Refused(400, f"Invalid reference name: {wish.ref}")
    ref = f"refs/heads/{wish.branch}"
    if not git.move(call.repository.path, ref, sha, before=git.ABSENT):
        raise Refused(400, "Branch already exists")
    record_moves(call.forge, call.repository, actor=actor, moves=[Move(ref, git.ABSENT, sha)])
    return answer(branch(call.forge, call.repository, wish.branch, sha), 201)


@router.get("/repository/branches/{name:whole}")
@locked
def one_branch(call: Visiting, name: str) -> Response:
    """A branch."""
    return answer(branch(call.forge, call.repository, name, _tip(call, name)))


@router.delete("/repository/branches/{name:whole}")
@locked
def delete_branch(call: Visiting, name: str) -> Response:
    """Take a branch away, unless it is protected."""
    actor, sha = call.require(Role.WRITE), _tip(call, name)
    if name in call.repository.protections:
        raise Refused(403, "403 Forbidden - Protected branch")
    if git.move(call.repository.path, f"refs/heads/{name}", git.ABSENT, before=sha):
        record_moves(call.forge, call.repository, actor=actor, moves=[Move(f"refs/heads/{name}", sha, git.ABSENT)])
    return nothing()


def _tip(call: ProjectCall, name: str) -> str:
    sha = git.branch(call.repository.path, name)
    if sha is None:
        raise missing("Branch")
    return sha


@router.get("/repository/files/{path:whole}/raw")
@locked
def raw_file(call: Visiting, path: str, ref: str = "HEAD") -> Response:
    """The bytes of a file."""
    _, content, _ = _file(call, path, ref)
    return Response(content, media_type="text/plain")


@router.get("/repository/files/{path:whole}")
@locked
def file(call: Visiting, path: str, ref: str) -> Response:
    """A file at a commit."""
    blob, content, sha = _file(call, path, ref)
    return answer(
        {
            "file_name": path.rpartition("/")[2],
            "file_path": path,
            "size": len(content),
            "encoding": "base64",
            "content": base64.b64encode(content).decode(),
            "content_sha256": "",
            "ref": ref,
            "blob_id": blob,
            "commit_id": sha,
            "last_commit_id": sha,
            "execute_filemode": False,
        },
        headers={"X-Gitlab-File-Path": quote(path), "X-Gitlab-Ref": quote(ref)},
    )


def _file(call: ProjectCall, path: str, ref: str) -> tuple[str, bytes, str]:
    name = call.repository.default_branch if ref == "HEAD" else ref
    sha = git.resolve(call.repository.path, name)
    found = None if sha is None else git.read(call.repository.path, sha, path)
    if found is None or sha is None:
        raise missing("File" if sha else "Commit")
    return found[0], found[1], sha


@router.get("/repository/compare")
@locked
def compare(call: Visiting) -> Response:
    """What one commit has that another has not."""
    older, newer = (_commit(call, str(call.parameters.get(name, ""))) for name in ("from", "to"))
    path = call.repository.path
    brought = git.commits_between(path, older.sha, newer.sha)
    base = git.merge_base(path, older.sha, newer.sha)
    written = [commit(call.forge, call.repository, each) for each in brought]
    return answer(
        {
            "commit": written[-1] if written else None,
            "commits": written,
            "diffs": [diff(each) for each in git.changed_files(path, base, newer.sha)],
            "compare_timeout": False,
            "compare_same_ref": older.sha == newer.sha,
            "web_url": "",
        }
    )
