"""Knows what may be forgotten: what was done, once no forge tells of it anew; never what may happen only once."""

from datetime import timedelta

import sqlalchemy as sa

from registrar.database.connecting import now_of
from registrar.database.tables import DONE, DROPPED, INBOX, REPLICAS, WORKS


class Retention:
    """Forgets in small portions, so that nobody waits for it."""

    def __init__(self, database: sa.Engine, *, keep: timedelta) -> None:
        self._database = database
        self._since = now_of(database) - keep.total_seconds()

    def forget(self, *, most: int) -> int:
        """Forget events that were done, and replicas that ended; how many events. What is parked stays."""
        done = sa.and_(INBOX.c.outcome.in_((DONE, DROPPED)), INBOX.c.for_good.is_(False))
        old = sa.select(INBOX.c.id).where(done, INBOX.c.finished_at < self._since).order_by(INBOX.c.id).limit(most)
        busy = sa.exists().where(WORKS.c.replica == REPLICAS.c.id)
        with self._database.begin() as connection:
            connection.execute(sa.delete(REPLICAS).where(REPLICAS.c.ended_at < self._since, ~busy))
            return connection.execute(sa.delete(INBOX).where(INBOX.c.id.in_(old))).rowcount
