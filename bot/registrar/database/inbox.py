"""What has happened and is not yet worked on: one durable row an event, under a unique key."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from registrar.core.events import Event, FollowUp
from registrar.database.tables import INBOX as ROWS
from registrar.database.tables import IS_PARKED


@dataclass(frozen=True, slots=True)
class Row:
    """One event of a batch, and how often it was tried before."""

    id: int
    event: Event
    attempt: int


class Inbox:
    """The table: every write is committed to disk before it returns."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._insert_into = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert

    def add(self, delivery: str, event: Event, *, now: datetime) -> bool:
        """Keep an event; False when this delivery is known already."""
        return self._insert(_row(delivery, event, due=now, received=now))

    def add_all(self, arrived: Sequence[tuple[str, Event]], *, now: datetime) -> frozenset[str]:
        """Keep events in one commit, all or none; the deliveries that were not known yet."""
        rows = [_row(delivery, event, due=now, received=now) for delivery, event in sorted(arrived, key=_name)]
        if not rows:
            return frozenset()
        query = self._insert_into(ROWS).on_conflict_do_nothing().returning(ROWS.c.delivery)
        with self._engine.begin() as connection:
            return frozenset(connection.execute(query, rows).scalars())

    def add_follow_ups(self, parent: str, follow_ups: Sequence[FollowUp], *, now: datetime) -> None:
        """Keep what a piece of work asked for next, also where a try before it asked for something else.

        What is asked for again while it waits is worked on once.
        """
        for follow_up in follow_ups:
            due = now + timedelta(seconds=follow_up.after)
            if follow_up.after and self._is_scheduled(follow_up.event, since=now + (due - now) / 2, by=due):
                continue
            row = _row(_name_of(follow_up) or f"{parent}/{uuid4().hex}", follow_up.event, due=due, received=now)
            # That it was asked for at all is known here alone. What waits for a time is asked for before that alone.
            self._insert(row | {"for_good": bool(follow_up.once) and not follow_up.after})

    def rows(self, batch: str) -> tuple[Row, ...]:
        """What is left of a piece of work: each different event once, in order of arrival."""
        newest = sa.func.max(ROWS.c.id)
        query = (
            sa.select(newest, ROWS.c.event, sa.func.max(ROWS.c.attempt))
            .where(ROWS.c.batch == batch, ROWS.c.outcome.is_(None))
            .group_by(ROWS.c.event)
            .order_by(newest)
        )
        with self._engine.connect() as connection:
            return tuple(Row(row_id, decode(event), attempt) for row_id, event, attempt in connection.execute(query))

    def given_up(self) -> tuple[tuple[str, str], ...]:
        """Work keys and reasons of events that could not be worked on."""
        query = sa.select(ROWS.c.work_key, ROWS.c.outcome).where(IS_PARKED).order_by(ROWS.c.id)
        with self._engine.connect() as connection:
            return tuple((key, outcome) for key, outcome in connection.execute(query))

    def _is_scheduled(self, event: Event, *, since: datetime, by: datetime) -> bool:
        """Whether it is looked at about then anyway.

        A look that is due much later is no reason to forgo an early one. Nor is one that is due much earlier: it may
        see nothing yet, and be parked for a reason of its own.
        """
        soon = ROWS.c.due_at.between(since.timestamp(), by.timestamp())
        waits = sa.and_(ROWS.c.batch.is_(None), ROWS.c.outcome.is_(None))
        waiting = sa.and_(ROWS.c.event == encode(event), waits, soon)
        with self._engine.connect() as connection:
            return connection.execute(sa.select(ROWS.c.id).where(waiting).limit(1)).first() is not None

    def _insert(self, row: Mapping[str, object]) -> bool:
        query = self._insert_into(ROWS).values(row).on_conflict_do_nothing().returning(ROWS.c.id)
        with self._engine.begin() as connection:
            return connection.execute(query).first() is not None


def _name(arrived: tuple[str, Event]) -> str:
    """In one order everywhere, two replicas never wait for each other in a circle."""
    return arrived[0]


def _name_of(follow_up: FollowUp) -> str:
    """What may happen once may happen once in each registry; empty: it may happen whenever it is asked for."""
    return f"{follow_up.once}@{follow_up.event.repository}" if follow_up.once else ""


def _row(delivery: str, event: Event, *, due: datetime, received: datetime) -> dict[str, object]:
    return {
        "delivery": delivery,
        "work_key": event.work_key,
        "event": encode(event),
        "attempt": 0,
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
