"""Knows what a commit stands for, also one that git stores and libgit2 refuses, as for a time that no calendar has."""

from collections.abc import Iterator

import pygit2


def tree_of(objects: pygit2.Repository, sha: str) -> pygit2.Tree:
    """Everything at a commit, or at a tree."""
    try:
        return objects[sha].peel(pygit2.Tree)
    except pygit2.GitError:
        named = next(_named(objects, sha, b"tree"), None)
        if named is None:
            raise
        return objects[named].peel(pygit2.Tree)


def first_parent_of(objects: pygit2.Repository, sha: str) -> str | None:
    """The commit that this one was put upon; None for the first of all."""
    try:
        return next(map(str, objects[sha].peel(pygit2.Commit).parent_ids), None)
    except pygit2.GitError:
        return next(_named(objects, sha, b"parent"), None)


def _named(objects: pygit2.Repository, sha: str, role: bytes) -> Iterator[str]:
    """The objects that a commit names in a role."""
    kind, text = objects.read(sha)
    if kind == pygit2.enums.ObjectType.COMMIT:
        words = (line.split(b" ") for line in text.partition(b"\n\n")[0].split(b"\n"))
        yield from (found[1].decode("ascii", "replace") for found in words if found[0] == role and found[1:])
