"""Knows the time by the database's clock, which all replicas share.

By clocks of their own, one that is ahead would try again at once what another has put off, and be the only one to.
"""

import time
from datetime import UTC, datetime

import sqlalchemy as sa

from registrar.database.connecting import now_of


class SharedClock:
    """Goes on by itself after each look at the database, whatever happens to the machine's own time."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database
        self.look()

    def look(self) -> None:
        """Set it anew. Raises what the database raises, and then it goes on as it was set."""
        with self._database.connect() as connection:
            connection.execute(sa.select(sa.literal(1)))  # to connect may take long
            asked = time.monotonic()
            told = connection.execute(sa.select(now_of(self._database))).scalar_one()
        self._zero = float(told) - (asked + time.monotonic()) / 2

    def now(self) -> datetime:
        """The time."""
        return datetime.fromtimestamp(self._zero + time.monotonic(), UTC)
