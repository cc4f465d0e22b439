"""Knows how lines of the audit trail stand in columns, told before the last is known, no wider than the screen."""

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from shutil import get_terminal_size
from typing import TextIO

from registrar.cli.terminal import coloured, inert
from registrar.core import audit_words as words
from registrar.core.audit import Record

_HEADINGS = ("WHEN", "MODEL", "VERSION", "CHANGE", "ASKED", "APPROVED", "RESULT", "COMMIT")
_CAN_SHRINK = (1, 3, 4, 5, 6)
_RESULT = 6
_LOOKED_AHEAD = 200  # lines, for the widths: the rest may be any number
_NARROWEST = 6
_DAY = 10  # characters of a moment
_GAP = 2


def write_table(records: Iterable[Record], stream: TextIO) -> None:
    """Print them line by line, newest first."""
    rows = ((_row(record), words.is_alarming(record)) for record in records)
    first = list(islice(rows, _LOOKED_AHEAD))
    if not first:
        return
    widths = [max(map(len, column)) for column in zip(_HEADINGS, *(row for row, _ in first), strict=True)]
    if stream.isatty():
        widths = _fitting(widths, get_terminal_size().columns)
    stream.write(coloured(_line(_HEADINGS, widths, cut=stream.isatty()), "bold", stream=stream) + "\n")
    for row, is_alarming in chain(first, rows):
        line = _line(row, widths, cut=stream.isatty())
        stream.write((coloured(line, "red", stream=stream) if is_alarming else line) + "\n")


def _row(record: Record) -> Sequence[str]:
    move = record.transition
    cells = (
        words.moment(record.at),
        move.model if move else "-",
        move.version if move else "-",
        words.change(record),
        record.requester or f"({record.author})",
        ", ".join(record.approvers) or "-",
        words.result(record),
        record.commit[:7],
    )
    return tuple(map(inert, cells))


def _fitting(widths: list[int], columns: int) -> list[int]:
    """The widths of what fits: without the time of day first, then with the widest cells cut."""

    def total() -> int:
        return sum(widths) + _GAP * (len(widths) - 1)

    if total() > columns:
        widths = [_DAY, *widths[1:]]
    while total() > columns:
        widest = max(_CAN_SHRINK, key=lambda column: widths[column])
        if widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
    return widths


def _line(cells: Sequence[str], widths: Sequence[int], *, cut: bool) -> str:
    when, *others = cells
    shown = [_cut(cell, width) if cut else cell for cell, width in zip(others, widths[1:], strict=True)]
    return (" " * _GAP).join(map(str.ljust, (when[: widths[0]], *shown), widths)).rstrip()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
