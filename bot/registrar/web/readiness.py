"""Knows whether this replica should be sent webhooks: once it has begun, until it is told to stop."""

import logging
from collections.abc import Callable
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from registrar.database.tables import INBOX

READY: Final = ""

log = logging.getLogger("registrar.readiness")


class Readiness:
    """Why this replica is not ready, in words that anybody may read."""

    def __init__(self, look: Callable[[], None]) -> None:
        """`look` raises what the database raises when nothing could be kept in it."""
        self._look = look
        self._why_not = "it is starting"

    def begun(self) -> None:
        """The work has begun."""
        self._why_not = READY

    def leaving(self) -> None:
        """It is about to stop: send nothing more."""
        self._why_not = "it is stopping"

    def why_not(self) -> str:
        """Empty when it is ready."""
        if self._why_not:
            return self._why_not
        try:
            self._look()
        except SQLAlchemyError:
            log.warning("not ready: the database does not answer", exc_info=True)
            return "the database does not answer"
        return READY


def inbox_of(database: sa.Engine) -> Callable[[], None]:
    """Looks whether there is an inbox to keep anything in."""

    def look() -> None:
        with database.connect() as connection:
            connection.execute(sa.select(INBOX.c.id).limit(1))

    return look
