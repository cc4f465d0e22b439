"""What has happened and is not yet worked on: one durable row an event, under a unique key."""

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from registrar.core.events import Event, FollowUp
from registrar.database.tables import INBOX as ROWS


@dataclass(frozen=True, slots=True)
class Row:
    """One event of a batch, and how often it was tried before."""

    id: int
    event: Event
    attempt: int


@dataclass(frozen=True, slots=True)
class Batch:
    """All waiting events of one work key, taken together."""

    name: str
    work_key: str


class Inbox:
    """The table: every write is committed to disk before it returns."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._insert_into = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert

    def add(self, delivery: str, event: Event, *, now: datetime) -> bool:
        """Keep an event; False when this delivery is known already."""
        return self._insert(delivery, event, attempt=0, due=now)

    def add_all(self, arrived: Sequence[tuple[str, Event]], *, now: datetime) -> frozenset[str]:
        """Keep events in one commit, all or none; the deliveries that were not known yet."""
        rows = [_row(delivery, event, attempt=0, due=now, received=now) for delivery, event in arrived]
        if not rows:
            return frozenset()
        query = self._insert_into(ROWS).on_conflict_do_nothing().returning(ROWS.c.delivery)
        with self._engine.begin() as connection:
            return frozenset(connection.execute(query, rows).scalars())

    def add_follow_ups(self, parent: str, follow_ups: Sequence[FollowUp], *, now: datetime) -> None:
        """Keep what a piece of work asked for next; repeating the call adds nothing."""
        for number, follow_up in enumerate(follow_ups):
            due = now + timedelta(seconds=follow_up.after)
            if follow_up.after and self._is_scheduled(follow_up.event, by=due):
                continue
            self._insert(follow_up.once or f"{parent}/{number}", follow_up.event, attempt=0, due=due, received=now)

    def try_again(self, row: Row, *, at: datetime, attempt: int) -> None:
        """Keep the same event for later."""
        self._insert(f"again:{row.id}", row.event, attempt=attempt, due=at)

    def take(self, *, now: datetime) -> tuple[Batch, ...]:
        """Put every due event into a batch of its work key, and return the new batches."""
        with self._engine.begin() as connection:
            due = sa.and_(ROWS.c.batch.is_(None), ROWS.c.due_at <= now.timestamp())
            newest = sa.select(ROWS.c.work_key, sa.func.max(ROWS.c.id)).where(due).group_by(ROWS.c.work_key)
            # Random, as the name is DBOS's too, and a new inbox counts from 1 again beside an old database of DBOS's.
            batches = [
                Batch(f"{row_id:012}:{key}:{uuid4().hex[:8]}", key) for key, row_id in connection.execute(newest).all()
            ]
            for batch in sorted(batches, key=lambda batch: batch.name):
                mine = sa.and_(due, ROWS.c.work_key == batch.work_key)
                connection.execute(sa.update(ROWS).where(mine).values(batch=batch.name))
        return tuple(sorted(batches, key=lambda batch: batch.name))

    def unfinished(self) -> tuple[Batch, ...]:
        """Batches that were taken and not finished: what a crash interrupted."""
        query = (
            sa.select(ROWS.c.batch, ROWS.c.work_key)
            .where(ROWS.c.outcome.is_(None), ROWS.c.batch.is_not(None))
            .distinct()
            .order_by(ROWS.c.batch)
        )
        with self._engine.connect() as connection:
            return tuple(Batch(name, key) for name, key in connection.execute(query))

    def members(self, batch: str) -> tuple[int, ...]:
        """One row for each different event of a batch, in order of arrival; always the same answer."""
        query = sa.select(sa.func.max(ROWS.c.id)).where(ROWS.c.batch == batch).group_by(ROWS.c.event)
        with self._engine.connect() as connection:
            return tuple(sorted(connection.execute(query).scalars()))

    def row(self, row_id: int) -> Row | None:
        """One event, or None when it has been worked on."""
        query = sa.select(ROWS.c.event, ROWS.c.attempt).where(ROWS.c.id == row_id, ROWS.c.outcome.is_(None))
        with self._engine.connect() as connection:
            found = connection.execute(query).first()
        return Row(row_id, decode(found.event), found.attempt) if found else None

    def finish(self, batch: str, event: Event, outcome: str) -> None:
        """Note how it ended, for every row of the batch that says the same event."""
        mine = sa.and_(ROWS.c.batch == batch, ROWS.c.event == encode(event))
        with self._engine.begin() as connection:
            connection.execute(sa.update(ROWS).where(mine).values(outcome=outcome))

    def allow_again(self, event: Event) -> None:
        """Let what was given up be asked for once more, also what may happen only once: it has not happened."""
        ended = sa.and_(ROWS.c.event == encode(event), ROWS.c.outcome.is_not(None))
        renamed = ROWS.c.delivery + "!" + sa.cast(ROWS.c.id, sa.String)
        with self._engine.begin() as connection:
            connection.execute(sa.update(ROWS).where(ended).values(delivery=renamed))

    def given_up(self) -> tuple[tuple[str, str], ...]:
        """Work keys and reasons of events that could not be worked on."""
        query = sa.select(ROWS.c.work_key, ROWS.c.outcome).where(ROWS.c.outcome != "done").order_by(ROWS.c.id)
        with self._engine.connect() as connection:
            return tuple((key, outcome) for key, outcome in connection.execute(query))

    def _is_scheduled(self, event: Event, *, by: datetime) -> bool:
        """Whether it is looked at by then anyway; a look that is due much later is no reason to forgo an early one."""
        soon = ROWS.c.due_at <= by.timestamp()
        waiting = sa.and_(ROWS.c.event == encode(event), ROWS.c.batch.is_(None), soon)
        with self._engine.connect() as connection:
            return connection.execute(sa.select(ROWS.c.id).where(waiting).limit(1)).first() is not None

    def _insert(
        self, delivery: str, event: Event, *, attempt: int, due: datetime, received: datetime | None = None
    ) -> bool:
        row = _row(delivery, event, attempt=attempt, due=due, received=received or due)
        with self._engine.begin() as connection:
            return connection.execute(self._insert_into(ROWS).values(row).on_conflict_do_nothing()).rowcount == 1


def _row(delivery: str, event: Event, *, attempt: int, due: datetime, received: datetime) -> dict[str, object]:
    return {
        "delivery": delivery,
        "work_key": event.work_key,
        "event": encode(event),
        "attempt": attempt,
        "due_at": due.timestamp(),
        "repository": event.repository,
        "received_at": received.timestamp(),
    }


def encode(event: Event) -> str:
    """An event as JSON, the same text for the same event."""
    return json.dumps({"kind": type(event).__name__, **dataclasses.asdict(event)}, sort_keys=True)


def decode(text: str) -> Event:
    """The event that `encode` wrote."""
    fields = json.loads(text)
    kinds: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}
    return kinds[fields.pop("kind")](**fields)
