"""Work is durable: accepted means done in the end, whatever happens to the process."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registrar.core.events import Event, FollowUp, PullRequestChanged, StartDeploy
from registrar.engine import PATIENCE as ATTEMPTS
from registrar.engine import Engine
from registrar.errors import ForgeRefused, ForgeUnavailable, NotAllowed, PushRejected, Unknown
from waiting import until

SEVEN = PullRequestChanged("acme/registry", 7)
EIGHT = PullRequestChanged("acme/registry", 8)
PATIENCE = 20.0  # seconds; a bound for a broken engine, never waited for by a sound one


class Work:
    """A handler that remembers what it was asked, and can be waited for."""

    def __init__(self, answer: Callable[[Event], Sequence[FollowUp]] = lambda _event: ()) -> None:
        self.seen: list[Event] = []
        self._answer = answer
        self._news = threading.Condition()

    def __call__(self, event: Event) -> Sequence[FollowUp]:
        with self._news:
            self.seen.append(event)
            self._news.notify_all()
        return self._answer(event)

    def wait_for(self, count: int) -> list[Event]:
        with self._news:
            assert self._news.wait_for(lambda: len(self.seen) >= count, PATIENCE), self.seen
        return self.seen


@contextmanager
def running(state: Path, work: Work) -> Iterator[Engine]:
    engine = Engine(state, work)
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()


def test_an_accepted_event_is_worked_on(tmp_path: Path) -> None:
    work = Work()

    with running(tmp_path, work) as engine:
        engine.accept("guid-1", SEVEN)

        assert work.wait_for(1) == [SEVEN]


def test_a_redelivery_changes_nothing(tmp_path: Path) -> None:
    work = Work()

    with running(tmp_path, work) as engine:
        accepted = [engine.accept("guid-1", SEVEN), engine.accept("guid-1", SEVEN), engine.accept("guid-2", EIGHT)]

        work.wait_for(2)
    assert accepted == [True, False, True]
    assert sorted(event.work_key for event in work.seen) == ["acme/registry#7", "acme/registry#8"]


def test_what_was_accepted_before_a_stop_is_worked_on_after_the_start(tmp_path: Path) -> None:
    engine = Engine(tmp_path, Work())
    engine.accept("guid-1", SEVEN)
    engine.close()
    work = Work()

    with running(tmp_path, work):
        assert work.wait_for(1) == [SEVEN]


def test_a_follow_up_is_worked_on_too(tmp_path: Path) -> None:
    work = Work(lambda event: [FollowUp(EIGHT)] if event == SEVEN else [])

    with running(tmp_path, work) as engine:
        engine.accept("guid-1", SEVEN)

        assert work.wait_for(2) == [SEVEN, EIGHT]


def test_a_deploy_is_started_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    deploy = StartDeploy("acme/registry", 7, "deploy-7-0123456789abcdef")
    work = Work(lambda event: [FollowUp(deploy, once=deploy.operation)] if event == SEVEN else [])

    with running(tmp_path, work) as engine:
        engine.accept("guid-1", SEVEN)
        work.wait_for(2)
        engine.accept("guid-2", SEVEN)
        work.wait_for(3)
        engine.accept("guid-3", EIGHT)
        work.wait_for(4)

    assert work.seen.count(deploy) == 1


def test_a_forge_that_does_not_answer_is_tried_again(tmp_path: Path) -> None:
    def unavailable_once(_event: Event) -> Sequence[FollowUp]:
        if len(work.seen) == 1:
            raise ForgeUnavailable("the forge did not answer", retry_at=datetime.now(UTC) + timedelta(seconds=0.1))
        return ()

    work = Work(unavailable_once)

    with running(tmp_path, work) as engine:
        engine.accept("guid-1", SEVEN)

        assert work.wait_for(2) == [SEVEN, SEVEN]
        assert engine.given_up() == ()


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(NotAllowed("the token was refused"), id="a token that is being renewed"),
        pytest.param(PushRejected("the branch has moved"), id="a race that was lost"),
        pytest.param(Unknown("there is no pull request #7"), id="what the forge announced and does not know yet"),
        pytest.param(OSError("no space left on device"), id="what nobody foresaw"),
    ],
)
def test_what_may_pass_is_tried_again(tmp_path: Path, trouble: Exception) -> None:
    def trouble_once(_event: Event) -> Sequence[FollowUp]:
        if len(work.seen) == 1:
            raise trouble
        return ()

    work = Work(trouble_once)

    with running(tmp_path, work) as engine:
        engine.accept("guid-1", SEVEN)

        assert work.wait_for(2) == [SEVEN, SEVEN]
        assert engine.given_up() == ()


def test_a_final_no_is_kept_with_its_reason_and_holds_nobody_else_up(tmp_path: Path) -> None:
    def refuse_seven(event: Event) -> Sequence[FollowUp]:
        if event == SEVEN:
            raise ForgeRefused("GitHub does not take it: no commits between main and change")
        return ()

    work = Work(refuse_seven)

    with running(tmp_path, work) as engine:
        engine.accept("guid-1", SEVEN)
        engine.accept("guid-2", EIGHT)
        work.wait_for(2)

        assert until(engine.given_up, patience=PATIENCE) == (
            ("acme/registry#7", "GitHub does not take it: no commits between main and change"),
        )


def test_two_processes_never_share_a_folder(tmp_path: Path) -> None:
    engine = Engine(tmp_path, Work())

    with pytest.raises(NotAllowed, match="another bot works in"):
        Engine(tmp_path, Work())

    engine.close()


KILLED_IN_THE_ACT = """
import os, signal, sys
from pathlib import Path
from registrar.core.events import PullRequestChanged
from registrar.engine import PATIENCE as ATTEMPTS
from registrar.engine import Engine

def die(event):
    os.kill(os.getpid(), signal.SIGKILL)

engine = Engine(Path(sys.argv[1]), die)
engine.accept("guid-1", PullRequestChanged("acme/registry", 7))
engine.accept("guid-2", PullRequestChanged("acme/registry", 8))
engine.start()
signal.pause()
"""


def test_a_killed_process_forgets_nothing(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_IN_THE_ACT, str(tmp_path)], env=environment, timeout=60, check=False
    )
    work = Work()

    with running(tmp_path, work):
        events = work.wait_for(2)

    assert killed.returncode == -signal.SIGKILL
    assert sorted(event.work_key for event in events) == ["acme/registry#7", "acme/registry#8"]


def test_an_inbox_that_was_deleted_leaves_the_engine_hearing(tmp_path: Path) -> None:
    with running(tmp_path, before := Work()) as engine:
        engine.accept("guid-1", SEVEN)
        before.wait_for(1)
    for file in tmp_path.glob("inbox.sqlite*"):
        file.unlink()
    work = Work()

    with running(tmp_path, work) as engine:
        engine.accept("guid-1", SEVEN)

        assert work.wait_for(1) == [SEVEN]


def test_what_is_due_regularly_is_looked_at_without_an_event(tmp_path: Path) -> None:
    work = Work()
    engine = Engine(tmp_path, work, regularly=EIGHT)
    engine.start()

    seen = list(work.wait_for(1))

    engine.stop()
    assert seen == [EIGHT]


def test_a_forge_that_asks_to_wait_gives_nothing_up(tmp_path: Path) -> None:
    def busy_for_long(_event: Event) -> Sequence[FollowUp]:
        if len(work.seen) <= ATTEMPTS + 1:
            raise ForgeUnavailable("the forge is at its limits", retry_at=datetime.now(UTC))
        return ()

    work = Work(busy_for_long)

    with running(tmp_path, work) as engine:
        engine.accept("guid-1", SEVEN)
        work.wait_for(ATTEMPTS + 2)

        assert engine.given_up() == ()


def test_a_database_that_is_out_of_reach_for_a_moment_loses_nothing(tmp_path: Path) -> None:
    def hide_the_table_once(_event: Event) -> Sequence[FollowUp]:
        if len(work.seen) == 1:
            rename("inbox", "hidden")
            threading.Timer(0.5, rename, ("hidden", "inbox")).start()
        return ()

    def rename(before: str, after: str) -> None:
        with closing(sqlite3.connect(tmp_path / "inbox.sqlite", timeout=20)) as database:
            database.execute(f"ALTER TABLE {before} RENAME TO {after}")
            database.commit()

    work = Work(hide_the_table_once)

    with running(tmp_path, work) as engine:
        engine.accept("guid-1", SEVEN)
        work.wait_for(2)
        engine.accept("guid-2", EIGHT)

        assert EIGHT in work.wait_for(3)
