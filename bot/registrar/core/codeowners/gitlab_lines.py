"""Knows what one line of GitLab's CODEOWNERS is: the heading of a section, or a pattern with its owners.

https://docs.gitlab.com/user/project/codeowners/reference/ and its page advanced; what they leave open is as in
GitLab 18.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from registrar.core.codeowners.globs import Glob, glob
from registry_schema import Problem

_BLANKS = " \t\n\v\f\r\0"
_HEADING = re.compile(
    r"(?P<optional>\^)?\[(?P<name>.*?)\](?:\[(?P<count>[\s\d]*)\])?(?P<owners>\s*[@\w.\-/\s]*)(?P<rest>.*)", re.ASCII
)
_HEADING_LIKE = re.compile(r"\^?\[")
_DEFAULTS = re.compile(r"\s.*|", re.ASCII | re.DOTALL)
_BLANK = re.compile(r"(?<!\\)\s+", re.ASCII)
_WORD = re.compile(r"\S+", re.ASCII)
_NAME = r"[A-Za-z0-9_.](?:[\w.-]*[\w-])?"
_OWNER = re.compile(rf"@{_NAME}(?:/{_NAME})*|@@(?i:developer|maintainer|owner)(?i:s)?|\w[^@\s]*@[^@\s]*\w", re.ASCII)
_UNNAMED = "codeowners"  # what GitLab calls the lines before any section


@dataclass(frozen=True, slots=True)
class Heading:
    """The beginning of a section: what holds for the patterns below it, until the next."""

    name: str = ""
    optional: bool = False
    count: int = 1
    owners: tuple[str, ...] = ()  # of the patterns that name none


@dataclass(frozen=True, slots=True)
class Entry:
    """A pattern, who owns what it matches, and the heading above it; or that its section has nothing to say there."""

    pattern: str  # written out: from the root, and down to files
    owners: tuple[str, ...]
    line: int
    heading: Heading
    excludes: bool
    glob: Glob = field(repr=False)


def parsed(line: str, number: int, file: str, above: Heading) -> Iterator[Heading | Entry | Problem]:
    """Read a line below a heading, the problems beside what GitLab makes of it; nothing for a comment."""
    line = line.strip(_BLANKS)
    if not line.strip() or line.startswith("#"):
        return
    problem = partial(Problem, file, number)
    if heading := _HEADING.fullmatch(line):
        yield from _heading(heading, problem)
    elif _HEADING_LIKE.match(line):
        message = "is a heading that GitLab cannot read, so what follows belongs to the section before it"
        yield problem(message, "close its bracket")
    else:
        yield from _entry(line, number, above, problem)


def _heading(found: re.Match[str], problem: "partial[Problem]") -> Iterator[Heading | Problem]:
    name, optional, digits = found["name"], found["optional"] is not None, found["count"]
    count = _number(digits)
    owners = tuple(_WORD.findall(found["owners"]))
    yield Heading("" if name.casefold() == _UNNAMED else name, optional, max(count, 1), _valid(owners))
    if not name.strip():
        yield problem("is a section without a name", "name it")
    if name.casefold() == _UNNAMED:
        yield problem(f"[{name}] is what GitLab calls the lines before any section", "give the section another name")
    if digits is not None and not (count and digits.isdecimal()):
        message = f"[{digits}] is no number of approvals, so GitLab reads {max(count, 1)}"
        yield problem(message, "write [2], or no number")
    if optional and count:
        yield problem("an optional section asks for no approval, so GitLab ignores its number", "delete the number")
    if found["rest"] or not _DEFAULTS.fullmatch(found["owners"]):
        yield problem("has words behind the heading that GitLab cannot read", "leave a blank, then write @names alone")
    yield from (problem(*_malformed(word)) for word in owners if not _OWNER.fullmatch(word))


def _number(digits: str | None) -> int:
    """The first number in the brackets, as GitLab reads it: `[1 0]` is 1, and none is 0."""
    words = (digits or "").split()
    return int(words[0][:9]) if words else 0


def _entry(line: str, number: int, above: Heading, problem: "partial[Problem]") -> Iterator[Entry | Problem]:
    first, *rest = _BLANK.split(line, maxsplit=1)
    excludes, pattern = first.startswith("!"), first.removeprefix("!")
    words = tuple(word for part in rest for word in _WORD.findall(part))
    owners = _valid(words or above.owners)
    readied = glob(_written_out(pattern))
    yield Entry(_written_out(pattern), () if excludes else owners, number, above, excludes, readied)
    if not readied.can_match:
        yield problem(f"{pattern!r} holds a '[' that nothing closes, so it matches nothing", "close it, or write \\[")
    if excludes:
        yield from _of_exclusion(pattern, words, problem)
        return
    yield from (problem(*_malformed(word)) for word in words if not _OWNER.fullmatch(word))
    if not words and not above.owners:
        message = "names no owner, so GitLab approves by itself what it matches"
        yield problem(message, "name its owners, or write !pattern where none are wanted")


def _of_exclusion(pattern: str, words: tuple[str, ...], problem: "partial[Problem]") -> Iterator[Problem]:
    if not pattern:
        yield problem("excludes everything, because no pattern follows the '!'", "write !pattern without a blank")
    if words and not words[0].startswith("#"):
        yield problem("names owners of what it excludes, and GitLab ignores them", "delete them, or the '!'")


def _malformed(word: str) -> tuple[str, str]:
    if word.startswith("#"):
        message = f"{word!r} begins no comment: behind a pattern GitLab takes every @name for an owner"
        return message, "give the comment a line of its own"
    return f"{word!r} is no owner, so GitLab ignores it", "write @user, @group/subgroup, @@role or an address"


def _valid(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if _OWNER.fullmatch(word))


def _written_out(pattern: str) -> str:
    """The pattern from the root, and down to files: `docs/` is `/**/docs/**/*`, but `docs` is only `/**/docs`."""
    if pattern.startswith("\\#"):
        pattern = pattern[1:]
    pattern = re.sub(r"\\\s+", " ", pattern, flags=re.ASCII)
    anchored = pattern if pattern.startswith("/") else f"/**/{pattern}"
    return f"{anchored}**/*" if anchored.endswith("/") else anchored
