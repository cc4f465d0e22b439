"""Knows whether this replica should be sent webhooks: once it has begun, until it is told to stop."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from registrar.database.tables import INBOX

READY: Final = ""
BELIEVED_FOR: Final = 5.0  # seconds: a look writes to disk, and whoever asks need show nothing

log = logging.getLogger("registrar.readiness")


class Readiness:
    """Why this replica is not ready, in words that anybody may read."""

    def __init__(self, look: Callable[[], None], *, clock: Callable[[], float] = time.monotonic) -> None:
        """`look` raises what the database raises when nothing could be kept in it; by the clock it is asked seldom."""
        self._look = look
        self._clock = clock
        self._looking = threading.Lock()
        self._looked_at = float("-inf")
        self._found = READY
        self._why_not = "it is starting"

    def begun(self) -> None:
        """The work has begun."""
        self._why_not = READY

    def leaving(self) -> None:
        """It is about to stop: send nothing more."""
        self._why_not = "it is stopping"

    def why_not(self) -> str:
        """Empty when it is ready."""
        return self._why_not or self._why_not_kept()

    def _why_not_kept(self) -> str:
        """Nobody waits for another's look: a database that hangs would hold every thread that webhooks need too."""
        if self._clock() - self._looked_at >= BELIEVED_FOR and self._looking.acquire(blocking=False):
            try:
                self._found = self._looked()
                self._looked_at = self._clock()
            finally:
                self._looking.release()
        return self._found

    def _looked(self) -> str:
        try:
            self._look()
        except SQLAlchemyError:
            log.warning("not ready: the database keeps nothing", exc_info=True)
            return "the database keeps nothing"
        return READY


def inbox_of(database: sa.Engine) -> Callable[[], None]:
    """Looks whether the inbox keeps what is written: one that can only be read, as on a full disk, answers all else."""
    row = {"work_key": "", "event": "", "attempt": 0, "due_at": 0.0}

    def look() -> None:
        with database.begin() as connection:
            query = sa.insert(INBOX).values(delivery=f"readyz:{uuid4().hex}", **row).returning(INBOX.c.id)
            written = connection.execute(query).scalar_one()
            connection.execute(sa.delete(INBOX).where(INBOX.c.id == written))  # nobody ever sees it

    return look
