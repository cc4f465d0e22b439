"""Knows this process among the replicas: its number, for as long as it says in time that it lives."""

import logging
import os
import socket
import time
from datetime import timedelta

import sqlalchemy as sa

from registrar.database.replicas import Replicas

log = logging.getLogger("registrar.engine")


class Life:
    """Joins at once. On SQLite there is nobody else: whoever holds the state folder is alone."""

    def __init__(self, database: sa.Engine, *, lease: timedelta) -> None:
        self._replicas = Replicas(database)
        self._lease = lease
        self._is_alone = database.dialect.name == "sqlite"
        self._join()
        if self._is_alone:
            self._replicas.end_others(self.replica)

    @property
    def executor(self) -> str:
        """What DBOS calls this process: a name that no other one ever had."""
        return executor_of(self.replica)

    def beat(self) -> None:
        """Say that it lives, under a new number if it was taken for dead: what it did as the old one is not its own."""
        if self._is_alone:
            return
        if not self._replicas.beat(self.replica):
            log.error("this replica was silent for too long and was taken for dead; it begins anew")
            self._join()
        if time.monotonic() - self._beating_since > self._lease.total_seconds():
            self._replicas.end_silent(self._lease)

    def faltered(self) -> None:
        """A beat failed. Perhaps nobody could: for as long as a lease the silence of others says nothing."""
        self._beating_since = time.monotonic()

    def leave(self) -> None:
        """What it leaves undone is anybody's."""
        self._replicas.leave(self.replica)

    def others_alive(self) -> frozenset[int]:
        """Everybody who was not taken for dead, but this one."""
        return self._replicas.alive() - {self.replica}

    def _join(self) -> None:
        self.replica = self._replicas.join(f"{socket.gethostname()} {os.getpid()}")
        self._beating_since = time.monotonic()


def executor_of(replica: int) -> str:
    """What DBOS calls a process with this number."""
    return f"replica-{replica}"
