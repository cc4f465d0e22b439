"""Knows what a commit stands for, also one that git stores and libgit2 refuses, as for a time that no calendar has."""

from collections.abc import Iterator

import pygit2

from registrar.errors import Unknown


def is_commit(objects: pygit2.Repository, sha: str) -> bool:
    """Whether it is a commit that is here: a tag can be put on anything."""
    return sha in objects.odb and objects.odb.read_header(sha)[0] == pygit2.enums.ObjectType.COMMIT


def tree_of(objects: pygit2.Repository, sha: str) -> pygit2.Tree:
    """Everything at a commit, or at a tree. Raises `Unknown` for what is neither, as a tag or a ledger may name."""
    try:
        return objects[sha].peel(pygit2.Tree)
    except (pygit2.GitError, ValueError) as error:
        named = next(_named(objects, sha, b"tree"), None)
        if named is None:
            raise Unknown(f"{sha} is no commit") from error
        return objects[named].peel(pygit2.Tree)


def first_parent_of(objects: pygit2.Repository, sha: str) -> str | None:
    """The commit that this one was put upon; None for the first of all, and for what is no commit."""
    try:
        return next(map(str, objects[sha].peel(pygit2.Commit).parent_ids), None)
    except (pygit2.GitError, ValueError):
        return next(_named(objects, sha, b"parent"), None)


def _named(objects: pygit2.Repository, sha: str, role: bytes) -> Iterator[str]:
    """The objects that a commit names in a role."""
    kind, text = objects.read(sha)
    if kind == pygit2.enums.ObjectType.COMMIT:
        words = (line.split(b" ") for line in text.partition(b"\n\n")[0].split(b"\n"))
        yield from (found[1].decode("ascii", "replace") for found in words if found[0] == role and found[1:])
