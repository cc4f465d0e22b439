"""Knows how many of which owners must approve a path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registrar.core.approval_facts import ApprovalFacts, Owner, Rule, each_once
from registrar.core.objections import cannot_approve
from registrar.core.people import Permission
from registrar.core.pull_requests import Review
from registrar.core.votes import approves
from registrar.core.wording import either, every
from registry_schema import Approvals


@dataclass(frozen=True, slots=True)
class Quorum:
    """So many owners must approve: those of one rule, or of all rules of a path together."""

    rules: tuple[Rule, ...]
    count: int
    can: tuple[Owner, ...]  # who of the owners can approve
    approved: tuple[Owner, ...]  # who of those has

    @property
    def section(self) -> str:
        """Whose quorum it is, where a section of CODEOWNERS asks for it."""
        return self.rules[0].section if len(self.rules) == 1 else ""

    @property
    def can_be_met(self) -> bool:
        """Whether enough are left who can approve."""
        return len(self.can) >= self.count

    @property
    def is_met(self) -> bool:
        """Whether enough have approved."""
        return len(self.approved) >= self.count

    @property
    def missing(self) -> str:
        """Who is waited for: `ana or raj (section ML)`, `2 of ana, raj and zoe`."""
        names = [owner.person.login for owner in self.can if owner not in self.approved]
        lacking = self.count - len(self.approved)
        who = either(names) if lacking == 1 else f"{lacking} of {every(names)}"
        return f"{who} (section {self.section})" if self.section else who

    @property
    def approvals(self) -> str:
        """Who has approved, and by which lines that counts: `approved by ana (CODEOWNERS:3), raj (CODEOWNERS:3)`."""
        return f"approved by {', '.join(f'{owner.person.login} ({self._lines(owner)})' for owner in self.approved)}"

    def _lines(self, owner: Owner) -> str:
        return "; ".join(rule.source for rule in self.rules if rule.is_owned_by(owner.person))


def quorums_of(facts: ApprovalFacts, path: str, demand: Approvals, votes: Mapping[int, Review]) -> tuple[Quorum, ...]:
    """Every quorum of a path; the last is that of all its rules together, as many as its statuses demand.

    Where there are several rules, each has its own before it: as many as its section asks for.
    """
    rules = facts.rules_of(path)
    each = tuple(_quorum(facts, demand, votes, (rule,), rule.count) for rule in rules) if len(rules) > 1 else ()
    together = max([demand.count, *(rule.count for rule in rules)])
    return (*each, _quorum(facts, demand, votes, rules, together))


def telling(quorums: Sequence[Quorum]) -> tuple[Quorum, ...]:
    """Those that a person needs to be told of: that of all rules together only when no rule asks for as many."""
    most = max((quorum.count for quorum in quorums if len(quorum.rules) == 1), default=0)
    return tuple(quorum for quorum in quorums if len(quorum.rules) == 1 or quorum.count > most)


def level(demand: Approvals) -> Permission:
    """What the repository must let an owner do."""
    return Permission[demand.permission.upper()]


def _quorum(
    facts: ApprovalFacts, demand: Approvals, votes: Mapping[int, Review], rules: tuple[Rule, ...], count: int
) -> Quorum:
    owners = each_once(owner for rule in rules for owner in rule.owners)
    can = tuple(owner for owner in owners if cannot_approve(facts, owner, level(demand)) is None)
    return Quorum(rules, count, can, tuple(owner for owner in can if approves(owner.person, votes, facts.head_sha)))
