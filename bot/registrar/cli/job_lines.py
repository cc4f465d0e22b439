"""Knows how a job of the server reads, for a person and as JSON."""

import dataclasses
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from shutil import get_terminal_size

from registrar.cli import terminal
from registrar.cli.columns import GAP, write_columns
from registrar.database.jobs import Job

_HEADINGS = ("ID", "STATE", "WORK", "EVENT", "TRIED", "SINCE/DUE", "WHY")
_NEXT = {
    "waiting": "nothing: it is worked on when it is due",
    "running": "nothing: a replica works on it, and if that dies another one does",
    "parked": "mend the reason, then `registrar jobs retry {id}`; or give it up with `registrar jobs drop {id}`",
    "done": "nothing",
}


def facts(job: Job) -> dict[str, object]:
    """The same as JSON."""
    values = {field.name: getattr(job, field.name) for field in dataclasses.fields(job)}
    return {
        name: value.isoformat(timespec="seconds") if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def write_table(jobs: Sequence[Job]) -> None:
    """Print them line by line; the reason is cut to the screen."""
    if not jobs:
        terminal.say_aside("there is none")
        return
    columns = get_terminal_size().columns if sys.stdout.isatty() else None
    lines = ((_row(job), job.state == "parked") for job in jobs)
    write_columns(
        _HEADINGS, lines, sys.stdout, fitting=None if columns is None else lambda widths: _cut(widths, columns)
    )
    parked = sum(job.state == "parked" for job in jobs)
    if parked:
        terminal.say_aside(f"{parked} parked: registrar jobs show ID says all of it, retry ID lets it wait again")


def write_page(job: Job) -> None:
    """Print everything that is known of one."""
    about = ", ".join(f"{name} {value}" for name, value in job.event.items() if name != "kind" and value != "")
    lines = {
        "job": f"{job.id}, {job.state}",
        "event": f"{job.event['kind']}: {about}",
        "arrived": f"{_moment(job.received_at)}" + (f", {_times(job.arrivals)}" if job.arrivals > 1 else ""),
        "due": _moment(job.due_at) if job.state == "waiting" else "",
        "tried": _times(job.tried) if job.tried else "",
        "replica": job.replica or "",
        "ended": f"{_moment(job.finished_at)}, {job.state}" if job.finished_at else "",
        "why": _why(job),
        "decided": _decision(job),
        "next": _NEXT[job.state].format(id=job.id),
    }
    for name, text in lines.items():
        if text:
            terminal.say(f"{name:8} {text}")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _decision(job: Job) -> str:
    if job.decision is None or job.decided_by is None:
        return "overtaken: the same was worked on again" if job.decision else ""
    return f"{job.decision} by {job.decided_by}, {_moment(job.decided_at)}"


def _row(job: Job) -> tuple[str, ...]:
    since = job.finished_at or (job.due_at if job.state == "waiting" else job.received_at)
    return (
        str(job.id),
        job.state,
        job.work_key,
        job.event["kind"],
        str(job.tried),
        _moment(since),
        _why(job),
    )


def _why(job: Job) -> str:
    said = job.outcome if job.state == "parked" else job.error
    return " ".join((said or "").splitlines())


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(" ")[:16] if at is not None else "-"


def _cut(widths: list[int], columns: int) -> list[int]:
    """The reason takes what the others leave."""
    taken = sum(widths[:-1]) + GAP * (len(widths) - 1)
    return [*widths[:-1], max(10, min(widths[-1], columns - taken))]
