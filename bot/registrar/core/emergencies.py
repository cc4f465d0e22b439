"""Knows what somebody whom the rules name may let pass in an emergency."""

from collections.abc import Iterable

from registrar.core.approval_facts import ApprovalFacts
from registrar.core.ledger import BrokenGlass
from registrar.core.lifecycle import Transition, makes_way
from registrar.core.verdicts import Verdict, passed
from registrar.core.votes import effective_votes, opposes
from registry_schema import Registry

BREAK_GLASS = "break-glass"


def may_pass(registry: Registry, moves: Iterable[Transition]) -> bool:
    """Whether the rules let the glass be broken for all of these; a version that makes way for another follows it."""
    every = tuple(moves)
    glass = registry.break_glass
    if glass is None:
        return False
    wishes = [move for move in every if not makes_way(registry, move, every)]
    return bool(wishes) and all(glass.statuses is None or move.after in glass.statuses for move in wishes)


def instead_of(verdict: Verdict, glass: BrokenGlass) -> Verdict:
    """What is said in place of a requirement that is not met."""
    broken = passed(BREAK_GLASS, f"glass broken by {glass.person.login}: {glass.reason} (without it: {verdict.reason})")
    return Verdict(verdict.name, broken.state, broken.reason, (broken,), verdict.facts)


def is_objected_to(facts: ApprovalFacts, path: str) -> bool:
    """Whether an owner asks for changes, which no emergency overrules; anybody, where nobody can tell who owns it."""
    votes = effective_votes(facts.reviews, until=facts.merged_at)
    owners = facts.owners_of(path)
    people = [owner.person for owner in owners] if owners else [vote.reviewer for vote in votes.values()]
    return any(person is not None and opposes(person, votes) for person in people)


def was_needed(whole: Verdict) -> bool:
    """Whether anything of a verdict passed only because the glass was broken."""
    return any(leaf.name == BREAK_GLASS for leaf in whole.leaves())
