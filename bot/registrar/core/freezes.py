"""Knows when a version may not get a status, and when that ends."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter

from registrar.core.lifecycle import Transition
from registrar.core.verdicts import Verdict, VerdictState, passed
from registrar.core.wording import moment
from registry_schema import Freeze, Registry
from registry_schema.names import matches

# Two readings of one clock may be a day apart, where a place has moved across the date line.
_APART = timedelta(hours=26)
_MINUTE = timedelta(minutes=1)


def judge_freezes(registry: Registry, move: Transition, *, now: datetime) -> Iterator[Verdict]:
    """Wait for the end of every freeze that holds the move at this moment."""
    concerned = [freeze for freeze in registry.freezes if concerns(registry, freeze, move)]
    held = [(freeze, until) for freeze in concerned if (until := frozen_until(freeze, now=now)) is not None]
    name = f"freezes of {move.after}"
    for freeze, until in held:
        clock = _zone(freeze)
        facts = (("now", moment(now, clock)), ("until", moment(until, clock)))
        reason = f"{move.after} is frozen until {moment(until, clock)}: {freeze.reason}"
        yield Verdict(name, VerdictState.WAITING, reason, facts=facts)
    if concerned and not held:
        yield passed(name, f"{move.after} is not frozen now")


def concerns(registry: Registry, freeze: Freeze, move: Transition) -> bool:
    """Whether the freeze is of the status that the move leads to, and of its model."""
    statuses = freeze.statuses or tuple(name for name in registry.statuses if name != registry.initial)
    return move.after in statuses and any(matches(glob, move.model) for glob in freeze.models)


def frozen_until(freeze: Freeze, *, now: datetime) -> datetime | None:
    """When the freeze ends that holds now; None when it does not hold."""
    if freeze.moments is not None:
        begins, ends = freeze.moments
        return ends if begins <= now < ends else None
    zone = _zone(freeze)
    if _last(str(freeze.from_), zone, 0, now) < _last(str(freeze.until), zone, 1, now):
        return None
    return _next(str(freeze.until), zone, 1, now)


def next_turn(freeze: Freeze, *, now: datetime) -> datetime | None:
    """When the freeze begins or ends next; None when it is over for good."""
    if freeze.moments is not None:
        return next((each for each in freeze.moments if each > now), None)
    return frozen_until(freeze, now=now) or _next(str(freeze.from_), _zone(freeze), 0, now)


def _zone(freeze: Freeze) -> ZoneInfo:
    return ZoneInfo(freeze.timezone or "UTC")


def _last(cron: str, zone: ZoneInfo, fold: int, now: datetime) -> datetime:
    """The last time that came, this very moment included."""
    ticks = croniter(cron, (now.astimezone(zone) + _APART).replace(tzinfo=None))
    while (at := _moment(ticks.get_prev(datetime), zone, fold)) > now:
        pass
    return at


def _next(cron: str, zone: ZoneInfo, fold: int, now: datetime) -> datetime:
    """The next time that comes after this moment."""
    ticks = croniter(cron, (now.astimezone(zone) - _APART).replace(tzinfo=None))
    while (at := _moment(ticks.get_next(datetime), zone, fold)) <= now:
        pass
    return at


def _moment(tick: datetime, zone: ZoneInfo, fold: int) -> datetime:
    """When a clock on the wall shows this.

    In the hour that it shows twice a freeze begins the first time (`fold` 0) and ends the second; what falls into the
    hour that it leaps over comes with the leap.
    """
    while tick.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != tick:
        tick += _MINUTE
    return tick.replace(tzinfo=zone, fold=fold).astimezone(UTC)
