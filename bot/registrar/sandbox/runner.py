"""How runs of workflows are worked on beside everything else, and that each step of their life is told."""

import threading
from collections.abc import Callable

from registrar.sandbox.forge import Forge
from registrar.sandbox.happenings import RunMoved
from registrar.sandbox.runs import RunState, StepLog, WorkflowRun
from registrar.sandbox.store import Repository, now

AT_ONCE = 2  # runs; the others wait

Work = Callable[[Callable[[StepLog], None], threading.Event], bool]


class Runner:
    """Works on runs, a few at a time."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._threads: list[threading.Thread] = []

    @property
    def idle(self) -> bool:
        """Whether every run came to its end and said so."""
        return not any(thread.is_alive() for thread in self._threads)

    def begin(self, forge: Forge, repository: Repository, run: WorkflowRun, *, work: Work) -> None:
        """Tell that the run was asked for, and work on it as soon as there is a place."""
        with forge.store.lock:
            repository.runs.append(run)
            forge.publish(repository, RunMoved(repository, run.actor, run))
            thread = threading.Thread(
                target=self._work, args=(forge, repository, run, work), name=f"sandbox run {run.id}"
            )
            self._threads = [each for each in self._threads if each.is_alive()]
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End every run, now."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _work(self, forge: Forge, repository: Repository, run: WorkflowRun, work: Work) -> None:
        succeeded = False
        with self._places:
            run.started_at = now()
            _move(forge, repository, run, RunState.RUNNING)
            try:
                succeeded = work(run.log, self._stopping)
            finally:
                _move(forge, repository, run, RunState.SUCCEEDED if succeeded else RunState.FAILED)


def _move(forge: Forge, repository: Repository, run: WorkflowRun, state: RunState) -> None:
    with forge.store.lock:
        run.state, run.updated_at = state, now()
        forge.publish(repository, RunMoved(repository, run.actor, run))
