"""Knows which way a version may move between statuses."""

from collections.abc import Iterable
from dataclasses import dataclass

from registrar.core.verdicts import Verdict, failed, passed
from registry_schema import Holders, Holdings, Registry


@dataclass(frozen=True, slots=True)
class Transition:
    """A version of a model goes from one status to another, or keeps it with another share of the traffic."""

    model: str
    version: str
    before: str
    after: str
    traffic_before: int | None = None
    traffic_after: int | None = None

    @property
    def keeps_status(self) -> bool:
        """Whether only the share of the traffic changes."""
        return self.before == self.after

    def __str__(self) -> str:
        return f"{self.model} {self.version}: {self.before} -> {self.after}"


def allowed(registry: Registry, transition: Transition, *, held_before: frozenset[str]) -> Verdict:
    """Judge a transition by the rules; `held_before` are the statuses the version once held, by the base's history."""
    name = str(transition)
    for status in (transition.before, transition.after):
        if status not in registry.statuses:
            return failed(name, f"registry.yaml has no status {status}; it has {', '.join(registry.statuses)}")
    if transition.keeps_status:
        return passed(name, f"{transition.version} keeps {transition.after} with another share of the traffic")
    sources = registry.statuses[transition.after].promotes_from
    if transition.before in sources:
        return passed(name, f"{transition.after} may be reached from {transition.before}")
    if is_displacement(registry, transition):
        return passed(name, f"a version that leaves {transition.before} goes to {transition.after}")
    if is_return(registry, transition, held_before=held_before):
        return passed(name, f"{transition.version} held {transition.after} before and may return to it")
    return failed(name, _refusal(registry, transition, sources))


def is_displacement(registry: Registry, transition: Transition) -> bool:
    """Whether the version goes where its status sends those it displaces."""
    status = registry.statuses[transition.before]
    return status.holders is Holders.ONE and transition.after == (status.displaced_to or registry.initial)


def makes_way(registry: Registry, move: Transition, moves: Iterable[Transition]) -> bool:
    """Whether the version is displaced by another one that takes its place, and does not leave by itself."""
    leaves = move.before in registry.statuses and not move.keeps_status and is_displacement(registry, move)
    return leaves and any(
        other.after == move.before and other.model == move.model and not other.keeps_status for other in moves
    )


def is_return(registry: Registry, transition: Transition, *, held_before: frozenset[str]) -> bool:
    """Whether this is a rollback: not a promotion by the rules, but a return to a status once held."""
    regular = transition.before in registry.statuses[transition.after].promotes_from
    return not regular and not transition.keeps_status and transition.after in held_before


def one_holder_each(registry: Registry, model: str, holdings: Holdings) -> Verdict:
    """No status that is for one version is held by several."""
    name = f"holders of {model}"
    for status, rules in registry.statuses.items():
        holders = holdings.holders_of(status)
        if rules.holders is Holders.ONE and len(holders) > 1:
            return failed(
                name, f"{status} is for one version of {model}, and {' and '.join(holders)} hold it; keep one"
            )
    return passed(name, "no status has more holders than it may")


def _refusal(registry: Registry, transition: Transition, sources: tuple[str, ...]) -> str:
    if not sources:
        return f"no version may be moved to {transition.after}, and {transition.version} never held it before"
    way = next((source for source in sources if transition.before in registry.statuses[source].promotes_from), None)
    mend = f"; move {transition.version} to {way} first" if way else ""
    return f"{transition.after} is reached from {' or '.join(sources)}, not from {transition.before}{mend}"
