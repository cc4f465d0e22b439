"""How work of CI is done beside everything else, a few pieces at a time, and that each step of a run's life is told."""

import threading
from collections.abc import Callable

from registrar.sandbox.forge import Forge
from registrar.sandbox.happenings import RunMoved
from registrar.sandbox.runs import RunState, StepLog, WorkflowRun
from registrar.sandbox.store import Repository, now

AT_ONCE = 2  # pieces of work; the others wait

Work = Callable[[Callable[[StepLog], None], threading.Event], bool]


class Runner:
    """Works on what it is given, in threads of their own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopping = False
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._working: dict[threading.Thread, threading.Event] = {}

    @property
    def idle(self) -> bool:
        """Whether every piece of work came to its end and said so."""
        with self._lock:
            return not any(thread.is_alive() for thread in self._working)

    def start(self, name: str, work: Callable[[], None], *, stop: threading.Event) -> None:
        """Do it as soon as there is a place; setting `stop` asks it to end, and so does stopping the runner."""
        with self._lock:
            if self._stopping:
                return
            thread = threading.Thread(target=self._in_turn, args=(work,), name=name)
            self._working = {each: event for each, event in self._working.items() if each.is_alive()}
            thread.start()
            self._working[thread] = stop

    def begin(self, forge: Forge, repository: Repository, run: WorkflowRun, *, work: Work) -> None:
        """Tell that the run was asked for, and work on it as soon as there is a place."""
        stop = threading.Event()
        with forge.store.lock:
            repository.runs.append(run)
            forge.publish(repository, RunMoved(repository, run.actor, run))
            self.start(f"sandbox run {run.id}", lambda: _work(forge, repository, run, work, stop), stop=stop)

    def stop(self) -> None:
        """End all work, now."""
        with self._lock:
            self._stopping = True
            working = dict(self._working)
        for stop in working.values():
            stop.set()
        for thread in working:
            thread.join()

    def _in_turn(self, work: Callable[[], None]) -> None:
        with self._places:
            work()


def _work(forge: Forge, repository: Repository, run: WorkflowRun, work: Work, stop: threading.Event) -> None:
    succeeded = False
    run.started_at = now()
    _move(forge, repository, run, RunState.RUNNING)
    try:
        succeeded = work(run.log, stop)
    finally:
        _move(forge, repository, run, RunState.SUCCEEDED if succeeded else RunState.FAILED)


def _move(forge: Forge, repository: Repository, run: WorkflowRun, state: RunState) -> None:
    with forge.store.lock:
        run.state, run.updated_at = state, now()
        forge.publish(repository, RunMoved(repository, run.actor, run))
