"""Knows how lines of the audit trail stand in columns, no wider than the screen of whoever looks at them."""

from collections.abc import Iterable
from shutil import get_terminal_size
from typing import TextIO

from registrar.cli.columns import GAP, write_columns
from registrar.core import audit_words as words
from registrar.core.audit import Record

_HEADINGS = ("WHEN", "MODEL", "VERSION", "CHANGE", "ASKED", "APPROVED", "RESULT", "COMMIT")
_SHORT_HEADINGS = ("WHEN", "MODEL", "VERSION", "TO", "ASKED", "BY", "RESULT", "COMMIT")
_CAN_SHRINK = (1, 3, 4, 5, 6)
_NARROWEST = 6
_ROOMY = 100  # columns of a screen that has room for all of it


def write_table(records: Iterable[Record], stream: TextIO) -> None:
    """Print them line by line, newest first."""
    if not stream.isatty():
        write_columns(_HEADINGS, ((_row(record), words.is_alarming(record)) for record in records), stream)
        return
    columns = get_terminal_size().columns
    headings, row = (_HEADINGS, _row) if columns >= _ROOMY else (_SHORT_HEADINGS, _short_row)
    lines = ((row(record), words.is_alarming(record)) for record in records)
    write_columns(headings, lines, stream, fitting=lambda widths: _fitting(widths, columns))


def _row(record: Record) -> tuple[str, ...]:
    move = record.transition
    return (
        words.moment(record.at),
        move.model if move else "-",
        move.version if move else "-",
        words.change(record),
        record.requester or f"({record.author})",
        ", ".join(record.approvers) or "-",
        words.result(record),
        record.commit[:7],
    )


def _short_row(record: Record) -> tuple[str, ...]:
    """The same without the time of day, and without the status that was left."""
    moment, model, version, change, *others = _row(record)
    move = record.transition
    if move is not None and not move.keeps_status:
        change = move.after
    return (moment.partition(" ")[0], model, version, change, *others)


def _fitting(widths: list[int], columns: int) -> list[int]:
    """The widths of what fits: the widest cells are cut first."""
    while sum(widths) + GAP * (len(widths) - 1) > columns:
        widest = max(_CAN_SHRINK, key=lambda column: widths[column])
        if widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
    return widths
