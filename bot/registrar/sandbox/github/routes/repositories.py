"""Answers about a repository, its branches, its files, who may do what in it and who pushed what."""

import base64

from fastapi import APIRouter, Response

from registrar.sandbox import git
from registrar.sandbox.accounts import Role
from registrar.sandbox.calls import locked
from registrar.sandbox.github.commits import activity, commit_with_files
from registrar.sandbox.github.people import ROLE_NAMES, Json, collaborator
from registrar.sandbox.github.repositories import (
    branch_protection,
    branch_summary,
    full_repository,
    repository_api,
    short_branch,
)
from registrar.sandbox.github.requests import RepositoryCall, Visiting, address, answer, page_size, paged
from registrar.sandbox.refusals import NotFound
from registrar.sandbox.store import Push

router = APIRouter(prefix="/repos/{owner}/{repo}")
# What GitHub calls the two roles that its older word `permission` has no name for.
_PERMISSIONS = {Role.MAINTAIN: "write"}
_ACTIVITY_KINDS = {
    "push": "pushed",
    "force_push": "forced",
    "branch_creation": "created",
    "branch_deletion": "deleted",
    "pr_merge": "merged",
}


@router.get("")
@locked
def repository(call: Visiting) -> Response:
    """The repository."""
    role = call.forge.store.role_of(call.account, call.repository)
    return answer(full_repository(call.forge, call.repository, role))


@router.get("/branches")
@locked
def branches(call: Visiting) -> Response:
    """Every branch."""
    found = list(git.branches(call.repository.path).items())
    return paged(call, found, lambda each: short_branch(call.forge, call.repository, *each))


@router.get("/branches/{branch:path}/protection")
@locked
def protection(call: Visiting, branch: str) -> Response:
    """The protection of a branch, for admins."""
    call.require(Role.ADMIN, "Must have admin rights to Repository.")
    rule = call.repository.protections.get(branch)
    if rule is None:
        raise NotFound(f"the branch {branch} is not protected")
    return answer(branch_protection(call.forge, call.repository, branch, rule))


@router.get("/branches/{branch:path}")
@locked
def branch(call: Visiting, branch: str) -> Response:
    """A branch and its newest commit."""
    sha = git.branch(call.repository.path, branch)
    if sha is None:
        raise NotFound(f"there is no branch {branch}")
    forge, where = call.forge, call.repository
    url = repository_api(forge, where, f"/branches/{branch}")
    links = {"self": url, "html": f"{forge.url}/{where.full_name}/tree/{branch}"}
    tip = commit_with_files(forge, where, git.commit(where.path, sha))
    return answer({"name": branch, "commit": tip, "_links": links} | branch_summary(forge, where, branch))


@router.get("/contents/{path:path}")
@locked
def contents(call: Visiting, path: str, ref: str | None = None) -> Response:
    """A file at a commit."""
    sha = git.resolve(call.repository.path, ref or call.repository.default_branch)
    found = None if sha is None else git.read(call.repository.path, sha, path)
    if found is None:
        raise NotFound(f"there is no file {path} at {ref}")
    return answer(_file(call, path, ref or call.repository.default_branch, *found))


def _file(call: RepositoryCall, path: str, ref: str, blob: str, content: bytes) -> Json:
    url = repository_api(call.forge, call.repository, f"/contents/{path}?ref={ref}")
    git_url = repository_api(call.forge, call.repository, f"/git/blobs/{blob}")
    page = f"{call.forge.url}/{call.repository.full_name}"
    html_url = f"{page}/blob/{ref}/{path}"
    return {
        "type": "file",
        "encoding": "base64",
        "size": len(content),
        "name": path.rpartition("/")[2],
        "path": path,
        "content": base64.encodebytes(content).decode(),
        "sha": blob,
        "url": url,
        "git_url": git_url,
        "html_url": html_url,
        "download_url": f"{page}/raw/{ref}/{path}",
        "_links": {"git": git_url, "self": url, "html": html_url},
    }


@router.get("/activity")
@locked
def activities(call: Visiting) -> Response:
    """Who pushed what, newest first."""
    query = dict(call.request.query_params)
    found = [each for each in reversed(call.repository.pushes) if _is_wanted(each, query)]
    shown = found[: page_size(call)]
    more = {"Link": f'<{address(call, after=str(shown[-1].id))}>; rel="next"'} if len(found) > len(shown) else {}
    return answer([activity(call.forge, each) for each in shown], headers=more)


def _is_wanted(push: Push, query: dict[str, str]) -> bool:
    ref, actor, kind = query.get("ref"), query.get("actor"), query.get("activity_type")
    return (
        (ref is None or push.ref in {ref, f"refs/heads/{ref}"})
        and (actor is None or push.actor.login.lower() == actor.lower())
        and (kind is None or push.kind == _ACTIVITY_KINDS.get(kind))
        and (not query.get("after", "").isdecimal() or push.id < int(query["after"]))
    )


@router.get("/collaborators/{login}/permission")
@locked
def permission(call: Visiting, login: str) -> Response:
    """What the repository lets an account do."""
    call.require(Role.WRITE, "Must have push access to view collaborator permission.")
    account = call.forge.store.account(login)
    role = call.forge.store.role_of(account, call.repository)
    return answer(
        {
            "permission": _PERMISSIONS.get(role, ROLE_NAMES[role]),
            "role_name": ROLE_NAMES[role],
            "user": collaborator(call.forge, account, role),
        }
    )
