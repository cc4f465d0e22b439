"""The only file that knows DBOS: it runs a function under a name, and knows for ever what became of it."""

import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID, StepOptions

WORK: Final = "work.sqlite"
_LAST_WORDS: Final = 2.0  # seconds that DBOS has to write down how something ended
_THREADS: Final = "dbos-executor"  # what the names of the threads begin with in which DBOS runs what it is given
_STEP: Final[StepOptions] = {  # what handling throws is caught: what is left is the database out of reach, as when full
    "name": "handle",
    "retries_allowed": True,
    "interval_seconds": 1.0,
    "backoff_rate": 2.0,
    "max_attempts": 10,
}


Durably = Callable[[Callable[[], None]], None]  # does something, again where it throws, and records that it is done
Run = Callable[[str, Durably], None]


class Abandoned(BaseException):
    """Leave an execution without a word: another has it.

    No `Exception`, which DBOS would want to record; and as it may not, its thread would wait for what the other
    records, also when the process is to end.
    """


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an execution: waiting for a worker, running in a process, or over."""

    is_over: bool
    executor: str | None  # None: it waits for one


class Durable:
    """Runs one function under many names. DBOS allows one of it in a process."""

    def __init__(self, database: sa.Engine, state: Path, *, executor: str, run: Run) -> None:
        self._database = database
        self._state = state
        self._executor = executor
        self._run = run
        self._before: frozenset[threading.Thread] = frozenset()

    def start(self) -> None:
        """Be ready to run, also what others left."""
        self._before = frozenset(threading.enumerate())
        DBOS(config=self._configuration()).listen_queues([])  # an older version made one, which nobody fills any more

        @DBOS.workflow(name="work")
        def work(execution: str) -> None:
            self._run(execution, lambda step: DBOS.run_step(_STEP, step))

        self._work = work
        DBOS.launch()

    def stop(self, is_running: Callable[[str], bool], *, last_words: bool) -> bool:
        """Run nothing more. What still runs can record nothing any more; what does not has a moment to do so.

        Not where the database is gone, for which DBOS would wait without end. Whether all of its threads have ended:
        the process would wait for the others at its own end, and DBOS lets them wait for what a replica records that
        was taken for dead.
        """
        deadline = time.monotonic() + _LAST_WORDS
        while last_words and any(not is_running(name) for name in self._pending()) and time.monotonic() < deadline:
            time.sleep(0.01)
        DBOS.destroy(destroy_registry=True)
        left = [each for each in threading.enumerate() if each.name.startswith(_THREADS) and each not in self._before]
        for each in left:
            each.join(timeout=max(0.0, deadline - time.monotonic()) if last_words else 0)
        return not any(each.is_alive() for each in left)

    def begin(self, execution: str) -> None:
        """Run it here, now; nothing happens when the name was used before."""
        with SetWorkflowID(execution):
            DBOS.start_workflow(self._work, execution)

    def resume(self, execution: str) -> None:
        """Let whoever is alive run it; what its last runner still records of it is refused."""
        DBOS.resume_workflow(execution)

    def fates(self, executions: Sequence[str]) -> Mapping[str, Fate]:
        """What became of those that are known here at all."""
        known = DBOS.list_workflows(workflow_ids=list(executions), load_input=False, load_output=False)
        return {
            each.workflow_id: Fate(
                is_over=each.status not in {"PENDING", "ENQUEUED", "DELAYED"},
                executor=each.executor_id if each.status == "PENDING" else None,
            )
            for each in known
        }

    def forget(self, *, before: datetime, most: int, under_way: Collection[str]) -> int:
        """Forget executions that were over by then, which it never does by itself; how many.

        Also those that were begun by then and abandoned: who left them said nothing, so they are never over.
        """
        moment = before.isoformat()
        over = DBOS.list_workflows(completed_before=moment, limit=most, load_input=False, load_output=False)
        begun = DBOS.list_workflows(
            status=["PENDING", "ENQUEUED"], end_time=moment, limit=most, load_input=False, load_output=False
        )
        forgotten = {each.workflow_id for each in (*over, *begun)} - set(under_way)
        DBOS.delete_workflows(sorted(forgotten))
        return len(forgotten)

    def _pending(self) -> Sequence[str]:
        found = DBOS.list_workflows(status="PENDING", executor_id=self._executor, load_input=False, load_output=False)
        return [each.workflow_id for each in found]

    def _configuration(self) -> DBOSConfig:
        configuration = DBOSConfig(
            name="registrar",
            application_version="2",  # else an edited source strands running work
            executor_id=self._executor,
            serializer=DBOSPortableJSONSerializer(),  # the default is pickle
            log_level="WARNING",
        )
        if self._database.dialect.name == "sqlite":
            _make_fast(self._state / WORK)
            return {**configuration, "system_database_url": f"sqlite:///{self._state / WORK}"}
        url = self._database.url.render_as_string(hide_password=False)
        # Given connections, it does not look for a database to make, for which it would need rights elsewhere.
        return {**configuration, "system_database_url": url, "system_database_engine": self._database}


def _make_fast(database: Path) -> None:
    """Readers and the writer of SQLite wait for each other unless it keeps a log of what is written."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
