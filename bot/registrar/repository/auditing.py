"""Knows how the history of a base branch streams out of one git process: each step with what changed and its note.

No step is kept: a history of any length needs no more memory than its largest step. Nothing in a commit or a note can
pass for another one, for git prints a NUL after each part and none inside.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain, repeat
from typing import NamedTuple

from registrar.repository.changed_files import ChangedFile, changed_file
from registrar.repository.git import GitRepository
from registrar.repository.processes import GitFailed, stream_git

LEDGER_REF = "refs/notes/registrar"
LARGEST_PART = 1024 * 1024  # of a note or a message; what is larger is cut, and known to be

_FIELDS = ("%H", "%P", "%ct", "%an", "%B")
_NOTE = "%N"
_SHA = 40  # characters
_ORDINARY = 11  # digits of a time: all of them are one, up to the year 5138
_BEGINNING = datetime.fromtimestamp(0, UTC)


class Step(NamedTuple):
    """One step of the base branch: what landed at once, as a commit of its own or as a merge."""

    sha: str
    parents: tuple[str, ...]
    note: bytes  # empty: there is none
    is_cut: bool  # the note is larger than any of the ledger, and not all of it is here
    diff: tuple[bytes, ...]  # against the first parent, as git prints it
    seconds: bytes
    wrote: bytes
    said: bytes

    @property
    def committed_at(self) -> datetime:
        """When, by the clock of whoever committed it; the beginning of all time where it tells none."""
        return _moment(self.seconds) or _BEGINNING

    @property
    def tells_its_time(self) -> bool:
        """Whether it has a time that a calendar knows: git stores anything as one."""
        is_ordinary = len(self.seconds) <= _ORDINARY and self.seconds.isdigit()
        return is_ordinary or _moment(self.seconds) is not None

    @property
    def author(self) -> str:
        """Who wrote it, in git's words."""
        return self.wrote.decode("utf-8", "replace")

    @property
    def message(self) -> str:
        """What its author said of it."""
        return self.said.decode("utf-8", "replace")

    def changes(self, *, wanted: Callable[[bytes], bool] = bool) -> Iterator[ChangedFile]:
        """Every file that the step changed, or those at a path that is wanted."""
        records = zip(self.diff[::2], self.diff[1::2], strict=True)
        return (changed_file(head, path) for head, path in records if wanted(path))

    @property
    def paths(self) -> tuple[bytes, ...]:
        """The paths that it changed."""
        return self.diff[1::2]


def steps(repository: GitRepository, tip: str, *paths: str, oldest_first: bool = False) -> Iterator[Step]:
    """Every step that led to a commit, newest first; with paths, those that changed one of them. Raises `GitFailed`.

    Where the ledger is none, as a ref that names no commit, no step has a note.
    """
    walk = ["log", "--first-parent", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-mailmap", "--no-decorate"]
    walk += ["--reverse"] if oldest_first else []
    has_notes = ledger_tip(repository) is not None
    notes = ["--no-notes", f"--notes={LEDGER_REF}"] if has_notes else ["--no-notes"]
    form = "--format=tformat:%x00" + "%x00".join((*_FIELDS, _NOTE if has_notes else ""))
    chosen = ["--", *paths] if paths else ["--"]
    here = f"--git-dir={repository.directory}"
    chunks = stream_git(repository.directory, here, *walk, *notes, form, "--end-of-options", tip, *chosen)
    return _steps(chain(parts_of(chunks), repeat(b"")).__next__)


def ledger_tip(repository: GitRepository) -> str | None:
    """The newest commit of the ledger; None where the clone has not fetched it, or the ref itself names no commit."""
    try:
        told = repository.run("for-each-ref", "--format=%(objecttype) %(refname) %(objectname)", LEDGER_REF).decode()
    except GitFailed:
        return None
    kind, _, sha = told.strip().rpartition(" ")
    return sha if kind == f"commit {LEDGER_REF}" else None


def parts_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What stands between NULs; the end of what is larger than a step may have is left out."""
    return chain.from_iterable(_cut(chunks))


def _cut(chunks: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = b""
    for chunk in chunks:
        whole = chunk.split(b"\0")
        whole[0] = (rest + whole[0])[: LARGEST_PART + 1]
        rest = whole.pop()
        yield whole
    yield [rest]


def _steps(part: Callable[[], bytes]) -> Iterator[Step]:
    """Of parts without an end: after the last of them nothing follows but empty ones."""
    part()  # the NUL before the first
    sha = part()
    while len(sha) == _SHA:
        parents, seconds, author, message, note = part(), part(), part(), part(), part()
        diff: list[bytes] = []
        record = part().lstrip(b"\n")
        while record.startswith(b":"):
            diff += (record, part())
            record = part()
        above = tuple(parents.decode().split())
        yield Step(sha.decode(), above, note, len(note) > LARGEST_PART, tuple(diff), seconds, author, message)
        sha = part()


def _moment(seconds: bytes) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None
