"""Durable work: the only file that knows the queue.

The inbox holds what happened; DBOS runs one piece of work per work key at a time, and after a crash takes up whatever
was running.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from fcntl import LOCK_EX, LOCK_NB, flock
from io import TextIOWrapper
from pathlib import Path
from uuid import uuid4

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID, StepOptions

from registrar.core.events import Event, FollowUp
from registrar.database.connecting import address_of, connected
from registrar.database.grouping import Arrival, Grouping
from registrar.database.inbox import Batch, Inbox, Row
from registrar.database.tables import create_tables
from registrar.errors import ForgeRefused, InvalidRegistry, NotAllowed, RegistrarError, UsageError

Handle = Callable[[Event], Sequence[FollowUp]]

QUEUE = "work"
WORK = "work.sqlite"
EVERY = 600.0  # seconds between two looks at everything
HANDLE: StepOptions = {  # a handler's own errors are caught: what is left is the inbox out of reach, as on a full disk
    "name": "handle",
    "retries_allowed": True,
    "interval_seconds": 1.0,
    "backoff_rate": 2.0,
    "max_attempts": 10,
}
PATIENCE = 8  # attempts before an event is given up: with the delays below, about an hour
LONGEST_DELAY = timedelta(minutes=15)

# What trying again cannot change. Anything else it may: a race that was lost, what a forge announced and cannot show
# yet, a token that is being renewed.
FINAL = (ForgeRefused, InvalidRegistry, UsageError)

log = logging.getLogger("registrar.engine")


class Engine:
    """Accepts events durably and works on them, one at a time per work key. DBOS allows one engine a process."""

    def __init__(self, state: Path, handle: Handle, *, regularly: Event | None = None) -> None:
        state.mkdir(parents=True, exist_ok=True)
        self._state = state
        self._lock = _lock(state)
        self._handle = handle
        self._regularly = regularly
        self._database = connected(address_of("", state))
        create_tables(self._database)
        self._inbox = Inbox(self._database)
        self._arrivals = Grouping(self._keep)
        self._news = threading.Event()
        self._stopping = False
        self._pump = threading.Thread(target=self._feed, name="inbox", daemon=True)

    def accept(self, delivery: str, event: Event) -> bool:
        """Keep an event on disk before returning; False when this delivery is known already."""
        return self.accept_soon(delivery, event).result()

    def accept_soon(self, delivery: str, event: Event) -> Future[bool]:
        """Keep an event, in one commit with whatever else arrives now; the answer is there when it is on disk."""
        return self._arrivals.add(delivery, event)

    def start(self) -> None:
        """Take up what was interrupted, then work."""
        _make_fast(self._state / WORK)
        DBOS(config=self._configuration())

        @DBOS.workflow(name="work")
        def work(batch: str) -> None:
            # A step for the list too: after a crash every step must find its number again.
            for row_id in DBOS.run_step({"name": "members"}, lambda: list(self._inbox.members(batch))):
                DBOS.run_step(HANDLE, self._attempt, batch, row_id)

        self._work = work
        DBOS.launch()
        # Each piece of work waits for at most one poll; how often is a compromise with what polling costs.
        DBOS.register_queue(QUEUE, partition_concurrency=1, worker_concurrency=8, polling_interval_sec=0.2)
        # DBOS takes up what ran; what it has given up, as after a full disk, needs a new name. Twice does no harm.
        restart = f"/{uuid4().hex[:8]}"
        for batch in self._inbox.unfinished():
            self._enqueue(batch, again=restart)
        self._pump.start()

    def stop(self) -> None:
        """Finish what is running, leave the rest for the next start."""
        self._stopping = True
        self._news.set()
        if self._pump.is_alive():
            self._pump.join(timeout=10)
        DBOS.destroy(workflow_completion_timeout_sec=20, destroy_registry=True)
        self.close()

    def close(self) -> None:
        """Let go of the files; for an engine that was never started."""
        self._arrivals.close()
        self._database.dispose()
        self._lock.close()

    def given_up(self) -> tuple[tuple[str, str], ...]:
        """Work keys and reasons of events that could not be worked on."""
        return self._inbox.given_up()

    def _configuration(self) -> DBOSConfig:
        return DBOSConfig(
            name="registrar",
            system_database_url=f"sqlite:///{self._state / WORK}",
            application_version="1",  # else an edited source strands running work
            executor_id="local",
            serializer=DBOSPortableJSONSerializer(),  # the default is pickle
            log_level="WARNING",
        )

    def _keep(self, arrived: Sequence[Arrival]) -> frozenset[str]:
        new = self._inbox.add_all(arrived, now=datetime.now(UTC))
        self._news.set()
        return new

    def _feed(self) -> None:
        while not self._stopping:
            try:
                self._feed_once(datetime.now(UTC))
            except Exception:
                log.exception("the inbox could not be worked on; trying again")
            self._news.wait(timeout=1.0)
            self._news.clear()

    def _feed_once(self, now: datetime) -> None:
        if self._regularly is not None:
            self._inbox.add(f"regularly:{int(now.timestamp() // EVERY)}", self._regularly, now=now)
        for batch in self._inbox.take(now=now):
            self._enqueue(batch)

    def _enqueue(self, batch: Batch, *, again: str = "") -> None:
        with SetWorkflowID(batch.name + again), SetEnqueueOptions(queue_partition_key=batch.work_key):
            DBOS.enqueue_workflow(QUEUE, self._work, batch.name)

    def _attempt(self, batch: str, row_id: int) -> None:
        row = self._inbox.row(row_id)
        if row is None:
            return
        outcome = "done"
        try:
            follow_ups = self._handle(row.event)
            self._inbox.add_follow_ups(f"after:{row.id}", follow_ups, now=datetime.now(UTC))
        except FINAL as error:
            outcome = str(error)
            log.error("gave up %s: %s", row.event, error)  # noqa: TRY400 # the message is for a person; a trace adds nothing
        except RegistrarError as error:
            outcome = self._try_later(row, str(error), at=getattr(error, "retry_at", None))
        except Exception as error:
            log.exception("a defect met %s", row.event)
            outcome = self._try_later(row, f"a defect of Registrar: {type(error).__name__}", at=None)
        self._inbox.finish(batch, row.event, outcome)
        if outcome != "done":
            self._inbox.allow_again(row.event)
        self._news.set()

    def _try_later(self, row: Row, why: str, *, at: datetime | None) -> str:
        if row.attempt + 1 >= PATIENCE:
            log.error("gave up %s after %d attempts: %s", row.event, PATIENCE, why)
            return why
        delay = min(timedelta(seconds=2 * 4**row.attempt), LONGEST_DELAY)
        due = at or datetime.now(UTC) + delay
        log.warning("will try %s again at %s: %s", row.event, due.isoformat(timespec="seconds"), why)
        # To be asked to wait until a time is no failure: a forge at its limits gives nothing up.
        self._inbox.try_again(row, at=due, attempt=row.attempt + (at is None))
        return "done"


def _lock(state: Path) -> TextIOWrapper:
    """Two processes on one folder would each do the other's work. Raises `NotAllowed` when another one holds it."""
    file = (state / "lock").open("w")
    try:
        flock(file, LOCK_EX | LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise NotAllowed(f"another bot works in {state}; stop it, or give this one a folder of its own") from error
    return file


def _make_fast(database: Path) -> None:
    """Readers and the writer of SQLite wait for each other unless it keeps a log of what is written."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
