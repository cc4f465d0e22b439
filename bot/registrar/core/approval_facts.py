"""Knows what an approval is judged by."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from registrar.core.people import Permission, Person
from registrar.core.pull_requests import Contributors, Review
from registry_schema import Problem


@dataclass(frozen=True, slots=True)
class Owner:
    """A person who owns a path, and what the repository lets them do now."""

    person: Person
    permission: Permission
    word: str = ""  # what names them there: `@ana`, or a team, `@acme/ml-admins`


@dataclass(frozen=True, slots=True)
class Rule:
    """One line that must be satisfied for a path: so many of its owners must approve."""

    line: str  # `CODEOWNERS:3`
    owners: tuple[Owner, ...]  # teams and addresses already turned into people; none: the forge knows none of them
    section: str = ""  # of the file, where it has any
    count: int = 1
    lapses: bool = False  # the forge takes the rule for approved while it knows none of its owners

    @property
    def source(self) -> str:
        """`CODEOWNERS:3`, or `CODEOWNERS:3, section ML`."""
        return f"{self.line}, section {self.section}" if self.section else self.line

    def asks_as(self, other: "Rule") -> bool:
        """Whether it asks as many of the same people, whichever line says so."""
        mine, theirs = ({owner.person.id for owner in rule.owners} for rule in (self, other))
        return mine == theirs and (self.section, self.count) == (other.section, other.count)

    def is_owned_by(self, person: Person) -> bool:
        """Whether the rule names the account."""
        return any(owner.person.same_as(person) for owner in self.owners)


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """Everything that bears on who has approved what, as it is at one moment."""

    head_sha: str
    base_ref: str  # the branch it is to land on
    base_sha: str  # and its commit whose rules and owners decide
    requester: Person | None  # who asked; None: it cannot be shown, and then nothing is approved
    author: Person | None  # who opened the pull request; None: the account was deleted
    contributors: Contributors
    bot: Person
    owners: Mapping[str, tuple[Rule, ...]]  # by path, every rule that must hold, by the base
    unowned: Mapping[str, str]  # why nobody can approve a path: "CODEOWNERS:4 leaves it without owners"
    reviews: tuple[Review, ...]
    problems: tuple[Problem, ...] = ()  # of CODEOWNERS itself: while it is in doubt, nothing is approved
    merged_at: datetime | None = None  # reviews after the merge count for nothing
    owners_before: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    # by path, every rule by CODEOWNERS as it was when the branch left the base, where it asked something else
    fork: str | None = None  # where the branch left the base, if CODEOWNERS asked something else of a path there

    def rules_of(self, path: str) -> tuple[Rule, ...]:
        """Every rule that must hold before the path may change; none: nobody can tell who owns it."""
        return self.owners.get(path, ())

    def as_before(self) -> "ApprovalFacts":
        """The same, by the owners of when the branch left the base."""
        return replace(self, owners=self.owners_before, unowned={}, problems=(), owners_before={})

    def owners_of(self, path: str) -> tuple[Owner, ...]:
        """The owners of the path, each account once however many rules, lines and teams name it."""
        return each_once(owner for rule in self.rules_of(path) for owner in rule.owners)


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who can approve a path, and how many of them must."""

    path: str
    people: tuple[Person, ...]
    count: int
    permission: Permission
    section: str = ""  # for which section of CODEOWNERS, where several ask


def ask_alike(some: Sequence[Rule], others: Sequence[Rule]) -> bool:
    """Whether the rules ask as many of the same people."""
    return len(some) == len(others) and all(one.asks_as(other) for one, other in zip(some, others, strict=True))


def each_once(owners: Iterable[Owner]) -> tuple[Owner, ...]:
    """The owners, each account once."""
    return tuple({owner.person.id: owner for owner in owners}.values())
