"""Knows how several names become one phrase."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

_MOST = 5
_MINUTE = timedelta(minutes=1)
_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", _MINUTE))


def either(names: Sequence[str]) -> str:
    """`ana, raj or mei`; a long list ends in how many more there are."""
    return _joined(names, "or")


def every(names: Sequence[str]) -> str:
    """`ana, raj and mei`; a long list ends in how many more there are."""
    return _joined(names, "and")


def moment(at: datetime, clock: tzinfo = UTC) -> str:
    """`2026-03-02 06:00 Europe/Berlin`; what has seconds is told as the minute that follows."""
    whole = at.astimezone(UTC).replace(second=0, microsecond=0)
    shown = whole if whole == at else whole + _MINUTE
    return f"{shown.astimezone(clock):%Y-%m-%d %H:%M} {clock}"


def length(time: timedelta) -> str:
    """`3 days`, `1 hour`, `90 minutes`: in the greatest unit that tells it whole."""
    unit, size = next((unit, size) for unit, size in _UNITS if time % size == timedelta() or size == _MINUTE)
    count = time // size
    return f"{count} {unit}" + "s" * (count != 1)


def _joined(names: Sequence[str], word: str) -> str:
    shown = list(names) if len(names) <= _MOST + 1 else [*names[:_MOST], f"{len(names) - _MOST} more"]
    *first, last = shown
    return f"{', '.join(first)} {word} {last}" if first else last
