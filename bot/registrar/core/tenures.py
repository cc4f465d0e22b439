"""Knows who held which status, from when until when: a version holds what it was given until it is given another."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from registrar.core.audit import Record
from registrar.core.lifecycle import Transition

_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


@dataclass(frozen=True, slots=True)
class Tenure:
    """A version holds a status."""

    transition: Transition
    record: Record  # how it got it
    until: datetime | None  # None: it holds it still

    def lasted(self, now: datetime) -> timedelta:
        """How long; up to now, if it lasts."""
        return max((self.until or now) - self.record.at, timedelta())


@dataclass(slots=True)
class Tenures:
    """Takes the changes of a model, newest first, and tells the tenure that each began."""

    _ends: dict[str, datetime] = field(default_factory=dict)

    def begun_by(self, record: Record) -> Tenure | None:
        """What a line of the audit trail began; None: nobody got a status by it."""
        move = record.transition
        if move is None:
            return None
        tenure = Tenure(move, record, self._ends.get(move.version))
        if not move.keeps_status:
            self._ends[move.version] = record.at
        return tenure


def duration(time: timedelta) -> str:
    """A length of time as a person says it: in the largest unit of which there are two."""
    for name, unit in _UNITS:
        if time >= 2 * unit:
            return f"{time // unit} {name}s"
    return "a minute" if time >= timedelta(minutes=1) else "less than a minute"
