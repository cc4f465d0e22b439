"""Knows what a person means by a date or a moment: without an offset it is UTC."""

import re
from datetime import UTC, datetime, time, timedelta

from registrar.errors import UsageError

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    rf"{_DATE.pattern}[Tt ][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]{{1,6}})?)?(?:[Zz]|[+-][0-9]{{2}}:?[0-9]{{2}})?"
)
_LAST = timedelta(days=1) - timedelta(microseconds=1)


def looks_like_a_moment(text: str) -> bool:
    """Whether a person who writes this means a point in time, and no name."""
    return bool(_DATE.fullmatch(text) or _MOMENT.fullmatch(text))


def moment_meant(text: str, *, ends: bool) -> datetime:
    """The moment; of a day its first, or its last where something ends with it. Raises `UsageError`."""
    try:
        if _DATE.fullmatch(text):
            day = datetime.combine(datetime.fromisoformat(text), time(), UTC)
            return day + _LAST if ends else day
        if _MOMENT.fullmatch(text):
            found = datetime.fromisoformat(text.upper())
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        pass
    raise UsageError(f"{text!r} is no date and no moment; write it as 2026-03-01 or 2026-03-01T12:00:00+01:00")
