"""Knows what it means to own a path, in whichever language a forge writes it down."""

from dataclasses import dataclass
from typing import Protocol

from registrar.core.wording import every
from registry_schema import Problem


@dataclass(frozen=True, slots=True)
class Ownership:
    """One rule about a path: who owns it, as written (`@ana`, `@acme/ml`, `ana@example.com`), and which line says so.

    No owners: the line takes the path away from everyone.
    """

    owners: tuple[str, ...]
    line: int
    file: str
    section: str = ""  # of the file, on GitLab; empty: the lines before any section, and all of GitHub's
    count: int = 1  # how many of the owners must approve
    optional: bool = False  # the section asks nobody to approve
    lapses: bool = False  # the forge takes the rule for approved when it knows none of the owners, as GitLab does

    @property
    def source(self) -> str:
        """`CODEOWNERS:3`."""
        return f"{self.file}:{self.line}"


class Codeowners(Protocol):
    """A file that says who owns which path, and what is wrong with it."""

    @property
    def file(self) -> str:
        """Where it stands."""
        ...

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the forge cannot use, or would not use as it was meant."""
        ...

    def owners_of(self, path: str) -> tuple[Ownership, ...]:
        """Every rule about the path: on GitHub at most one, on GitLab one for each section that speaks of it."""
        ...

    def exclusions_of(self, path: str) -> tuple[Ownership, ...]:
        """The lines that take the path out of a section, as only GitLab's language can; they name no owners."""
        ...


def required_of(codeowners: Codeowners, path: str) -> tuple[Ownership, ...]:
    """Every rule about the path that must be satisfied; an optional section is none, whoever it names."""
    return tuple(ownership for ownership in codeowners.owners_of(path) if not ownership.optional)


def asked_of(codeowners: Codeowners | None, path: str) -> tuple[tuple[frozenset[str], str, int], ...]:
    """What the file asks of a path, whichever lines say so: of each rule whom it names, its section, and how many."""
    rules = required_of(codeowners, path) if codeowners is not None else ()
    return tuple((frozenset(rule.owners), rule.section, rule.count) for rule in rules)


def why_unowned(codeowners: Codeowners, path: str) -> str | None:
    """Why nobody can approve a change of the path, as far as the file tells; None when every rule names somebody."""
    required = required_of(codeowners, path)
    bare = next((ownership for ownership in required if not ownership.owners), None)
    if bare is not None:
        lapse = ", and the forge approves such a rule by itself" if bare.lapses else ""
        return f"{bare.source} leaves it without owners{lapse}; name them there"
    if required:
        return None
    return _why_not_required(codeowners, path)


def _why_not_required(codeowners: Codeowners, path: str) -> str:
    if optional := codeowners.owners_of(path):
        where = every([f"{ownership.section} ({ownership.source})" for ownership in optional])
        sections = "section" if len(optional) == 1 else "sections"
        return f"{path} is owned only by the optional {sections} {where}; name its owners in a section that is required"
    if excluded := codeowners.exclusions_of(path):
        where = every([ownership.source for ownership in excluded])
        return f"{where} excludes {path}, and no other line owns it; name its owners in another section"
    return f"no line of {codeowners.file} matches it; add one that names its owners"
