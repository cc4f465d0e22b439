"""Knows how the history of a model reads: who held what from when until when, and every change."""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from registrar.cli.columns import write_columns
from registrar.core import audit_words as words
from registrar.core.audit import Remark
from registrar.core.tenures import Tenure, Tenures, duration
from registrar.repository.audited import audited
from registrar.repository.git import GitRepository


def tenures(
    git: GitRepository, commit: str, model: str, *, status: str | None, remarks: list[Remark]
) -> Iterator[Tenure]:
    """Every status that a version was given, newest first; what could not be told is added to the remarks."""
    known = Tenures()
    for line in audited(git, commit, model=model):
        if isinstance(line, Remark):
            remarks.append(line)
            continue
        tenure = known.begun_by(line)
        if tenure is not None and (status is None or tenure.transition.after.casefold() == status.casefold()):
            yield tenure


def say_holders(found: Iterable[Tenure], *, now: datetime) -> None:
    """Print who held which status, from when, until when, and for how long."""
    lines = ((_holder(tenure, now), False) for tenure in found if not tenure.transition.keeps_status)
    write_columns(["STATUS", "VERSION", "FROM", "UNTIL", "FOR"], lines, sys.stdout)


def say_changes(found: Iterable[Tenure]) -> None:
    """Print every change: when, what, who asked, which commit."""
    lines = ((_change(tenure), words.is_alarming(tenure.record)) for tenure in found)
    write_columns(["WHEN", "VERSION", "CHANGE", "WHO", "COMMIT"], lines, sys.stdout)


def say_json(model: str, found: Iterable[Tenure]) -> None:
    """Print every change and until when it held, as one document, line by line."""
    sys.stdout.write(f'{{"model": {json.dumps(model)}, "history": [')
    separator = "\n"
    for tenure in found:
        sys.stdout.write(separator + json.dumps(_as_json(tenure), ensure_ascii=False))
        separator = ",\n"
    sys.stdout.write("\n]}\n")


def _holder(tenure: Tenure, now: datetime) -> tuple[str, ...]:
    until = words.moment(tenure.until) if tenure.until else "now"
    move = tenure.transition
    return (move.after, move.version, words.moment(tenure.record.at), until, duration(tenure.lasted(now)))


def _change(tenure: Tenure) -> tuple[str, ...]:
    record = tenure.record
    who = record.requester or record.author
    return (words.moment(record.at), tenure.transition.version, words.change(record), who, record.commit[:7])


def _as_json(tenure: Tenure) -> dict[str, object]:
    record, move = tenure.record, tenure.transition
    return {
        "at": record.at.isoformat(),
        "until": tenure.until.astimezone(UTC).isoformat() if tenure.until else None,
        "version": move.version,
        "before": move.before,
        "after": move.after,
        "traffic_before": move.traffic_before,
        "traffic_after": move.traffic_after,
        "author": record.author,
        "requested_by": [record.requester] if record.requester else [],
        "ruling": record.ruling,
        "commit": record.commit,
    }
