"""Knows how the pages say moments, commits and sizes."""

from datetime import datetime, timedelta

from registrar.sandbox.accounts import Account, AccountKind

_UNITS = (("year", 365 * 24 * 3600), ("month", 30 * 24 * 3600), ("day", 24 * 3600), ("hour", 3600), ("minute", 60))
_KIBI = 1024


def ago(at: datetime, now: datetime) -> str:
    """`3 minutes ago`."""
    seconds = max(0, int((now - at).total_seconds()))
    for unit, length in _UNITS:
        count = seconds // length
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def day(at: datetime) -> str:
    """`3 March 2026, 14:05 UTC`, for those who want to know exactly."""
    offset = at.utcoffset() or timedelta()
    zone = "UTC" if not offset else at.strftime("%z")
    return f"{at.day} {at:%B %Y, %H:%M} {zone}"


def short(sha: str) -> str:
    """A commit as a person names it."""
    return sha[:7]


def first_line(text: str) -> str:
    """The title of a commit's message."""
    return text.strip().split("\n", 1)[0]


def size(count: int) -> str:
    """`12 bytes`, `3.4 KB`."""
    if count < _KIBI:
        return f"{count} byte{'' if count == 1 else 's'}"
    kilobytes = count / _KIBI
    return f"{kilobytes:.1f} KB" if kilobytes < _KIBI else f"{kilobytes / _KIBI:.1f} MB"


def is_bot(account: Account) -> bool:
    """Whether nobody sits behind the account."""
    return account.kind is AccountKind.BOT
