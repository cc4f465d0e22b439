"""Knows what the log of a job can hold: what its encoding lacks is shown as an escape, and stops no report."""

from typing import TextIO


def writable(text: str, log: TextIO) -> str:
    """The text as the log takes it; a path may hold bytes that are no text."""
    encoding = log.encoding or "utf-8"  # one that is kept in memory has none
    return text.encode(encoding, "backslashreplace").decode(encoding)
