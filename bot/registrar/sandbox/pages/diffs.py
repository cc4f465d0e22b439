"""Knows how a patch is read by a person: numbered lines, and within a changed line what changed."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from registrar.sandbox import git
from registrar.sandbox.store import Repository
from registrar.sandbox.threads import PullRequest

LONGEST = 1000  # lines of one file that are shown
_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a diff; `changed` is the part of it that its counterpart has not."""

    kind: str  # hunk, same, added, removed
    text: str
    old: int | None = None
    new: int | None = None
    changed: tuple[str, str, str] | None = None  # what is before it, the part itself, what is after it


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One file that differs."""

    file: git.ChangedFile
    lines: tuple[Line, ...]
    is_cut: bool

    @property
    def title(self) -> str:
        """Its path, or both of a renamed file."""
        file = self.file
        return file.path if file.old_path == file.path else f"{file.old_path} → {file.path}"

    @property
    def anchor(self) -> str:
        """Where it stands on a page."""
        return f"diff-{hashlib.sha256(self.file.path.encode()).hexdigest()[:16]}"


def pull_request_diff(repository: Repository, pull_request: PullRequest) -> tuple[FileDiff, ...]:
    """What the pull request changes, seen from where it left its target branch."""
    base = git.merge_base(repository.path, pull_request.base_sha, pull_request.head_sha)
    return diff(repository, base, pull_request.head_sha)


def diff(repository: Repository, before: str | None, after: str) -> tuple[FileDiff, ...]:
    """What differs from one commit to another."""
    return tuple(_file(changed) for changed in git.changed_files(repository.path, before, after))


def _file(changed: git.ChangedFile) -> FileDiff:
    lines = changed.patch.split("\n") if changed.patch else []
    return FileDiff(changed, tuple(_compared(list(_numbered(lines[:LONGEST])))), len(lines) > LONGEST)


def _numbered(lines: Sequence[str]) -> Iterator[Line]:
    old = new = 0
    for line in lines:
        mark, text = line[:1], line[1:]
        if hunk := _HUNK.match(line):
            old, new = int(hunk[1]), int(hunk[2])
            yield Line("hunk", line)
        elif mark == "+":
            yield Line("added", text, new=new)
            new += 1
        elif mark == "-":
            yield Line("removed", text, old=old)
            old += 1
        elif mark == "\\":
            yield Line("hunk", line)
        else:
            yield Line("same", text, old=old, new=new)
            old, new = old + 1, new + 1


def _compared(lines: Sequence[Line]) -> Iterator[Line]:
    """Where lines are added in place of others, each is held against its counterpart."""
    position = 0
    while position < len(lines):
        removed = _run(lines, position, "removed")
        added = _run(lines, position + len(removed), "added")
        pairs = [_pair(old, new) for old, new in zip(removed, added, strict=False)]
        yield from [old for old, _ in pairs] + removed[len(pairs) :]
        yield from [new for _, new in pairs] + added[len(pairs) :]
        if not removed and not added:
            yield lines[position]
        position += len(removed + added) or 1


def _run(lines: Sequence[Line], position: int, kind: str) -> list[Line]:
    found: list[Line] = []
    while position + len(found) < len(lines) and lines[position + len(found)].kind == kind:
        found.append(lines[position + len(found)])
    return found


def _pair(old: Line, new: Line) -> tuple[Line, Line]:
    start = _common(old.text, new.text)
    end = _common(old.text[start:][::-1], new.text[start:][::-1])
    if 2 * (start + end) < max(len(old.text), len(new.text)):  # they have little in common
        return old, new
    return _marked(old, start, end), _marked(new, start, end)


def _common(left: str, right: str) -> int:
    """How many letters are the same from the start."""
    pairs = zip(left, right, strict=False)
    return next((index for index, (one, other) in enumerate(pairs) if one != other), min(len(left), len(right)))


def _marked(line: Line, start: int, end: int) -> Line:
    stop = len(line.text) - end
    return Line(
        line.kind, line.text, line.old, line.new, changed=(line.text[:start], line.text[start:stop], line.text[stop:])
    )
