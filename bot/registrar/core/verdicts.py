"""A judgement as a value: its state, its reason, and the judgements it rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class VerdictState(StrEnum):
    """How a requirement stands."""

    PASSED = "passed"
    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One requirement, how it stands, why, and what it rests on."""

    name: str
    state: VerdictState
    reason: str
    children: tuple["Verdict", ...] = ()
    facts: tuple[tuple[str, str], ...] = ()  # what it was judged by: a name and a value each

    @property
    def passed(self) -> bool:
        """Whether nothing more is asked."""
        return self.state is VerdictState.PASSED

    def leaves(self) -> Iterator["Verdict"]:
        """The judgements that rest on no other, in order."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


def passed(name: str, reason: str) -> Verdict:
    """A requirement that is met."""
    return Verdict(name, VerdictState.PASSED, reason)


def waiting(name: str, reason: str) -> Verdict:
    """A requirement that a person can still meet without changing the content."""
    return Verdict(name, VerdictState.WAITING, reason)


def failed(name: str, reason: str) -> Verdict:
    """A requirement that this content cannot meet."""
    return Verdict(name, VerdictState.FAILED, reason)


def all_of(name: str, children: Sequence[Verdict]) -> Verdict:
    """Passes when every child does; no child at all is a doubt, and a doubt fails."""
    if not children:
        return failed(name, "nothing was checked")
    for state in (VerdictState.FAILED, VerdictState.WAITING):
        stuck = [child.reason for child in children if child.state is state]
        if stuck:
            return Verdict(name, state, "; ".join(stuck), tuple(children))
    return Verdict(name, VerdictState.PASSED, "; ".join(child.reason for child in children), tuple(children))
