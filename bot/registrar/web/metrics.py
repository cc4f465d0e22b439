"""Knows how the numbers are told to Prometheus: those of this process, and those that all replicas share.

What all share is read when somebody asks; a database that does not answer is a number too.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from registrar.database.backlog import Backlog, backlog
from registrar.database.effects import counted
from registrar.database.sights import Sight, Sights
from registrar.observing.numbers import HOOK_STATES, Numbers

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

log = logging.getLogger("registrar.metrics")


def exposition(
    numbers: Numbers, database: sa.Engine, is_paused: Callable[[], bool], *, repositories: Sequence[str]
) -> Callable[[], bytes]:
    """What answers a scrape, with everything that there is to say of these registries at that moment."""
    registry = CollectorRegistry()
    registry.register(_Registrar(numbers, database, is_paused, repositories))
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    return lambda: generate_latest(registry)


class _Registrar(Collector):
    """Every number of ours, made anew for each scrape."""

    def __init__(
        self, numbers: Numbers, database: sa.Engine, is_paused: Callable[[], bool], repositories: Sequence[str]
    ) -> None:
        self._numbers = numbers
        self._database = database
        self._is_paused = is_paused
        self._repositories = repositories

    def describe(self) -> Iterable[Metric]:
        """Nothing in advance: the database would have to answer for that."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """The process's own first; the rest is missing while the database does not answer."""
        yield from _own(self._numbers)
        yield _one("registrar_paused", "1 while this replica waits for its token to work again", int(self._is_paused()))
        try:
            seen = [sight for sight in Sights(self._database).all() if sight.of in self._repositories]
            work = _of_all(backlog(self._database), counted(self._database))
            shared = [*work, *_seen(seen, self._repositories)]
        except SQLAlchemyError:
            log.warning("the numbers that all replicas share could not be read", exc_info=True)
            shared = []
        yield _one("registrar_database_up", "1 while the database answers", int(bool(shared)))
        yield from shared


def _own(numbers: Numbers) -> Iterator[Metric]:
    yield _by("registrar_webhooks", "Webhooks, by what was answered", "answer", numbers.deliveries(), rising=True)
    yield _by(
        "registrar_forge_budget_left", "Requests that the forge still takes in its period", "forge", numbers.budgets()
    )


def _of_all(work: Backlog, effects: Mapping[str, int]) -> Iterator[Metric]:
    yield _by("registrar_effects", "Effects that were done, by kind", "kind", effects, rising=True)
    yield _one("registrar_oldest_event_age_seconds", "Since when the event waits whose time came first", work.oldest)
    states = {"waiting": work.waiting, "running": work.running, "later": work.later}
    yield _by("registrar_events", "Events that are not worked on to the end, by state", "state", states)
    yield _by("registrar_parked_events", "Events that wait for a person", "repository", work.parked)
    yield _one("registrar_replicas", "Replicas that are alive", work.replicas)


def _seen(sights: Iterable[Sight], repositories: Sequence[str]) -> Iterator[Metric]:
    never: dict[str, float] = dict.fromkeys(repositories, 0.0)  # else no alert could tell of one that never was
    sweeps = never | {sight.of: sight.at for sight in sights if sight.what == "sweep"}
    yield _by("registrar_last_sweep_timestamp_seconds", "When all was last looked at, in full", "repository", sweeps)
    hooks = GaugeMetricFamily(
        "registrar_hook", "1 for the state that the forge's webhook is in", labels=["repository", "state"]
    )
    for sight in sights:
        for state in HOOK_STATES if sight.what == "hook" else ():
            hooks.add_metric([sight.of, state], int(sight.state == state))
    yield hooks


def _one(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _by(name: str, meaning: str, label: str, values: Mapping[str, float], *, rising: bool = False) -> Metric:
    kind = CounterMetricFamily if rising else GaugeMetricFamily
    family = kind(name, meaning, labels=[label])
    for which, value in values.items():
        family.add_metric([which], value)
    return family
