"""Knows whether a version clears the bars that a status sets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from registrar.core.figures import figure, finite, same, told_apart
from registrar.core.spelling import did_you_mean
from registrar.core.verdicts import Verdict, all_of, failed, passed
from registry_schema import Direction, Gate, Model


@dataclass(frozen=True, slots=True)
class Contender:
    """A version and the metrics it reports."""

    version: str
    metrics: Mapping[str, float | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Field:
    """What a candidate is measured against: how the model reads its metrics, and the present holders of each status."""

    model: Model
    holders: Mapping[str, tuple[Contender, ...]] = field(default_factory=dict)


def judge_gates(status: str, gates: tuple[Gate, ...], candidate: Contender, against: Field) -> Verdict:
    """Judge a candidate by the gates of a status. What cannot be compared fails: a doubt never passes."""
    name = f"gates of {status}"
    if not gates:
        return passed(name, f"{status} sets no gate")
    judged = all_of(name, [verdict for gate in gates for verdict in _judge(gate, candidate, against)])
    return replace(judged, facts=tuple(dict.fromkeys(_measured(gates, candidate, against))))


def _measured(gates: tuple[Gate, ...], candidate: Contender, against: Field) -> Iterator[tuple[str, str]]:
    """Every number that was compared, as it was reported."""
    for gate in gates:
        holders = against.holders.get(gate.not_worse_than, ()) if gate.not_worse_than is not None else ()
        for contender in (candidate, *holders):
            if gate.metric in contender.metrics:
                yield f"{gate.metric} of {contender.version}", str(contender.metrics[gate.metric])


def _judge(gate: Gate, candidate: Contender, against: Field) -> Iterator[Verdict]:
    value = finite(candidate.metrics.get(gate.metric))
    if value is None:
        near = did_you_mean(gate.metric, candidate.metrics.keys() - {gate.metric})
        yield failed(gate.metric, f"{candidate.version} does not report {gate.metric}{near}")
        return
    if gate.at_least is not None:
        yield _at_least(gate.metric, value, gate.at_least)
    if gate.at_most is not None:
        yield _at_most(gate.metric, value, gate.at_most)
    if gate.not_worse_than is not None:
        yield from _not_worse(gate, value, gate.not_worse_than, against)


def _at_least(metric: str, value: float, bound: float) -> Verdict:
    shown, required = told_apart(value, bound)
    if value < bound:
        return failed(metric, f"{metric} {shown} is below the required {required}")
    return passed(metric, f"{metric} {shown} is at least the required {required}")


def _at_most(metric: str, value: float, bound: float) -> Verdict:
    shown, allowed = told_apart(value, bound)
    if value > bound:
        return failed(metric, f"{metric} {shown} is above the allowed {allowed}")
    return passed(metric, f"{metric} {shown} is at most the allowed {allowed}")


def _not_worse(gate: Gate, value: float, status: str, against: Field) -> Iterator[Verdict]:
    holders = against.holders.get(status, ())
    described = against.model.metrics.get(gate.metric)
    if not holders:
        yield passed(gate.metric, f"no version holds {status}, so there is nothing to be worse than")
    elif described is None:
        yield failed(
            gate.metric, f"model.yaml does not say whether higher or lower {gate.metric} is better; add it there"
        )
    else:
        for holder in holders:
            yield _against(gate, value, described.direction, holder)


def _against(gate: Gate, value: float, direction: Direction, holder: Contender) -> Verdict:
    other = finite(holder.metrics.get(gate.metric))
    holds = f"{holder.version}, which holds {gate.not_worse_than},"
    if other is None:
        return failed(gate.metric, f"{holds} does not report {gate.metric}, so they cannot be compared")
    loss = other - value if direction is Direction.HIGHER else value - other
    mine, theirs = told_apart(value, other)
    theirs = f"the {theirs} of {holder.version} in {gate.not_worse_than}"
    if loss <= 0 or same(value, other):
        return passed(gate.metric, f"{gate.metric} {mine} is not worse than {theirs}")
    if loss <= gate.tolerance or same(loss, gate.tolerance):
        return passed(
            gate.metric, f"{gate.metric} {mine} is worse than {theirs}, within the tolerated {figure(gate.tolerance)}"
        )
    beyond = f", by more than the tolerated {figure(gate.tolerance)}" if gate.tolerance else ""
    return failed(gate.metric, f"{gate.metric} {mine} is worse than {theirs}{beyond}")
