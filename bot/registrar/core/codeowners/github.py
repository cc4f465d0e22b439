"""Knows GitHub's CODEOWNERS language: how the file is found and read, and which line owns a path.

https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pathspec import PathSpec
from pathspec.patterns.gitignore import GitIgnorePatternError
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from registrar.core.codeowners import places
from registrar.core.codeowners.ownership import Ownership
from registry_schema import Problem

_TOO_LARGE = 3 * 1024 * 1024

_WORD = re.compile(r"(?:\\.|\S)+", re.ASCII)
_OWNER = re.compile(r"@[A-Za-z0-9][\w.-]*(?:/[\w.-]+)?|[^@\s]+@[^@\s]+", re.ASCII)
_END = "\0"  # no path holds one


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: a pattern and who owns what it matches."""

    pattern: str
    owners: tuple[str, ...]
    line: int
    matcher: PathSpec[GitIgnoreSpecPattern]

    def matches(self, path: str) -> bool:
        """Whether the line speaks of the path."""
        return self.matcher.match_file(path + _END if _stays_in_folder(self.pattern) else path)


@dataclass(frozen=True, slots=True)
class GitHubCodeowners:
    """A CODEOWNERS file: its rules in order, and what is wrong with it."""

    file: str
    rules: tuple[Rule, ...]
    problems: tuple[Problem, ...]

    def owners_of(self, path: str) -> Ownership | None:
        """The last line that matches wins, also when it names nobody; None when no line matches."""
        for rule in reversed(self.rules):
            if rule.matches(path):
                return Ownership(rule.owners, rule.line, self.file)
        return None


def find_codeowners(read: Callable[[str], bytes | None]) -> GitHubCodeowners | None:
    """The file GitHub would use, read from one commit; None when there is none.

    A second one elsewhere is a problem: nobody can tell which of them was meant.
    """
    found = [(place, text) for place in places.GITHUB if (text := read(place)) is not None]
    if not found:
        return None
    (place, text), *others = found
    codeowners = parse_codeowners(text, file=place)
    ignored = tuple(
        Problem(other, 0, f"is ignored, because {place} comes first", "keep one of them") for other, _ in others
    )
    return GitHubCodeowners(place, codeowners.rules, codeowners.problems + ignored)


def parse_codeowners(text: bytes, *, file: str) -> GitHubCodeowners:
    """Read a file; lines that GitHub cannot use are reported and left out, as GitHub leaves them out."""
    if len(text) >= _TOO_LARGE:
        return GitHubCodeowners(
            file, (), (Problem(file, 0, "is 3 MB or larger, so GitHub ignores it", "use fewer patterns"),)
        )
    try:
        lines = text.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        return GitHubCodeowners(file, (), (Problem(file, 0, "is not UTF-8", "save it as UTF-8"),))
    parsed = [part for number, line in enumerate(lines, start=1) for part in _parsed(line, number, file)]
    rules = tuple(part for part in parsed if isinstance(part, Rule))
    problems = tuple(part for part in parsed if isinstance(part, Problem))
    if not rules and not problems:
        problems = (Problem(file, 0, "names no owner of anything", "add a line such as: * @ana"),)
    return GitHubCodeowners(file, rules, problems)


def _parsed(line: str, number: int, file: str) -> Iterator[Rule | Problem]:
    words = _words(line)
    if not words:
        return
    pattern, *owners = words
    wrong = _unsupported(pattern) or next(
        (f"{owner!r} is no owner" for owner in owners if not _OWNER.fullmatch(owner)), ""
    )
    if wrong:
        yield Problem(file, number, f"{wrong}, so GitHub skips the line", "mend or delete it")
        return
    try:
        yield Rule(pattern, tuple(owners), number, _matcher(pattern))
    except GitIgnorePatternError:
        yield Problem(file, number, f"{pattern!r} is no pattern, so GitHub skips the line", "mend or delete it")


def _words(line: str) -> list[str]:
    """The words before a comment; a blank after a backslash belongs to its word."""
    words: list[str] = []
    for word in _WORD.findall(line):
        if word.startswith("#"):
            break
        words.append(word)
    return words


def _unsupported(pattern: str) -> str:
    if pattern.startswith("!"):
        return "a pattern cannot be negated with '!'"
    if pattern.startswith("\\#"):
        return "a pattern cannot begin with '\\#'"
    if re.search(r"(?<!\\)[\[\]]", pattern):
        return "a pattern cannot hold a range '[ ]'"
    if "***" in pattern:
        return "a pattern cannot hold '***'"
    return ""


def _matcher(pattern: str) -> PathSpec[GitIgnoreSpecPattern]:
    """Git's own rules, but for one: `docs/*` means the files in docs, not those in its folders."""
    return PathSpec([GitIgnoreSpecPattern(pattern + _END if _stays_in_folder(pattern) else pattern)])


def _stays_in_folder(pattern: str) -> bool:
    return pattern.endswith("/*")
