"""Knows one line of the audit trail: what git shows happened, and what the ledger adds of people, numbers and deploys.

What changed comes from the registry's files alone. The ledger only adds to it, so that no note can make up a change,
move it to another version, or hide it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from registrar.core.audit_notes import Facts, listed, login
from registrar.core.layout import status_path
from registrar.core.lifecycle import Transition

NO_NOTE = "no note"
REJECTED = "rejected"
UNAPPROVED = "unapproved"


class Kind(StrEnum):
    """What a line is about."""

    TRANSITION = "transition"  # a version got another status, or another share of the traffic
    CHANGE = "change"  # something else that owners guard, or that was let pass without them
    REJECTION = "rejection"  # a request that was turned down: nothing changed


class Record(NamedTuple):
    """One line of the audit trail."""

    kind: Kind
    commit: str
    at: datetime  # when it landed: by the forge's clock if the ledger has it, else by the committer's
    ruling: str  # the ledger's: approved, refused, glass broken, unapproved, rejected; or that it has no note
    reason: str
    author: str  # of the commit, in git's words
    requested_by: str  # in the words of its commits
    transition: Transition | None = None  # of a rejection, the one that was asked for
    makes_room: bool = False  # it was displaced by another version
    paths: tuple[str, ...] = ()  # of a change without a transition
    said: Facts | None = None  # what the ledger says of its pull request
    deploys: Sequence[Facts] = ()  # each as it stood last

    @property
    def number(self) -> int | None:
        """The number of its pull request."""
        return self.said["number"] if self.said else None

    @property
    def url(self) -> str:
        """Where its pull request is."""
        return self.said["url"] if self.said else ""

    @property
    def requester(self) -> str:
        """Who asked for it: the account, or, where there is no note, whom a commit names."""
        return login(self.said.get("requester")) if self.said else self.requested_by

    @property
    def approvals(self) -> Sequence[Facts]:
        """The approvals that counted for it."""
        return self._counted("approvals")

    @property
    def approvals_before(self) -> Sequence[Facts]:
        """Those that counted by CODEOWNERS of when its branch began, where it asked something else."""
        return self._counted("approvals_before")

    @property
    def approvers(self) -> tuple[str, ...]:
        """Whose approvals counted, by CODEOWNERS of either moment."""
        counted = [*self.approvals, *self.approvals_before]
        return tuple(dict.fromkeys([login(approval["person"]) for approval in counted]))

    @property
    def checks(self) -> Sequence[Facts]:
        """Every requirement, and how it stood."""
        return listed(self.said, "checks") if self.said else ()

    @property
    def measured(self) -> Sequence[Facts]:
        """The metrics of the version, beside those it was measured against."""
        move = self.transition
        if self.said is None or move is None:
            return ()
        named = (move.model, move.version)
        return [each for each in listed(self.said, "measured") if (each["model"], each["version"]) == named]

    @property
    def glass(self) -> Facts | None:
        """Who let it pass in an emergency, and why."""
        return self.said.get("glass") if self.said else None

    @property
    def rejected_by(self) -> str:
        """Who turned it down."""
        return login(self.said.get("by")) if self.said else ""

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who had a part in it."""
        return tuple(dict.fromkeys(filter(None, self._everybody())))

    def _everybody(self) -> Iterator[str]:
        yield from (self.requester, self.author, self.requested_by, self.rejected_by, *self.approvers)
        if self.said is not None:
            yield login(self.said.get("author"))
            yield from (login(person) for person in listed(self.said, "contributors"))
        if self.glass is not None:
            yield login(self.glass["person"])

    def _counted(self, name: str) -> Sequence[Facts]:
        if self.said is None:
            return ()
        return [each for each in listed(self.said, name) if self._concerns(each["path"])]

    def _concerns(self, path: str) -> bool:
        if self.transition is None:
            return path in self.paths
        return path == status_path(self.transition.model)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the audit could not read, or that does not fit together."""

    commit: str  # empty: it is about the whole
    text: str

    def __str__(self) -> str:
        return f"{self.commit[:7]}: {self.text}" if self.commit else self.text
