"""Knows what an evaluation of a pull request says: the value that all a person is shown is rendered from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from registrar.core.approval_facts import Approvers
from registrar.core.comparison import Comparison
from registrar.core.deploying import PlannedDeploy
from registrar.core.ledger import BrokenGlass
from registrar.core.lifecycle import Transition
from registrar.core.overtaken import Lost
from registrar.core.verdicts import Verdict, all_of, failed
from registry_schema import Problem


class Kind(StrEnum):
    """What a pull request is about."""

    REGISTRATION = "registration"
    PROMOTION = "promotion"
    MIXED = "mixed"
    OTHER = "other"  # files of the registry, but no version is registered and no status moves
    NOTHING = "nothing"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Registration:
    """A version that the pull request adds."""

    model: str
    version: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version that the pull request registers or moves, beside the holder of the strictest status."""

    model: str
    version: str
    status: str | None  # the status the baseline holds; None: no status is for one version only
    baseline: str | None  # None: no other version holds it
    comparison: Comparison
    outlook: Verdict | None  # how a version that is registered would fare at the next gates; for information


@dataclass(frozen=True, slots=True)
class Report:
    """What an evaluation found: the verdict, and all that a person needs to understand it."""

    kind: Kind
    verdict: Verdict
    problems: tuple[Problem, ...] = ()
    registrations: tuple[Registration, ...] = ()
    transitions: tuple[Transition, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    approvers: tuple[Approvers, ...] = ()
    deploys: tuple[PlannedDeploy, ...] = ()  # what the merge starts
    returns: tuple[Transition, ...] = ()  # those of the transitions that go back to a status once held
    glass: BrokenGlass | None = None  # whoever broke it, where something passed for that alone
    look_again: datetime | None = None  # when time alone may change the verdict
    lost: tuple[Lost, ...] = ()  # wishes for what something else was merged into first


def invalid(problems: Sequence[Problem]) -> Report:
    """What is said when the rules themselves cannot be read, so that nothing else can be judged."""
    verdicts = [failed(problem.path, str(problem)) for problem in problems]
    return Report(Kind.INVALID, all_of("pull request", verdicts), problems=tuple(problems))
