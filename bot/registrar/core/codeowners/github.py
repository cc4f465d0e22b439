"""Knows GitHub's CODEOWNERS language: how the file is found and read, and which line owns a path.

https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
"""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pathspec import PathSpec
from pathspec.patterns.gitignore import GitIgnorePatternError
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from registrar.core.codeowners import places, reading
from registrar.core.codeowners.ownership import Ownership
from registry_schema import Problem
from registry_schema.problems import first_of

_TOO_LARGE = 3_000_000  # "under 3 MB"; whether GitHub counts in thousands is not said, and a doubt owns nothing

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

    def owners_of(self, path: str) -> tuple[Ownership, ...]:
        """The last line that matches wins, also when it names nobody; none when no line matches."""
        for rule in reversed(self.rules):
            if rule.matches(path):
                return (Ownership(rule.owners, rule.line, self.file),)
        return ()

    def exclusions_of(self, path: str) -> tuple[Ownership, ...]:  # noqa: ARG002 -- the language has none
        """Nothing: GitHub has no sections that a path could be taken out of."""
        return ()


def find_codeowners(read: Callable[[str], bytes | None]) -> GitHubCodeowners | None:
    """The file GitHub would use, read from one commit; None when there is none.

    A second one elsewhere is a problem: nobody can tell which of them was meant.
    """
    found = reading.find(places.GITHUB, read)
    if found is None:
        return None
    codeowners = parse_codeowners(found.text, file=found.file)
    return replace(codeowners, problems=codeowners.problems + found.ignored)


def parse_codeowners(text: bytes, *, file: str) -> GitHubCodeowners:
    """Read a file; lines that GitHub cannot use are reported and left out, as GitHub leaves them out."""
    if len(text) >= _TOO_LARGE:
        problem = Problem(file, 0, "is 3 MB or larger, so GitHub ignores it", "use fewer patterns")
        return GitHubCodeowners(file, (), (problem,))
    try:
        lines = reading.lines_of(text.removeprefix(codecs.BOM_UTF8), file)
    except reading.Unreadable as unreadable:
        return GitHubCodeowners(file, (), (unreadable.problem,))
    parsed = [part for number, line in enumerate(lines, start=1) for part in _parsed(line, number, file)]
    rules = tuple(part for part in parsed if isinstance(part, Rule))
    problems = first_of(part for part in parsed if isinstance(part, Problem))
    return GitHubCodeowners(file, rules, problems if rules or problems else (reading.nothing_owned(file),))


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
