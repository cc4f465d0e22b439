"""Knows what a raw diff of two commits says about each file."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

_ABSENT = "000000"


class ChangeKind(StrEnum):
    """What happened to a file. A rename is one file deleted and one added."""

    ADDED = "A"
    DELETED = "D"
    MODIFIED = "M"
    TYPE_CHANGED = "T"  # a file became a symlink, a submodule ...


class ChangedFile(NamedTuple):
    """One path that differs between two commits; modes are git's own octal words, `100644`."""

    kind: ChangeKind
    path: str
    old_mode: str | None  # None: the file was not there
    new_mode: str | None  # None: the file is gone
    old_blob: str | None
    new_blob: str | None


_KINDS = {kind.value: kind for kind in ChangeKind}


def parsed_raw_diff(output: bytes) -> Iterator[ChangedFile]:
    """Every record of `git diff-tree -r --raw -z --no-abbrev --no-renames`."""
    fields = iter(output.split(b"\0")[:-1])
    return (changed_file(head, path) for head, path in zip(fields, fields, strict=True))


def changed_file(head: bytes, path: bytes) -> ChangedFile:
    """What one record of a raw diff says: of its modes, blobs and kind, and of its path."""
    old_mode, new_mode, old_blob, new_blob, kind = head[1:].decode("ascii").split(" ")
    was_there, is_there = old_mode != _ABSENT, new_mode != _ABSENT
    return ChangedFile(
        _KINDS[kind[0]],
        path.decode("utf-8", "surrogateescape"),
        old_mode if was_there else None,
        new_mode if is_there else None,
        old_blob if was_there else None,
        new_blob if is_there else None,
    )
