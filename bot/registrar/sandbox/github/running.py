"""How a run of a workflow goes on: each step of its life is told."""

import threading
from collections.abc import Callable

from registrar.sandbox.forge import Forge
from registrar.sandbox.happenings import RunMoved
from registrar.sandbox.runner import Runner
from registrar.sandbox.runs import RunState, StepLog, WorkflowRun
from registrar.sandbox.store import Repository, now

Work = Callable[[Callable[[StepLog], None], threading.Event], bool]


def begin(forge: Forge, runner: Runner, repository: Repository, run: WorkflowRun, *, work: Work) -> None:
    """Tell that the run was asked for, and work on it as soon as there is a place."""
    stop = threading.Event()
    with forge.store.lock:
        repository.runs.append(run)
        forge.publish(repository, RunMoved(repository, run.actor, run))
        runner.start(f"sandbox run {run.id}", lambda: _work(forge, repository, run, work, stop), stop=stop)


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
