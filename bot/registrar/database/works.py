"""What is being worked on: one piece of work a work key at a time, and one holder of it, whichever replica that is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args
from uuid import uuid4

import sqlalchemy as sa

from registrar.core.events import Event, Telling
from registrar.database.connecting import now_of
from registrar.database.inbox import Row, encode
from registrar.database.tables import DONE, DROPPED, INBOX, IS_PARKED, REPLICAS, WORKS
from registrar.errors import Superseded

# Locks of PostgreSQL, which this program alone knows. SQLite has one writer anyway.
_TAKING: Final = 0x7265_6769_0001
_LOOKING_AFTER: Final = 0x7265_6769_0002

# No text of a person's reads so: in JSON its quotes are escaped.
_IS_TELLING: Final = sa.or_(*(INBOX.c.event.contains(f'"kind": "{kind.__name__}"') for kind in get_args(Telling)))


@dataclass(frozen=True, slots=True)
class Claim:
    """A piece of work in somebody's hands: all events of a work key that waited when it was taken."""

    work_key: str
    batch: str
    execution: str
    replica: int
    fence: int  # how often it was begun


@dataclass(frozen=True, slots=True)
class Taken:
    """A piece of work that is not finished, and the replica that took it or began it last."""

    execution: str
    replica: int


class Works:
    """The table of works. Whoever was superseded changes nothing through it."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database
        self._now = now_of(database)

    def take(
        self, *, replica: int, room: int, now: datetime, share: int | None = None, telling: bool | None = None
    ) -> tuple[Claim, ...]:
        """Begin with what is due, at most so many, so that each repository has its share of what is under way.

        No more of one repository than `share` are in the replica's hands, whatever else waits: one that answers nothing
        holds them for long. `telling` says that only what needs nothing of a forge is wanted, or all but that. Nothing
        is taken for a replica that was taken for dead: it could finish none of it.
        """
        claims: list[Claim] = []
        with self._database.begin() as connection:
            self._alone(connection, _TAKING)
            if not connection.execute(sa.select(_lives(replica))).scalar():
                return ()
            wanted = _is_due(now) if telling is None else sa.and_(_is_due(now), _IS_TELLING.is_(telling))
            for row in connection.execute(_next(room, wanted, replica, share)).all():
                claims.append(_fresh(row.work_key, f"{row.newest:012}:{row.work_key}:{uuid4().hex[:8]}", replica))
                self._take_one(connection, claims[-1], row.repository, now)
        return tuple(claims)

    def begin(self, execution: str, replica: int) -> Claim | None:
        """Take over: whoever had begun it before may write nothing more. None when it is finished, or another's."""
        begun = (
            sa.update(WORKS)
            .where(WORKS.c.execution == execution, _lives(replica))
            .values(replica=replica, fence=WORKS.c.fence + 1)
            .returning(WORKS.c.work_key, WORKS.c.batch, WORKS.c.fence)
        )
        with self._database.begin() as connection:
            row = connection.execute(begun).one_or_none()
        return Claim(row.work_key, row.batch, execution, replica, row.fence) if row else None

    def refuse_late(self, claim: Claim) -> None:
        """Raises `Superseded` when the work is in other hands by now."""
        with self._database.connect() as connection:
            if connection.execute(sa.select(sa.literal(1)).where(_holds(claim))).one_or_none() is None:
                raise Superseded(claim.work_key)

    def finish(self, claim: Claim, event: Event) -> None:
        """Note that it is done, for every row of the work that says the same event. Raises `Superseded`."""
        self._note(claim, event, outcome=DONE, finished_at=self._now)

    def park(self, claim: Claim, row: Row, *, reason: str) -> None:
        """Give it up until a person looks, and let it be asked for again: it has not happened. Raises `Superseded`."""
        renamed = INBOX.c.delivery + "!" + sa.cast(INBOX.c.id, sa.String)
        why = _storable(reason)
        parked = {"outcome": why, "finished_at": self._now, "error": why, "attempt": row.attempt + 1}
        self._note(claim, row.event, delivery=renamed, **parked)

    def put_off(self, claim: Claim, row: Row, *, due: datetime, attempt: int, error: str) -> None:
        """Let it wait until then, for another try. Raises `Superseded`."""
        self._note(claim, row.event, batch=None, due_at=due.timestamp(), attempt=attempt, error=_storable(error))

    def release(self, claim: Claim) -> None:
        """Let the next begin with the work key; what is not finished waits again. Raises `Superseded`."""
        rest = sa.update(INBOX).where(INBOX.c.batch == claim.batch, INBOX.c.outcome.is_(None)).values(batch=None)
        with self._database.begin() as connection:
            if not connection.execute(sa.delete(WORKS).where(_is(claim), _lives(claim.replica))).rowcount:
                raise Superseded(claim.work_key)
            connection.execute(rest)

    def unfinished(self) -> tuple[Taken, ...]:
        """Everything that was taken and not released."""
        query = sa.select(WORKS.c.execution, WORKS.c.replica).order_by(WORKS.c.batch)
        with self._database.connect() as connection:
            return tuple(Taken(execution, replica) for execution, replica in connection.execute(query))

    def run_anew(self, execution: str, replica: int) -> Claim | None:
        """Begin under another name: the old one can finish nothing. None when it is finished, or another's."""
        renamed = (
            sa.update(WORKS)
            .where(WORKS.c.execution == execution)
            .values(execution=WORKS.c.batch + f"/{uuid4().hex[:8]}")
            .returning(WORKS.c.execution)
        )
        with self._database.begin() as connection:
            anew = connection.execute(renamed).scalar_one_or_none()
        return self.begin(anew, replica) if anew else None

    def let_strays_wait(self) -> None:
        """Have those events wait again that an older version took, and that nobody works on."""
        strays = sa.and_(INBOX.c.outcome.is_(None), INBOX.c.batch.is_not(None))
        taken = sa.select(WORKS.c.batch)
        with self._database.begin() as connection:
            connection.execute(sa.update(INBOX).where(strays, INBOX.c.batch.not_in(taken)).values(batch=None))

    @contextmanager
    def looking_after(self) -> Iterator[bool]:
        """Whether nobody else looks after what was interrupted, which two must not do at once."""
        if self._database.dialect.name == "sqlite":
            yield True
            return
        with self._database.begin() as connection:  # its end frees the lock, and so does the end of its process
            yield bool(connection.execute(sa.select(sa.func.pg_try_advisory_xact_lock(_LOOKING_AFTER))).scalar())

    def _take_one(self, connection: sa.Connection, claim: Claim, repository: str, now: datetime) -> None:
        mine = sa.and_(_is_due(now), INBOX.c.work_key == claim.work_key)
        connection.execute(
            sa.insert(WORKS).values(
                work_key=claim.work_key,
                batch=claim.batch,
                repository=repository,
                replica=claim.replica,
                execution=claim.execution,
                fence=claim.fence,
                taken_at=self._now,
            )
        )
        connection.execute(sa.update(INBOX).where(mine).values(batch=claim.batch))

    def _note(self, claim: Claim, event: Event, **values: object) -> None:
        mine = sa.and_(INBOX.c.batch == claim.batch, INBOX.c.event == encode(event), INBOX.c.outcome.is_(None))
        with self._database.begin() as connection:
            if not connection.execute(sa.update(INBOX).where(mine, _holds(claim)).values(values)).rowcount:
                raise Superseded(claim.work_key)
            if "outcome" in values:
                connection.execute(_overtaken(event, claim.batch))

    def _alone(self, connection: sa.Connection, lock: int) -> None:
        """Hold off everybody else who takes, to the end of the transaction."""
        if self._database.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))


def _storable(text: str) -> str:
    """What any database takes: an error may quote whatever a forge, a file or a program has said."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def _fresh(work_key: str, batch: str, replica: int) -> Claim:
    return Claim(work_key, batch, execution=batch, replica=replica, fence=1)


def _overtaken(event: Event, batch: str) -> sa.Update:
    """What was parked of the same event before: how it ended now is what counts, and one is enough to look at."""
    same = sa.and_(INBOX.c.work_key == event.work_key, INBOX.c.event == encode(event), INBOX.c.batch != batch)
    ended = {"outcome": DROPPED, "error": sa.func.coalesce(INBOX.c.error, INBOX.c.outcome), "decision": "overtaken"}
    return sa.update(INBOX).where(same, IS_PARKED).values(ended)


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    """What was not put off is due as soon as it is there: another's clock may be ahead, and one's own is put back."""
    is_fresh = sa.and_(INBOX.c.error.is_(None), INBOX.c.due_at <= INBOX.c.received_at)
    return sa.and_(INBOX.c.batch.is_(None), INBOX.c.outcome.is_(None), is_fresh | (INBOX.c.due_at <= now.timestamp()))


def _next(
    room: int, wanted: sa.ColumnElement[bool], replica: int, share: int | None
) -> sa.Select[tuple[str, str, int]]:
    """The work keys whose turn it is: first those of the repository that has the least under way, the oldest first."""
    oldest, repository = sa.func.min(INBOX.c.id), sa.func.max(INBOX.c.repository)
    keys = (
        sa.select(
            INBOX.c.work_key,
            repository.label("repository"),
            oldest.label("oldest"),
            sa.func.max(INBOX.c.id).label("newest"),
            sa.func.row_number().over(partition_by=repository, order_by=oldest).label("turn"),
        )
        .where(wanted, INBOX.c.work_key.not_in(sa.select(WORKS.c.work_key)))
        .group_by(INBOX.c.work_key)
        .subquery()
    )
    is_mine = sa.case((WORKS.c.replica == replica, 1))
    busy = (
        sa.select(WORKS.c.repository, sa.func.count().label("count"), sa.func.count(is_mine).label("mine"))
        .group_by(WORKS.c.repository)
        .subquery()
    )
    turn = keys.c.turn + sa.func.coalesce(busy.c.count, 0)
    query = sa.select(keys.c.work_key, keys.c.repository, keys.c.newest)
    query = query.outerjoin_from(keys, busy, keys.c.repository == busy.c.repository)
    if share is not None:
        query = query.where(keys.c.turn + sa.func.coalesce(busy.c.mine, 0) <= share)
    return query.order_by(turn, keys.c.oldest).limit(room)


def _lives(replica: int) -> sa.ColumnElement[bool]:
    return sa.exists().where(REPLICAS.c.id == replica, REPLICAS.c.ended_at.is_(None))


def _is(claim: Claim) -> sa.ColumnElement[bool]:
    return sa.and_(WORKS.c.execution == claim.execution, WORKS.c.fence == claim.fence)


def _holds(claim: Claim) -> sa.ColumnElement[bool]:
    """That nobody began it later, and that the replica was not taken for dead."""
    return sa.and_(sa.exists().where(_is(claim)), _lives(claim.replica))
