"""Knows how several names become one phrase."""

from collections.abc import Sequence

_MOST = 5


def either(names: Sequence[str]) -> str:
    """`ana, raj or mei`; a long list ends in how many more there are."""
    return _joined(names, "or")


def every(names: Sequence[str]) -> str:
    """`ana, raj and mei`; a long list ends in how many more there are."""
    return _joined(names, "and")


def _joined(names: Sequence[str], word: str) -> str:
    shown = list(names) if len(names) <= _MOST else [*names[:_MOST], f"{len(names) - _MOST} more"]
    *first, last = shown
    return f"{', '.join(first)} {word} {last}" if first else last
