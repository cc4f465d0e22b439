"""Who works: one row for each life of a process, which lives for as long as it says so by the database's clock."""

from datetime import timedelta

import sqlalchemy as sa

from registrar.database.connecting import now_of
from registrar.database.tables import REPLICAS


class Replicas:
    """The table of replicas. A number is never given twice, so no two processes that live share one."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database
        self._now = now_of(database)

    def join(self, name: str) -> int:
        """A number of its own for a process that begins to work."""
        row = {"name": name, "started_at": self._now, "beat_at": self._now}
        with self._database.begin() as connection:
            return int(connection.execute(sa.insert(REPLICAS).values(row).returning(REPLICAS.c.id)).scalar_one())

    def beat(self, replica: int) -> bool:
        """Say that it lives; False when it was taken for dead meanwhile, and must not go on as it."""
        alive = sa.and_(REPLICAS.c.id == replica, REPLICAS.c.ended_at.is_(None))
        with self._database.begin() as connection:
            return connection.execute(sa.update(REPLICAS).where(alive).values(beat_at=self._now)).rowcount == 1

    def leave(self, replica: int) -> None:
        """Say that it has stopped: what it leaves undone is anybody's."""
        self._end(REPLICAS.c.id == replica)

    def end_others(self, replica: int) -> None:
        """Take every other one for dead, where nobody else can be alive."""
        self._end(REPLICAS.c.id != replica)

    def end_silent(self, lease: timedelta) -> None:
        """Take for dead whoever has not said for so long that it lives."""
        self._end(REPLICAS.c.beat_at < self._now - lease.total_seconds())

    def alive(self) -> frozenset[int]:
        """Those that nobody took for dead."""
        with self._database.connect() as connection:
            return frozenset(
                connection.execute(sa.select(REPLICAS.c.id).where(REPLICAS.c.ended_at.is_(None))).scalars()
            )

    def _end(self, which: sa.ColumnElement[bool]) -> None:
        with self._database.begin() as connection:
            connection.execute(
                sa.update(REPLICAS).where(which, REPLICAS.c.ended_at.is_(None)).values(ended_at=self._now)
            )
