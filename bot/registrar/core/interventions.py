"""Knows how people step in beside their approvals: they hold a change, turn it down, or break the glass for it.

Each is one line of ours under the head that it was said of. Nobody can edit it, nobody but us can say it, and it is
read back by whatever follows: who, by numeric id, and why.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from registrar.core.approval_facts import ApprovalFacts
from registrar.core.objections import cannot_approve
from registrar.core.people import Person
from registrar.core.pull_requests import CommitStatus, Outcome
from registrar.core.quorums import level
from registrar.core.verdicts import Verdict, failed, waiting
from registrar.core.votes import approves, effective_votes, opposes
from registry_schema import Approvals

ASKED_FOR_CHANGES = "asked for changes"  # the reason of a rejection that is a review

_SOMEBODY = Person(0, "somebody")  # whose name the line has no room for; nobody has that number
_SAID = re.compile(r"[a-z ]+ by (?P<login>\S+) \((?P<id>[1-9][0-9]{0,18})\)(?:: (?P<reason>.*))?")


class Kind(StrEnum):
    """In which way somebody stepped in."""

    HOLD = "held"
    REJECTION = "rejected"
    GLASS = "glass broken"


_CONTEXTS = {
    Kind.HOLD: "registrar: {} held",
    Kind.REJECTION: "registrar: {} rejected",
    Kind.GLASS: "registrar: glass broken for {}",
}
_STANDS = {Kind.HOLD: Outcome.PENDING, Kind.REJECTION: Outcome.FAILURE, Kind.GLASS: Outcome.SUCCESS}
_LIFTED = {Kind.HOLD: "let go", Kind.REJECTION: "taken back", Kind.GLASS: "mended"}


@dataclass(frozen=True, slots=True)
class Intervention:
    """Somebody stepped in, or took that back."""

    kind: Kind
    person: Person  # who did so last
    reason: str = ""  # on one line, as far as it fits into a status
    url: str = ""  # of the comment that tells of it
    at: datetime | None = None  # by the forge's clock; None: not said yet
    stands: bool = True

    def line(self, number: int) -> CommitStatus:
        """What is said of it under a head of pull request `number`."""
        word = self.kind if self.stands else _LIFTED[self.kind]
        words = f"{word} by {self.person.login} ({self.person.id})" + (f": {self.reason}" if self.reason else "")
        return CommitStatus(context_of(self.kind, number), self._outcome, words, self.url)

    def was_said_by(self, moment: datetime | None) -> bool:
        """Whether it was said before the pull request was merged; None: it is not merged yet."""
        return moment is None or (self.at is not None and self.at <= moment)

    @property
    def _outcome(self) -> Outcome:
        return _STANDS[self.kind] if self.stands else Outcome.SUCCESS


def context_of(kind: Kind, number: int) -> str:
    """The name of the line; it names the pull request, as one commit can be the head of several."""
    return _CONTEXTS[kind].format(number)


def intervention_in(
    statuses: Iterable[CommitStatus], kind: Kind, *, number: int, myself: Person
) -> Intervention | None:
    """What we said last, among everything under a commit; None when we said nothing of the kind."""
    context = context_of(kind, number)
    ours = (status for status in statuses if status.context == context and myself.same_as(status.creator))
    said = next(ours, None)
    if said is None:
        return None
    found = _SAID.match(said.description)
    person = Person(int(found["id"]), found["login"]) if found else _SOMEBODY
    reason = (found["reason"] or "") if found else ""
    stands = not said.description.startswith(_LIFTED[kind])
    return Intervention(kind, person, reason, said.url, said.updated_at, stands=stands)


def judge_interventions(
    approvals: ApprovalFacts,
    required: Mapping[str, Approvals],
    *,
    hold: Intervention | None,
    rejection: Intervention | None,
) -> Iterator[Verdict]:
    """What stands in the way of a change, however many have approved it."""
    if rejection is not None and rejection.stands and taken_back_by(approvals, required, rejection) is None:
        who = rejection.person.login
        yield failed(
            "rejection",
            f"rejected by {who}{_because(rejection)}; it stays so until {who}, or another owner who could approve it, "
            "approves it",
        )
    if hold is not None and hold.stands:
        who = hold.person.login
        yield waiting(
            "hold",
            f"held by {who}{_because(hold)}; {who}, or an owner who could approve it, can write /registrar unhold",
        )


def _because(intervention: Intervention) -> str:
    return f": {intervention.reason}" if intervention.reason else ""


def could_approve(approvals: ApprovalFacts, required: Mapping[str, Approvals]) -> tuple[Person, ...]:
    """Every owner whose approval would count for one of the paths, whatever they have said so far."""
    able = {
        owner.person.id: owner.person
        for path, demand in required.items()
        for owner in approvals.owners_of(path)
        if cannot_approve(approvals, owner, level(demand)) is None
    }
    return tuple(able.values())


def why_not_an_owner(approvals: ApprovalFacts, required: Mapping[str, Approvals], person: Person) -> str | None:
    """Why this person has no say of an owner in the change; None when they have."""
    if any(person.same_as(able) for able in could_approve(approvals, required)):
        return None
    if not required:
        return "nothing that it changes has an owner"
    whys = (
        cannot_approve(approvals, owner, level(demand))
        for path, demand in required.items()
        for owner in approvals.owners_of(path)
        if owner.person.same_as(person)
    )
    return next((why for why in whys if why is not None), f"{person.login} does not own {next(iter(required))}")


def objector(approvals: ApprovalFacts, required: Mapping[str, Approvals], *, since: datetime | None) -> Person | None:
    """An owner who could approve it and asks for changes instead; `since` a rejection was last taken back."""
    votes = effective_votes(approvals.reviews, until=approvals.merged_at)
    opposed = (person for person in could_approve(approvals, required) if opposes(person, votes))
    return next((person for person in opposed if since is None or votes[person.id].submitted_at > since), None)


def taken_back_by(
    approvals: ApprovalFacts, required: Mapping[str, Approvals], rejection: Intervention
) -> Person | None:
    """Who approved the rejected change since: whoever had rejected it, or another owner who could approve it.

    Forges tell whole seconds: what was said in the same one may have come first, and takes nothing back.
    """
    votes = effective_votes(approvals.reviews, until=approvals.merged_at)
    later = (
        person
        for person in (rejection.person, *could_approve(approvals, required))
        if approves(person, votes, approvals.head_sha)
        and rejection.at is not None
        and votes[person.id].submitted_at > rejection.at
    )
    return next(later, None)
