"""Answers about what is wrong with CODEOWNERS, as far as names can be wrong.

https://docs.github.com/rest/repos/repos#list-codeowners-errors
"""

from collections.abc import Iterator

from fastapi import APIRouter, Response

from registrar.sandbox import git
from registrar.sandbox.accounts import Role
from registrar.sandbox.calls import locked
from registrar.sandbox.github.people import Json
from registrar.sandbox.github.requests import RepositoryCall, Visiting, answer
from registrar.sandbox.refusals import NotFound

router = APIRouter(prefix="/repos/{owner}/{repo}")
_PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")


@router.get("/codeowners/errors")
@locked
def errors(call: Visiting, ref: str | None = None) -> Response:
    """Every name that GitHub cannot use, at a branch, a tag or a commit."""
    sha = git.resolve(call.repository.path, ref or call.repository.default_branch)
    for path in _PLACES:
        found = None if sha is None else git.read(call.repository.path, sha, path)
        if found is not None:
            return answer({"errors": list(_errors(call, path, found[1].decode(errors="replace")))})
    raise NotFound("there is no CODEOWNERS")


def _errors(call: RepositoryCall, path: str, text: str) -> Iterator[Json]:
    for number, line in enumerate(text.splitlines(), start=1):
        for word in line.partition("#")[0].split()[1:]:
            kind = _wrong(call, word)
            if kind:
                column = line.index(word) + 1
                message = f"{kind} on line {number}:\n\n  {line}\n{' ' * (column + 1)}^"
                where: Json = {"line": number, "column": column, "path": path}
                yield where | {"source": line, "kind": kind, "message": message, "suggestion": _mend(kind, word)}


def _wrong(call: RepositoryCall, word: str) -> str:
    store = call.forge.store
    if "@" not in word:
        return "Invalid owner"
    if not word.startswith("@"):
        return ""
    try:
        if "/" in word:
            role = call.repository.team_roles.get(store.team(word[1:]), Role.NONE)
        else:
            role = store.role_of(store.account(word[1:]), call.repository)
    except NotFound:
        return "Unknown owner"
    return "" if role >= Role.WRITE else "Unknown owner"


def _mend(kind: str, word: str) -> str | None:
    return f"make sure {word} exists and has write access to the repository" if kind == "Unknown owner" else None
