"""Knows how one version's metrics stand against another's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from registrar.core.figures import finite, same
from registrar.core.spelling import did_you_mean
from registry_schema import Direction, Metric, Model, Version


class Judgement(StrEnum):
    """How a candidate's metric stands against the baseline's."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric of both versions; the note says in words why nothing could be judged."""

    metric: str
    unit: str
    primary: bool
    baseline: float | None
    candidate: float | None
    change: float | None  # candidate - baseline
    relative: float | None  # change / |baseline|; None when the baseline is 0
    judgement: Judgement
    note: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every metric that either version or the model names; the primary one first."""

    rows: tuple[MetricRow, ...]

    @property
    def primary(self) -> MetricRow | None:
        """The row of the metric that matters most."""
        return next((row for row in self.rows if row.primary), None)


def compare(model: Model, baseline: Version | None, candidate: Version) -> Comparison:
    """Set two versions side by side, judging each metric by the direction that model.yaml gives it."""
    old = baseline.metrics if baseline else {}
    names = _ordered(model.metrics, (*old, *candidate.metrics))
    new = sorted(candidate.metrics.keys() - model.metrics.keys() - old.keys())  # which may be slips of the pen
    compared = (
        _row(name, model.metrics.get(name), finite(old.get(name)), finite(candidate.metrics.get(name)), new)
        for name in names
    )
    return Comparison(tuple(compared))


def _ordered(described: Mapping[str, Metric], reported: Iterable[str]) -> tuple[str, ...]:
    first = sorted(described, key=lambda name: not described[name].primary)
    return (*first, *sorted(set(reported) - set(described)))


def _row(name: str, metric: Metric | None, old: float | None, new: float | None, slips: Iterable[str]) -> MetricRow:
    change = None if old is None or new is None else new - old
    judgement, note = _judged(metric, old, new)
    note += did_you_mean(name, slips) if new is None else ""
    return MetricRow(
        metric=name,
        unit=metric.unit if metric else "",
        primary=metric is not None and metric.primary,
        baseline=old,
        candidate=new,
        change=change,
        relative=change / abs(old) if old and change is not None else None,
        judgement=judgement,
        note=note,
    )


def _judged(metric: Metric | None, old: float | None, new: float | None) -> tuple[Judgement, str]:
    if new is None:
        return Judgement.UNKNOWN, "the candidate does not report it"
    if old is None:
        return Judgement.UNKNOWN, "there is nothing to compare it with"
    if same(old, new):
        return Judgement.SAME, ""
    if metric is None:
        return Judgement.UNKNOWN, "model.yaml does not say whether higher or lower is better"
    improved = (new > old) is (metric.direction is Direction.HIGHER)
    return (Judgement.BETTER if improved else Judgement.WORSE), ""
