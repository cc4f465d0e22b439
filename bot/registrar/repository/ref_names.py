"""Knows how the remote's refs are named: in full, or short as people call branches."""

import re
from typing import Final

import pygit2

from registrar.errors import UsageError

SHA: Final = re.compile(r"[0-9a-f]{40}")


def full_name(ref: str) -> str:
    """The ref that a short name means; a full commit id names itself, as no forge lets a branch be called so."""
    if SHA.fullmatch(ref):
        return ref
    if is_pattern(ref):
        return f"{_valid(ref[:-1])}*"
    return _valid(ref) if ref.startswith("refs/") else full_branch(ref)


def is_pattern(*refs: str) -> bool:
    """Whether each means every tag that begins so."""
    return all(ref.startswith("refs/tags/") and ref.endswith("*") for ref in refs)


def full_branch(branch: str) -> str:
    """The ref of a branch. Raises `UsageError` for what cannot be one."""
    return _valid(f"refs/heads/{branch}")


def _valid(ref: str) -> str:
    if "\0" in ref or not pygit2.reference_is_valid_name(ref):
        raise UsageError(
            f"{ref.removeprefix('refs/heads/')!r} cannot be the name of a branch; see git check-ref-format"
        )
    return ref
