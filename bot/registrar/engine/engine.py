"""Takes what waits in the inbox, has it worked on, and takes the next: never more at once than there are hands."""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from fcntl import LOCK_EX, LOCK_NB, flock
from io import TextIOWrapper
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from registrar.core.events import Event
from registrar.database.clock import SharedClock
from registrar.database.connecting import address_of, connected
from registrar.database.effects import UnderWay
from registrar.database.grouping import Arrival, Grouping
from registrar.database.inbox import Inbox
from registrar.database.migrating import migrate
from registrar.database.retention import Retention
from registrar.database.works import Claim, Works
from registrar.engine.attempts import Attempts, Handle
from registrar.engine.durable import Abandoned, Durable, Durably
from registrar.engine.forgetting import Forgetting
from registrar.engine.gate import Gate
from registrar.engine.life import Life
from registrar.engine.rescue import Rescuer
from registrar.engine.running import Running
from registrar.errors import NotAllowed, Superseded

HANDS: Final = 8  # pieces of work that one process does at once
SHARE: Final = 3  # of them that are of one repository, where there are several: one that hangs leaves hands free
EVERY: Final = 600.0  # seconds between two looks at everything
LEASE: Final = timedelta(seconds=30)  # who is silent for so long is taken for dead
KEEP: Final = timedelta(days=30)
GRACE: Final = timedelta(seconds=20)  # for what runs when the process is told to stop

log = logging.getLogger("registrar.engine")


class Engine:
    """Accepts events durably and works on them, one at a time per work key. There can be one in a process."""

    def __init__(
        self,
        state: Path,
        handle: Handle,
        *,
        database: sa.Engine | None = None,
        under_way: UnderWay | None = None,
        regularly: Sequence[Event] = (),
        lease: timedelta = LEASE,
    ) -> None:
        state.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(state)
        self._state = state
        self._database = database or _database_in(state)
        self._owns_database = database is None
        self._regularly = regularly
        self._share = SHARE if len({each.repository for each in regularly}) > 1 else None
        self._turn = 0
        self._lease = lease
        self._inbox = Inbox(self._database)
        self._works = Works(self._database)
        self._clock = SharedClock(self._database)
        self._gate = Gate(probed_after=2 * lease)  # as patient as with a silent replica
        self._attempts = Attempts(
            self._inbox,
            self._works,
            handle,
            gate=self._gate,
            under_way=under_way or UnderWay(),
            now=self._clock.now,
        )
        self._arrivals = Grouping(self._keep)
        self._running = Running()
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._take_regularly, name="inbox", daemon=True),
            threading.Thread(target=self._live, name="replica", daemon=True),
        ]

    def accept(self, delivery: str, event: Event) -> bool:
        """Keep an event on disk before returning; False when this delivery is known already."""
        return self.accept_soon(delivery, event).result()

    def accept_soon(self, delivery: str, event: Event) -> Future[bool]:
        """Keep an event, in one commit with whatever else arrives now; the answer is there when it is on disk."""
        return self._arrivals.add(delivery, event)

    def start(self, *, keep: timedelta = KEEP) -> None:
        """Take up what was interrupted, then work; forget what has been done for so long."""
        self._life = Life(self._database, lease=self._lease)
        self._durable = Durable(self._database, self._state, executor=self._life.executor, run=self._run)
        self._rescuer = Rescuer(self._works, self._life, self._durable, is_running=self._running.has, run=self._begin)
        retention = Retention(self._database, keep=keep)
        self._forgetting = Forgetting(self._works, retention, self._durable, keep=keep)
        self._durable.start()
        self._works.let_strays_wait()
        self._rescuer.look()
        for thread in self._threads:
            thread.start()

    def stop(self, grace: timedelta = GRACE) -> bool:
        """Finish what is running, or leave it to whoever lives: then False. What waits is left for the next start.

        False too when threads are left that wait for a database that is gone, or for another replica's word: the
        process is not to wait for them.
        """
        self._stopping.set()
        self._news.set()
        for thread in self._threads:
            thread.join(timeout=10)
        is_over = self._running.wait(grace)
        if not is_over:
            log.warning("what still runs is left to whoever works next")
        has_left = self._leave()  # from now on it can write nothing, whatever still runs
        has_ended = self._durable.stop(self._running.has, last_words=has_left)
        self.close()
        return is_over and has_left and has_ended

    def close(self) -> None:
        """Let go of the folder and of what arrives; for an engine that was never started."""
        self._arrivals.close()
        if self._owns_database:
            self._database.dispose()
        self._lock.close()

    def given_up(self) -> tuple[tuple[str, str], ...]:
        """Work keys and reasons of what was parked."""
        return self._inbox.given_up()

    @property
    def paused(self) -> str | None:
        """Why no work is done at all; None: it is."""
        return self._gate.reason

    def _leave(self) -> bool:
        try:
            self._life.leave()
        except SQLAlchemyError:
            log.exception(
                "the database could not be told that this replica stops: it will be missed, and taken for dead"
            )
            return False
        return True

    def _keep(self, arrived: Sequence[Arrival]) -> frozenset[str]:
        new = self._inbox.add_all(arrived, now=self._clock.now())
        self._news.set()
        return new

    def _take_regularly(self) -> None:
        while not self._stopping.is_set():
            try:
                self._take(self._clock.now())
            except Exception:
                log.exception("the inbox could not be worked on; trying again")
            self._news.wait(timeout=1.0)
            self._news.clear()

    def _take(self, now: datetime) -> None:
        self._add_what_is_regular(now)
        running = len(self._running)
        room = self._gate.room(HANDS - running, running=running, now=now)
        if not self.paused:
            self._take_up(room, now)
        else:  # what tries the token must ask the forge
            self._take_up(HANDS - running, now, telling=True)
            self._take_up(room, now, telling=False)
        self._forgetting.go_on()

    def _take_up(self, room: int, now: datetime, *, telling: bool | None = None) -> None:
        if room > 0:
            replica, share = self._life.replica, self._share
            for claim in self._works.take(replica=replica, room=room, now=now, share=share, telling=telling):
                self._begin(claim)

    def _add_what_is_regular(self, now: datetime) -> None:
        turn = int(now.timestamp() // EVERY)
        if turn != self._turn:
            for event in self._regularly:
                self._inbox.add(f"regularly:{event.work_key}:{turn}", event, now=now)
            self._forgetting.begin()
            self._turn = turn

    def _begin(self, claim: Claim) -> None:
        self._running.expect(claim)
        try:
            self._durable.begin(claim.execution)
        except BaseException:
            self._running.forget(claim.execution)
            raise

    def _run(self, execution: str, durably: Durably) -> None:
        try:
            with self._running.hand(execution) as expected:
                durably(lambda: self._work_on(expected or self._works.begin(execution, self._life.replica)))
        finally:
            self._news.set()

    def _work_on(self, claim: Claim | None) -> None:
        if claim is None:  # it was finished, or is somebody else's
            return
        try:
            self._attempts.work_on(claim, self._stopping)
        except Superseded as late:
            log.info("another replica has taken over %s", claim.work_key)
            raise Abandoned from late

    def _live(self) -> None:
        while not self._stopping.wait(self._lease.total_seconds() / 6):
            try:
                self._life.beat()
                self._clock.look()
                self._rescuer.look()
            except Exception:
                self._life.faltered()
                log.exception("the database could not be told that this replica lives; trying again")


def _database_in(state: Path) -> sa.Engine:
    database = connected(address_of("", state))
    migrate(database)
    return database


def _lock(state: Path) -> TextIOWrapper:
    """Two processes on one folder would each do the other's work. Raises `NotAllowed` when another one holds it."""
    file = (state / "lock").open("w")
    try:
        flock(file, LOCK_EX | LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise NotAllowed(f"another bot works in {state}; stop it, or give this one a folder of its own") from error
    return file
