"""Knows the audit trail as data: JSON for programs, CSV for spreadsheets. Both are written line by line."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import TextIO

from registrar.cli.terminal import inert
from registrar.core import audit_words as words
from registrar.core.audit import Record
from registrar.core.audit_notes import Facts

COLUMNS = (
    "at",
    "kind",
    "model",
    "version",
    "before",
    "after",
    "change",
    "ruling",
    "reason",
    "requested_by",
    "author",
    "approved_by",
    "authority",
    "checks",
    "numbers",
    "deploys",
    "runs",
    "glass",
    "pull_request",
    "url",
    "commit",
)
_BETWEEN = "\x1f"
_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
# What a spreadsheet takes for a formula, in the width that some keyboards write too.
_FORMULA = re.compile(r"[\s'\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]")


def write_json(
    records: Iterable[Record], stream: TextIO, *, base: str, ledger: str | None, remarks: Sequence[str]
) -> None:
    """One document: where it was read, every record, and what could not be told."""
    stream.write(f'{{"base": {json.dumps(base)}, "ledger": {json.dumps(ledger)}, "records": [')
    separator = "\n"
    for record in records:
        stream.write(separator + _encoded(as_json(record)))
        separator = ",\n"
    stream.write(f'\n], "remarks": {json.dumps(remarks, ensure_ascii=False)}}}\n')


def write_csv(records: Iterable[Record], stream: TextIO) -> None:
    """One line each; nothing in it is a formula to a spreadsheet, whoever wrote it."""
    stream.write(_quoted(COLUMNS))
    stream.writelines(_quoted(_harmless(_cells(record))) for record in records)


def as_json(record: Record) -> dict[str, object]:
    """Everything known of it, and nothing of a note that was not looked at."""
    move = record.transition
    return {
        "at": record.at.isoformat(),
        "kind": record.kind.value,
        "model": move.model if move else None,
        "version": move.version if move else None,
        "before": move.before if move else None,
        "after": move.after if move else None,
        "traffic_before": move.traffic_before if move else None,
        "traffic_after": move.traffic_after if move else None,
        "makes_room": record.makes_room,
        "paths": record.paths,
        "ruling": record.ruling,
        "reason": record.reason,
        "requested_by": record.requester or None,
        "author": record.author or None,
        "rejected_by": record.rejected_by or None,
        "approvals": [*map(_approval, record.approvals)],
        "approvals_before": [*map(_approval, record.approvals_before)],
        "checks": [_picked(each, "name", "state", "reason") for each in record.checks],
        "measured": [{**_picked(each, "metric", "judgement"), **words.numbers(each)} for each in record.measured],
        "deploys": [
            _picked(each, "repository", "pipeline", "outcome", "detail", "at", "url", "operation")
            for each in record.deploys
        ],
        "glass": {**_person(record.glass["person"]), **_picked(record.glass, "reason", "url")}
        if record.glass
        else None,
        "pull_request": record.number,
        "url": record.url or None,
        "commit": record.commit,
    }


def harmless(cell: str) -> str:
    """A text that no spreadsheet computes."""
    text = inert(cell)
    return f"'{text}" if _FORMULA.match(text) else text


def _harmless(cells: Sequence[str]) -> Sequence[str]:
    """As nearly every cell is: it holds nothing odd, and begins as no formula does."""
    if "".join(cells).isprintable():
        return [cell if not cell or cell[0].isalnum() else harmless(cell) for cell in cells]
    return [harmless(cell) for cell in cells]


def _quoted(cells: Iterable[str]) -> str:
    """A line of CSV. No cell holds a control character, so one stands between them while quotes are doubled."""
    line = _BETWEEN.join(cells).replace('"', '""').replace(_BETWEEN, '","')
    return f'"{line}"\r\n'


def _cells(record: Record) -> tuple[str, ...]:
    move = record.transition
    return (
        record.at.isoformat(),
        record.kind.value,
        *((move.model, move.version, move.before, move.after) if move else ("", "", "", "")),
        words.change(record),
        record.ruling,
        record.reason,
        record.requester,
        record.author,
        ", ".join(record.approvers),
        "; ".join(words.authorities(record)),
        "; ".join([*map(words.check, record.checks)]),
        "; ".join([*map(words.measured, record.measured)]),
        "; ".join([*map(words.deploy, record.deploys)]),
        " ".join([deploy["url"] for deploy in record.deploys]),
        words.glass(record),
        "" if record.number is None else str(record.number),
        record.url,
        record.commit,
    )


def _approval(counted: Facts) -> dict[str, object]:
    person = _person(counted["person"])
    return {**person, **_picked(counted, "permission", "path", "rule", "word", "review", "sha", "at")}


def _person(person: Facts) -> dict[str, object]:
    return {"by": person["login"], "id": person["id"]}


def _picked(facts: Facts, *names: str) -> dict[str, object]:
    return {name: facts[name] for name in names}
