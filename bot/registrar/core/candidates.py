"""Knows which versions of a pull request are measured, and against which."""

from collections.abc import Iterator

from registrar.core.comparison import compare
from registrar.core.evaluation_facts import ModelChange
from registrar.core.gates import Contender, Field, judge_gates
from registrar.core.lifecycle import Transition, is_displacement
from registrar.core.reports import Candidate
from registrar.core.verdicts import Verdict
from registrar.core.versions import ascending
from registry_schema import Holders, Registry, Version


def strictest_status(registry: Registry) -> str | None:
    """The last status that is for one version only: what its holder does is what a candidate must match."""
    return next(
        (name for name in reversed(tuple(registry.statuses)) if registry.statuses[name].holders is Holders.ONE), None
    )


def candidates(registry: Registry, change: ModelChange) -> Iterator[Candidate]:
    """Every version that is registered or moves, except those that only make room for another, ascending."""
    moving = {move.version for move in change.transitions(registry) if not makes_room(registry, move)}
    for version in ascending({*change.registered, *moving} & set(change.versions)):
        yield _candidate(registry, change, version)


def contender(change: ModelChange, version: str) -> Contender:
    """The version with the metrics that its facts state; without any when there are no facts."""
    facts = change.facts.get(version)
    return Contender(version, facts.metrics if facts else {})


def field_now(change: ModelChange) -> Field:
    """Whom a candidate meets: the holders of every status on the base now."""
    holders = {
        status: tuple(contender(change, version) for version in change.tip.holders_of(status))
        for status in change.tip.statuses
    }
    return Field(change.model, holders)


def makes_room(registry: Registry, move: Transition) -> bool:
    """Whether the version only leaves because another takes its place."""
    known = move.before in registry.statuses
    return known and not move.keeps_status and is_displacement(registry, move)


def rests_on(registry: Registry, change: ModelChange, move: Transition) -> Iterator[tuple[str, str]]:
    """What a promotion takes for true: which version holds which status, itself or one that it is measured against."""
    if move.before != registry.initial:
        yield move.version, move.before
    bars = registry.statuses[move.after].gates
    for status in dict.fromkeys(gate.not_worse_than for gate in bars if gate.not_worse_than is not None):
        yield from ((holder, status) for holder in change.tip.holders_of(status) if holder != move.version)


def _candidate(registry: Registry, change: ModelChange, version: str) -> Candidate:
    status = strictest_status(registry)
    rivals = [holder for holder in change.tip.holders_of(status) if holder != version] if status else []
    baseline = rivals[0] if rivals else None
    return Candidate(
        change.name,
        version,
        status=status,
        baseline=baseline,
        comparison=compare(
            change.model, change.facts.get(baseline) if baseline else None, change.facts.get(version, Version())
        ),
        outlook=_outlook(registry, change, version) if version in change.registered else None,
    )


def _outlook(registry: Registry, change: ModelChange, version: str) -> Verdict | None:
    """How the version would fare at the first gates on its way up; None when no status on it sets any."""
    status = _next_gated(registry, change.after.status_of(version) or registry.initial)
    if status is None:
        return None
    return judge_gates(status, registry.statuses[status].gates, contender(change, version), field_now(change))


def _next_gated(registry: Registry, status: str) -> str | None:
    """The nearest status with gates that promotions from this one lead to, step by step in the registry's order."""
    reached = [status]
    for present in reached:
        for name, rules in registry.statuses.items():
            if present in rules.promotes_from and name not in reached:
                if rules.gates:
                    return name
                reached.append(name)
    return None
