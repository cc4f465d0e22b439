"""What waits, runs, was parked and is done, for a person who looks after it; and what that person decides."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from registrar.database.connecting import now_of
from registrar.database.tables import DONE, DROPPED, INBOX, IS_PARKED, REPLICAS, WORKS
from registrar.errors import NotAllowed, Unknown

STATES: Final = ("waiting", "running", "parked", "done")
_STATE: Final = sa.case(
    (INBOX.c.outcome.in_((DONE, DROPPED)), "done"),
    (INBOX.c.outcome.is_not(None), "parked"),
    (INBOX.c.batch.is_not(None), "running"),
    else_="waiting",
)
_TOLD: Final = (  # of a job by any of its rows
    INBOX.c.work_key,
    INBOX.c.repository,
    INBOX.c.due_at,
    INBOX.c.finished_at,
    INBOX.c.error,
    INBOX.c.decision,
    INBOX.c.decided_by,
    INBOX.c.decided_at,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One event, however often it arrived while it waited."""

    id: int
    state: str  # one of STATES
    event: Mapping[str, Any]  # its kind, and what it is about
    work_key: str
    repository: str
    arrivals: int
    tried: int
    received_at: datetime
    due_at: datetime
    finished_at: datetime | None
    outcome: str | None  # "done", "dropped", or why it was parked
    error: str | None  # what went wrong the last time that it was tried
    replica: str | None  # who works on it
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None


class Jobs:
    """The inbox, as an operator sees it. It can be asked and told beside a running server."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database

    def listed(self, *, states: Collection[str], repository: str | None, limit: int | None = None) -> tuple[Job, ...]:
        """What is in these states, in order of arrival; of what is done alone the newest first."""
        anywhere = sa.true() if repository is None else INBOX.c.repository == repository
        query = _jobs(sa.and_(_STATE.in_(sorted(states)), anywhere))
        order: sa.ColumnElement[Any] = sa.desc("id") if set(states) == {"done"} else sa.asc("id")
        with self._database.connect() as connection:
            return tuple(map(_job, connection.execute(query.order_by(order).limit(limit)).mappings().all()))

    def job(self, number: int) -> Job:
        """The one that this number is part of. Raises `Unknown`."""
        with self._database.connect() as connection:
            return _job_of(connection, number)

    def retry(self, numbers: Collection[int], *, by: str) -> tuple[Job, ...]:
        """Let parked ones wait again, with all their tries before them. All or none: raises `Unknown`, `NotAllowed`."""
        now = now_of(self._database)
        again = {"outcome": None, "batch": None, "finished_at": None, "attempt": 0, "due_at": now}
        return self._decide(numbers, again | {"decision": "retried", "decided_by": by, "decided_at": now})

    def drop(self, numbers: Collection[int], *, by: str) -> tuple[Job, ...]:
        """Give parked ones up for good, with the reason kept. All or none: raises `Unknown`, `NotAllowed`."""
        now = now_of(self._database)
        never = {"outcome": DROPPED, "error": sa.func.coalesce(INBOX.c.error, INBOX.c.outcome), "finished_at": now}
        return self._decide(numbers, never | {"decision": "dropped", "decided_by": by, "decided_at": now})

    def _decide(self, numbers: Collection[int], values: Mapping[str, object]) -> tuple[Job, ...]:
        with self._database.begin() as connection:
            jobs = {job.id: job for job in (_job_of(connection, number) for number in numbers)}
            for job in jobs.values():
                mine = sa.and_(_like(connection, job.id), IS_PARKED)
                if not connection.execute(sa.update(INBOX).where(mine).values(values)).rowcount:
                    raise NotAllowed(f"job {job.id} is {job.state}: only what is parked waits for a decision")
        return tuple(jobs.values())


def _job_of(connection: sa.Connection, number: int) -> Job:
    return _job(connection.execute(_jobs(_like(connection, number))).mappings().one())


def _like(connection: sa.Connection, number: int) -> sa.ColumnElement[bool]:
    """Every row of the job that this one is part of."""
    parts = (INBOX.c.event, INBOX.c.batch, INBOX.c.outcome)
    row = connection.execute(sa.select(*parts).where(INBOX.c.id == number)).one_or_none()
    if row is None:
        raise Unknown(f"there is no job {number}; registrar jobs list shows what there is")
    return sa.and_(*(part.is_not_distinct_from(value) for part, value in zip(parts, row, strict=True)))


def _jobs(wanted: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """One row a job: what waits and says the same is worked on once, however often it arrived."""
    told = (sa.func.max(column).label(column.name) for column in _TOLD)
    received = sa.case((INBOX.c.received_at > 0, INBOX.c.received_at), else_=INBOX.c.due_at)
    return (
        sa.select(
            sa.func.max(INBOX.c.id).label("id"),
            INBOX.c.event,
            INBOX.c.outcome,
            _STATE.label("state"),
            sa.func.count().label("arrivals"),
            sa.func.max(INBOX.c.attempt).label("tried"),
            sa.func.min(received).label("received_at"),
            sa.func.max(REPLICAS.c.name).label("replica"),
            *told,
        )
        .outerjoin_from(INBOX, WORKS, sa.and_(WORKS.c.batch == INBOX.c.batch, INBOX.c.outcome.is_(None)))
        .outerjoin(REPLICAS, REPLICAS.c.id == WORKS.c.replica)
        .where(wanted)
        .group_by(INBOX.c.event, INBOX.c.batch, INBOX.c.outcome)
    )


def _job(row: sa.RowMapping) -> Job:
    values = dict(row)
    times = {name: _moment(values[name]) for name in values if name.endswith("_at")}
    return Job(**{**values, **times, "event": json.loads(values["event"])})


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
