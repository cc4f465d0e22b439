"""Knows what may be forgotten: what was done, once no forge tells of it anew; never what may happen only once."""

from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from registrar.database.connecting import now_of
from registrar.database.effects import WAS_DONE
from registrar.database.tables import DONE, DROPPED, EFFECTS, FORGOTTEN, INBOX, REPLICAS, WORKS

# Of a deploy that was started, and of one that was found: a database that forgot it might let it be started again.
_IS_DEPLOY: Final = sa.or_(EFFECTS.c.kind == "deploy", EFFECTS.c.key.startswith("deploy-"))


class Retention:
    """Forgets in small portions, so that nobody waits for it."""

    def __init__(self, database: sa.Engine, *, keep: timedelta) -> None:
        self._database = database
        self._since = now_of(database) - keep.total_seconds()
        self._insert_into = sqlite.insert if database.dialect.name == "sqlite" else postgresql.insert

    def forget(self, *, most: int) -> int:
        """Forget events and effects that were done, and replicas that ended; how many of both. What is parked stays."""
        with self._database.begin() as connection:
            busy = sa.exists().where(WORKS.c.replica == REPLICAS.c.id)
            connection.execute(sa.delete(REPLICAS).where(REPLICAS.c.ended_at < self._since, ~busy))
            return self._forget_events(connection, most) + self._forget_effects(connection, most)

    def _forget_events(self, connection: sa.Connection, most: int) -> int:
        done = sa.and_(INBOX.c.outcome.in_((DONE, DROPPED)), INBOX.c.for_good.is_(False))
        old = sa.select(INBOX.c.id).where(done, INBOX.c.finished_at < self._since).order_by(INBOX.c.id).limit(most)
        return connection.execute(sa.delete(INBOX).where(INBOX.c.id.in_(old))).rowcount

    def _forget_effects(self, connection: sa.Connection, most: int) -> int:
        """What they were the forge tells by itself, once its listings have caught up; how many there were is kept."""
        touched = sa.func.coalesce(EFFECTS.c.done_at, EFFECTS.c.begun_at)
        is_old = sa.and_(EFFECTS.c.begun_at < self._since, touched < self._since, ~_IS_DEPLOY)
        query = sa.select(EFFECTS.c.repository, EFFECTS.c.key, EFFECTS.c.kind, WAS_DONE.label("was_done"))
        rows = connection.execute(query.where(is_old).order_by(EFFECTS.c.begun_at).limit(most)).all()
        for row in rows:
            this = sa.and_(EFFECTS.c.repository == row.repository, EFFECTS.c.key == row.key)
            # It may be begun anew this very moment, and then is not old any more.
            if connection.execute(sa.delete(EFFECTS).where(this, is_old)).rowcount and row.was_done:
                self._count(connection, row.kind)
        return len(rows)

    def _count(self, connection: sa.Connection, kind: str) -> None:
        once = self._insert_into(FORGOTTEN).values(kind=kind, times=1)
        more = once.on_conflict_do_update(index_elements=["kind"], set_={"times": FORGOTTEN.c.times + 1})
        connection.execute(more)
