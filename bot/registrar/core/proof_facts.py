"""Knows what a proof rests on, and what it finds: plain values, read from git alone."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

from registrar.core.codeowners.ownership import Codeowners
from registrar.core.evaluation_facts import ModelChange
from registrar.core.immutability import FileChange
from registrar.core.ledger import Entry, Merged
from registrar.core.lifecycle import Transition
from registry_schema import Problem, Registry

TAKE_BACK = "take it back by a pull request that its owners approve"
_PLACES: Mapping[Literal["github", "gitlab"], str] = {"github": r"/pull/\d+", "gitlab": r"/-/merge_requests/\d+"}


class Grade(StrEnum):
    """How much a finding weighs."""

    BREACH = "breach"
    RESOLVED = "resolved"  # a change that nobody approved, and that has been taken back since
    GLASS = "broken glass"  # allowed by the rules, and to be known


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be, or that whoever reads a proof must know."""

    grade: Grade
    commit: str  # of the base, or of the ledger
    what: str
    why: str
    mend: str

    def resolved_by(self, commit: str) -> "Finding":
        """The same, once what it is about was taken back."""
        return replace(self, grade=Grade.RESOLVED, why=f"{self.why}; {commit[:7]} took it back")


@dataclass(frozen=True, slots=True)
class Landed:
    """What one change brought to the base, as git tells it: a commit, or the commits of one request in a row."""

    commit: str
    before: str
    registry: Registry | None  # at `before`; None: it holds none that can be read
    codeowners: Codeowners | None  # at `before`; None: it holds none
    fork: str | None = None  # where its branch left the base, as its entry says and git does not deny
    codeowners_before: Codeowners | None = None  # at `fork`
    models: tuple[ModelChange, ...] = ()
    files: tuple[FileChange, ...] = ()
    content: Mapping[str, str | None] = field(default_factory=dict)
    # the blob of every guarded file that changed or that its entry names; None: there is none
    problems: tuple[Problem, ...] = ()  # of the files that changed
    held_before: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)  # by earlier, approved changes
    entered: Mapping[tuple[str, str], datetime] = field(default_factory=dict)  # since when a version holds its status
    restored: Mapping[str, str] = field(default_factory=dict)  # by path, the change nobody approved that it takes back

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """Every change of status."""
        rules = self.registry
        return tuple(move for change in self.models for move in change.transitions(rules)) if rules else ()

    @property
    def registrations(self) -> tuple[tuple[str, str], ...]:
        """Every version that it added."""
        return tuple((change.name, version) for change in self.models for version in change.registered)


def breach(commit: str, what: str, why: str, mend: str) -> Finding:
    """Something that is not as it must be."""
    return Finding(Grade.BREACH, commit, what, why, mend)


def forge_of(url: str) -> Literal["github", "gitlab"] | None:
    """Which forge's request stands at an address; None when it is no request."""
    return next((forge for forge, end in _PLACES.items() if re.search(f"{end}$", url)), None)


def called(entry: Merged) -> str:
    """How its forge calls the request."""
    return f"merge request !{entry.number}" if forge_of(entry.url) == "gitlab" else f"pull request #{entry.number}"


def told_of(entries: Iterable[Entry], commit: str) -> Merged | None:
    """What the ledger says of the merge that made the commit; the one that let it pass, when several are told of."""
    merges = [entry for entry in entries if isinstance(entry, Merged)]
    return min(merges, key=lambda entry: (entry.commit != commit, entry.ruling == "refused"), default=None)
