"""Knows what an approval is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registrar.core.people import Permission, Person
from registrar.core.pull_requests import Contributors, Review
from registry_schema import Problem


@dataclass(frozen=True, slots=True)
class Owner:
    """A person who owns a path, the line that says so (`CODEOWNERS:3`), and what the repository lets them do now."""

    person: Person
    permission: Permission
    line: str


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """Everything that bears on who has approved what, as it is at one moment."""

    head_sha: str
    requester: Person | None  # who asked; None: it cannot be shown, and then nothing is approved
    author: Person | None  # who opened the pull request; None: the account was deleted
    contributors: Contributors
    bot: Person
    owners: Mapping[str, tuple[Owner, ...]]  # by path, teams and addresses already turned into people, by the base
    unowned: Mapping[str, str]  # why a path has no owner: "CODEOWNERS:4 leaves it without owners"
    reviews: tuple[Review, ...]
    problems: tuple[Problem, ...] = ()  # of CODEOWNERS itself: while it is in doubt, nothing is approved
    merged_at: datetime | None = None  # reviews after the merge count for nothing

    def owners_of(self, path: str) -> tuple[Owner, ...]:
        """The owners of the path, each account once however many lines and teams name it."""
        return tuple({owner.person.id: owner for owner in self.owners.get(path, ())}.values())


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who can approve a path, and how many of them must."""

    path: str
    people: tuple[Person, ...]
    count: int
    permission: Permission
