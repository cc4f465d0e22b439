"""Puts commits where a push would have brought them: nothing that follows costs a process of git, or is about one."""

from collections.abc import Mapping

import pygit2
from pygit2.enums import FileMode

from registrar.sandbox.accounts import Account
from registrar.sandbox.forge import Forge
from registrar.sandbox.git import ABSENT, branch
from registrar.sandbox.pushes import Move, record_moves
from registrar.sandbox.store import Repository


def committed(
    repository: pygit2.Repository, files: Mapping[str, str | None], *, onto: str, message: str, by: pygit2.Signature
) -> str:
    """A commit of these files upon another commit, or upon nothing, on no branch yet; None takes a file away."""
    index = pygit2.Index()
    if onto:
        index.read_tree(repository[onto].peel(pygit2.Tree))
    for path, text in files.items():
        if text is None:
            index.remove(path)
        else:
            index.add(pygit2.IndexEntry(path, repository.create_blob(text.encode()), FileMode.BLOB))
    parents: list[str | pygit2.Oid] = [pygit2.Oid(hex=onto)] if onto else []
    return str(repository.create_commit(None, by, by, f"{message}\n", index.write_tree(repository), parents))


def arrived(
    forge: Forge,
    repository: Repository,
    files: Mapping[str, str],
    *,
    by: Account,
    onto: str = "main",
    message: str = "Start",
) -> str:
    """A commit of these files on a branch, made from main where it does not exist, which somebody has pushed."""
    before = branch(repository.path, onto) or ABSENT
    start = before if before != ABSENT else branch(repository.path, "main") or ""
    stored, signature = pygit2.Repository(str(repository.path)), pygit2.Signature(by.login, by.email)
    sha = committed(stored, files, onto=start, message=message, by=signature)
    stored.references.create(f"refs/heads/{onto}", sha, force=True)
    record_moves(forge, repository, actor=by, moves=[Move(f"refs/heads/{onto}", before, sha)])
    return sha
