"""Knows what the ledger tells of a commit on the base: what changed, who stood behind it, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from registrar.core.deploying import NOT_STARTED
from registrar.core.lifecycle import Transition
from registrar.core.people import Permission, Person
from registrar.core.pull_requests import Outcome

Ruling = Literal["approved", "refused", "glass broken"]


@dataclass(frozen=True, slots=True)
class Counted:
    """One approval that counted for one path, and by which authority."""

    person: Person
    permission: Permission  # in the repository, when it counted
    path: str
    rule: str  # the line of CODEOWNERS, `CODEOWNERS:3` or `CODEOWNERS:3, section ML`
    word: str  # what on that line names the person: `@ana`, or a team, `@acme/ml-admins`
    review: int  # the forge's number of it
    sha: str  # the head that was approved
    at: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """One requirement, and how it stood."""

    name: str
    state: str  # a VerdictState
    reason: str


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric of a version that moved, beside that of the version it was measured against."""

    model: str
    version: str
    metric: str
    value: float | None
    against: str | None  # the other version; None: no version held the status
    status: str | None  # what the other version held
    other: float | None
    judgement: str  # a comparison.Judgement


@dataclass(frozen=True, slots=True)
class BrokenGlass:
    """Somebody whom the rules name for an emergency let a change pass without its approvals."""

    person: Person
    reason: str
    url: str  # of the comment that says so


@dataclass(frozen=True, slots=True)
class Merged:
    """A pull request that landed, as it was judged then."""

    number: int
    url: str
    at: datetime  # the merge, by the forge's clock
    commit: str  # what landed on the base
    before: str  # the base without any of it: whose rules and owners decided
    head: str  # what was approved
    author: Person | None
    requester: Person | None
    contributors: tuple[Person, ...]
    ruling: Ruling
    reason: str
    transitions: tuple[Transition, ...]
    registrations: tuple[tuple[str, str], ...]  # model, version
    approvals: tuple[Counted, ...]  # by CODEOWNERS at `before`
    checks: tuple[Check, ...]
    measured: tuple[Measured, ...]
    content: tuple[tuple[str, str], ...]  # path and blob id of every guarded file, as it was approved
    glass: BrokenGlass | None = None
    fork: str | None = None  # where the branch left the base, when CODEOWNERS asked something else of it there
    approvals_before: tuple[Counted, ...] = ()  # by CODEOWNERS at `fork`, of the paths of which it asked that

    @property
    def key(self) -> str:
        """One merge, one entry."""
        return merged_key(self.number, self.commit)


@dataclass(frozen=True, slots=True)
class Deployed:
    """How a deploy that a merge started stood at one moment: one entry when it starts, one when it ends."""

    operation: str
    number: int
    at: datetime
    model: str
    version: str
    status: str
    repository: str
    pipeline: str
    outcome: Outcome  # PENDING: started
    detail: str
    url: str

    @property
    def key(self) -> str:
        """A deploy starts once, and ends once; what could not be started may be, when somebody asks for it anew."""
        is_refused = self.outcome is Outcome.FAILURE and self.detail.startswith(NOT_STARTED)
        return f"{self.operation}-{'refused' if is_refused else self.outcome}"


@dataclass(frozen=True, slots=True)
class Pushed:
    """A commit that changed what owners guard, and came to the base without a pull request that was approved."""

    commit: str
    before: str
    at: datetime  # when it was found
    transitions: tuple[Transition, ...]
    paths: tuple[str, ...]
    revert: int | None  # the number of the pull request that takes it back; None: it cannot be taken back as it is

    @property
    def key(self) -> str:
        """One commit, one entry."""
        return f"pushed-{self.commit[:16]}"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A request that an owner turned down; noted at the tip of the base, which it did not change."""

    number: int
    url: str
    head: str
    by: Person
    reason: str
    at: datetime
    requester: Person | None
    transitions: tuple[Transition, ...]

    @property
    def key(self) -> str:
        """One head of one request is rejected once."""
        return f"rejected-{self.number}-{self.head[:16]}"


Entry = Merged | Deployed | Pushed | Rejected


def merged_key(number: int, commit: str) -> str:
    """What the entry of a merge is called, before there is one."""
    return f"merged-{number}-{commit[:16]}"
