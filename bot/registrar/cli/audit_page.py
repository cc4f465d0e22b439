"""Knows the audit trail as a page that needs nothing but itself: to be sent, kept and printed."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from registrar.cli.terminal import inert
from registrar.core import audit_words as words
from registrar.core.audit import Record
from registrar.rendering import templates_dir

Row = dict[str, object]


class _Counted:
    """How many lines there were, told when the last one is through."""

    records = 0


def write_page(
    records: Iterable[Record], stream: TextIO, *, about: dict[str, object], remarks: Sequence[object]
) -> None:
    """Write it as it comes; what could not be told is known at its end."""
    counted = _Counted()

    def rows() -> Iterator[Row]:
        for record in records:
            counted.records += 1
            yield _row(record)

    template = _environment().get_template("reports/audit.html")
    stream.writelines(template.generate(rows=rows(), counted=counted, remarks=remarks, **about))


def _row(record: Record) -> Row:
    move = record.transition
    return {
        "at": words.moment(record.at),
        "model": move.model if move else "",
        "version": move.version if move else "",
        "change": words.change(record),
        "makes_room": record.makes_room,
        "asked": record.requester or f"({record.author})",
        "ruling": words.ruling(record),
        "reason": "" if record.approvals and record.ruling == "approved" else record.reason,
        "authorities": [*words.authorities(record), *filter(None, [words.glass(record)])],
        "checks": [] if record.makes_room else [words.check(each) for each in record.checks],
        "numbers": [words.measured(each) for each in record.measured],
        "deploys": [f"{words.deploy(each)} {each['url']}" for each in record.deploys],
        "commit": record.commit,
        "number": record.number,
        "alarms": words.is_alarming(record),
    }


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(str(templates_dir())),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
        finalize=lambda value: inert(value) if type(value) is str else value,
    )
