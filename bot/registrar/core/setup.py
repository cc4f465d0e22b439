"""What is found about a set-up, and what would be changed in it: values that a person reads and a forge carries out."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from registrar.core.people import Permission, Person
from registrar.core.setup_changes import Change


class Standing(StrEnum):
    """How one thing that was looked at stands."""

    OK = "ok"
    PROBLEM = "problem"
    UNTOLD = "cannot be told"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it stands, what was seen, and what to click or to run."""

    check: str  # in a word or two
    standing: Standing
    says: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Untold:
    """What could not be looked at, and why."""

    why: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a plan: what is, what will be, and what the forge is asked for."""

    check: str
    now: str
    then: str
    change: Change
    by_hand: str  # what to click where the forge refuses it


@dataclass(frozen=True, slots=True)
class Demand:
    """What a base branch must be guarded for."""

    base: str
    status: str  # the name of the bot's commit status
    bot: Person | None = None  # None: nobody has said which account the bot is
    permission: Permission = Permission.NONE  # what the repository lets the bot do
    by_jobs: bool = False  # whether jobs are the bot, so that its token is in them

    @property
    def mending(self) -> str:
        """What brings it about; where a server is the bot it also makes the webhooks."""
        return "run registrar setup --without-server" if self.by_jobs else "run registrar setup"


class Walls(Protocol):
    """What guards the base branch, as one forge has it; without a look at anything else."""

    def findings(self, demand: Demand) -> tuple[Finding, ...]:
        """How each part of it stands."""
        ...

    def steps(self, demand: Demand) -> tuple[Step, ...]:
        """What would be changed; nothing that would make any rule laxer."""
        ...


def ok(check: str, says: str) -> Finding:
    """It is as it must be."""
    return Finding(check, Standing.OK, says)


def problem(check: str, says: str, mend: str) -> Finding:
    """It is not, and this mends it."""
    return Finding(check, Standing.PROBLEM, says, mend)


def untold(check: str, why: Untold) -> Finding:
    """It could not be looked at."""
    return Finding(check, Standing.UNTOLD, why.why, why.mend)


def problems_in(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that somebody must see to."""
    return tuple(finding for finding in findings if finding.standing is Standing.PROBLEM)
