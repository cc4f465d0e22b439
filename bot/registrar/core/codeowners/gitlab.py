"""Knows GitLab's CODEOWNERS language: how the file is found and read, and which lines of its sections own a path.

https://docs.gitlab.com/user/project/codeowners/
"""

import codecs
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from registrar.core.codeowners import places, reading
from registrar.core.codeowners.gitlab_lines import Entry, Heading, parsed
from registrar.core.codeowners.ownership import Ownership
from registry_schema import Problem
from registry_schema.problems import first_of

_READ = 10 * 1024 * 1024  # GitLab's limit for showing a file, up to which it reads this one


@dataclass(frozen=True, slots=True)
class Section:
    """A section, all the headings of its name taken together."""

    name: str  # as its first heading spells it; empty: the lines before any
    entries: tuple[Entry, ...]

    @property
    def optional(self) -> bool:
        """Whether it asks nobody: only when each of its headings with a pattern below it says so."""
        return all(entry.heading.optional for entry in self.entries)

    def deciding(self, path: str) -> Entry | None:
        """The last line that matches the path, or any that excludes it: that cannot be undone in the section."""
        matching = [entry for entry in reversed(self.entries) if entry.glob.matches(f"/{path}")]
        return next((entry for entry in matching if entry.excludes), matching[0] if matching else None)


@dataclass(frozen=True, slots=True)
class GitLabCodeowners:
    """A CODEOWNERS file: its sections in order, and what is wrong with it."""

    file: str
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...]

    def owners_of(self, path: str) -> tuple[Ownership, ...]:
        """One rule of each section that speaks of the path: its last line that matches, unless another excludes it."""
        return tuple(rule for excluded, rule in self._deciding(path) if not excluded)

    def exclusions_of(self, path: str) -> tuple[Ownership, ...]:
        """The lines that take the path out of a section."""
        return tuple(rule for excluded, rule in self._deciding(path) if excluded)

    def _deciding(self, path: str) -> Iterator[tuple[bool, Ownership]]:
        for section in self.sections:
            entry = section.deciding(path)
            if entry is not None:
                count = entry.heading.count
                where = (entry.line, self.file, section.name, count, section.optional)
                yield entry.excludes, Ownership(entry.owners, *where, lapses=True)


def find_codeowners(read: Callable[[str], bytes | None]) -> GitLabCodeowners | None:
    """The file GitLab would use, read from one commit; None when there is none.

    A second one elsewhere is a problem: nobody can tell which of them was meant.
    """
    found = reading.find(places.GITLAB, read)
    if found is None:
        return None
    codeowners = parse_codeowners(found.text, file=found.file)
    return replace(codeowners, problems=codeowners.problems + found.ignored)


def parse_codeowners(text: bytes, *, file: str) -> GitLabCodeowners:
    """Read a file as GitLab does, and report what it would ignore, approve by itself or take for something else."""
    try:
        lines = _lines(text, file)
    except reading.Unreadable as unreadable:
        return GitLabCodeowners(file, (), (unreadable.problem,))
    entries, problems = _read(lines, file)
    sections, repeated = _sections(entries, file)
    if not entries and not problems:
        problems.append(reading.nothing_owned(file))
    return GitLabCodeowners(file, sections, first_of([*problems, *repeated]))


def _lines(text: bytes, file: str) -> list[str]:
    if len(text) > _READ:
        raise reading.Unreadable(
            Problem(file, 0, "is larger than 10 MB, of which GitLab reads no more", "use fewer patterns")
        )
    if b"\0" in text:
        raise reading.Unreadable(Problem(file, 0, "holds a NUL, so GitLab takes it for no text", "save it as text"))
    if text.startswith(codecs.BOM_UTF8):
        message = "begins with a byte order mark, which GitLab takes for a part of the first line"
        raise reading.Unreadable(Problem(file, 0, message, "save it as UTF-8 without one"))
    return reading.lines_of(text, file)


def _read(lines: Iterable[str], file: str) -> tuple[list[Entry], list[Problem]]:
    """The entries in order, each with the heading above it."""
    heading = Heading()
    names: dict[str, str] = {}
    entries: list[Entry] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        for part in parsed(line, number, file, heading):
            match part:
                case Heading():
                    heading = replace(part, name=names.setdefault(part.name.casefold(), part.name))
                case Entry():
                    entries.append(part)
                case Problem():
                    problems.append(part)
                case _:
                    assert_never(part)
    return entries, problems


def _sections(entries: Iterable[Entry], file: str) -> tuple[tuple[Section, ...], list[Problem]]:
    """The entries by section. A pattern written twice keeps its first place, as in GitLab, with what is said last."""
    sections: dict[str, dict[str, Entry]] = {}
    repeated: list[Problem] = []
    for entry in entries:
        section = sections.setdefault(entry.heading.name, {})
        if entry.pattern in section:
            repeated.append(_repeated(section[entry.pattern], entry, file))
        section[entry.pattern] = entry
    return tuple(Section(name, tuple(section.values())) for name, section in sections.items()), repeated


def _repeated(first: Entry, again: Entry, file: str) -> Problem:
    message = f"repeats the pattern of line {first.line}: GitLab takes the owners from here, but the place from there"
    return Problem(file, again.line, message, "keep one of them")
