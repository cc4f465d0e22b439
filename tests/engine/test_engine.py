"""Work is durable: accepted means done in the end, whatever happens to the process."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.working import PATIENCE, Work, running
from registrar.core.events import Event, FollowUp, PullRequestChanged, StartDeploy, SweepDue, WorkStopped
from registrar.database.migrating import migrate
from registrar.database.tables import METADATA
from registrar.engine import Engine
from registrar.engine.engine import HANDS, SHARE
from registrar.errors import ForgeUnavailable, NotAllowed, TokenRefused
from waiting import until

SEVEN = PullRequestChanged("acme/registry", 7)
EIGHT = PullRequestChanged("acme/registry", 8)


def test_an_accepted_event_is_worked_on(tmp_path: Path, database: sa.Engine) -> None:
    work = Work()

    with running(tmp_path, work, database) as engine:
        engine.accept("guid-1", SEVEN)

        assert work.wait_for(1) == [SEVEN]


def test_a_redelivery_changes_nothing(tmp_path: Path, database: sa.Engine) -> None:
    work = Work()

    with running(tmp_path, work, database) as engine:
        accepted = [engine.accept("guid-1", SEVEN), engine.accept("guid-1", SEVEN), engine.accept("guid-2", EIGHT)]

        work.wait_for(2)
    assert accepted == [True, False, True]
    assert sorted(event.work_key for event in work.seen) == ["acme/registry#7", "acme/registry#8"]


def test_what_was_accepted_before_a_stop_is_worked_on_after_the_start(tmp_path: Path, database: sa.Engine) -> None:
    engine = Engine(tmp_path, Work(), database=database)
    engine.accept("guid-1", SEVEN)
    engine.close()
    work = Work()

    with running(tmp_path, work, database):
        assert work.wait_for(1) == [SEVEN]


def test_a_follow_up_is_worked_on_too(tmp_path: Path, database: sa.Engine) -> None:
    work = Work(lambda event: [FollowUp(EIGHT)] if event == SEVEN else [])

    with running(tmp_path, work, database) as engine:
        engine.accept("guid-1", SEVEN)

        assert work.wait_for(2) == [SEVEN, EIGHT]


def test_a_deploy_is_started_once_however_often_it_is_asked_for(tmp_path: Path, database: sa.Engine) -> None:
    deploy = StartDeploy("acme/registry", 7, "deploy-7-0123456789abcdef")
    work = Work(lambda event: [FollowUp(deploy, once=deploy.operation)] if event == SEVEN else [])

    with running(tmp_path, work, database) as engine:
        engine.accept("guid-1", SEVEN)
        work.wait_for(2)
        engine.accept("guid-2", SEVEN)
        work.wait_for(3)
        engine.accept("guid-3", EIGHT)
        work.wait_for(4)

    assert work.seen.count(deploy) == 1


def test_a_forge_that_does_not_answer_is_tried_again(tmp_path: Path, database: sa.Engine) -> None:
    def unavailable_once(_event: Event) -> Sequence[FollowUp]:
        if len(work.seen) == 1:
            raise ForgeUnavailable("the forge did not answer", retry_at=datetime.now(UTC) + timedelta(seconds=0.1))
        return ()

    work = Work(unavailable_once)

    with running(tmp_path, work, database) as engine:
        engine.accept("guid-1", SEVEN)

        assert work.wait_for(2) == [SEVEN, SEVEN]
        assert engine.given_up() == ()


@pytest.mark.fault(34, because="Whose hands are full is counted where no forge is known.")
def test_a_registry_that_hangs_holds_up_no_other(tmp_path: Path, database: sa.Engine) -> None:
    def hang(event: Event) -> Sequence[FollowUp]:
        if event.repository == "acme/hung":
            answered.wait(PATIENCE)
        return ()

    answered, work = threading.Event(), Work(hang)
    sweeps = [SweepDue("acme/hung"), SweepDue("acme/registry")]
    engine = Engine(tmp_path, work, database=database, regularly=sweeps)
    for number in range(HANDS + 1):
        engine.accept(f"guid-{number}", PullRequestChanged("acme/hung", number))
    engine.start()
    try:
        until(lambda: sum(event.repository == "acme/hung" for event in work.seen) >= SHARE)
        engine.accept("guid", SEVEN)

        until(lambda: SEVEN in work.seen)
    finally:
        answered.set()
        engine.stop()


@pytest.mark.fault(32, because="Both adapters say `TokenRefused`; tests/forges holds them to it.")
def test_a_token_that_is_refused_for_a_while_pauses_the_work_which_goes_on_by_itself(
    tmp_path: Path, database: sa.Engine
) -> None:
    def refuse(event: Event) -> Sequence[FollowUp]:
        if not mended.is_set() and not isinstance(event, WorkStopped):
            raise TokenRefused("the token was refused")
        return ()

    mended, work = threading.Event(), Work(refuse)

    with running(tmp_path, work, database) as engine:
        engine.accept("guid-1", SEVEN)
        until(lambda: engine.paused)
        engine.accept("guid-2", EIGHT)
        until(lambda: any(isinstance(event, WorkStopped) for event in work.seen))  # which needs no token
        reason = engine.paused
        mended.set()
        until(lambda: not engine.paused)
        until(lambda: {SEVEN, EIGHT} <= set(work.seen))

        assert reason == "the token was refused"
        assert engine.given_up() == ()


def test_two_processes_never_share_a_folder(tmp_path: Path, database: sa.Engine) -> None:
    engine = Engine(tmp_path, Work(), database=database)

    with pytest.raises(NotAllowed, match="another bot works in"):
        Engine(tmp_path, Work(), database=database)

    engine.close()


KILLED_IN_THE_ACT = """
import os, signal, sys
from pathlib import Path
from registrar.core.events import PullRequestChanged
from registrar.database.connecting import connected
from registrar.engine import Engine
from registrar.engine.engine import HANDS, SHARE

def die(event):
    os.kill(os.getpid(), signal.SIGKILL)

engine = Engine(Path(sys.argv[1]), die, database=connected(sys.argv[2]))
engine.accept("guid-1", PullRequestChanged("acme/registry", 7))
engine.accept("guid-2", PullRequestChanged("acme/registry", 8))
engine.start()
signal.pause()
"""


@pytest.mark.fault(14, because="What was acknowledged is a row, whichever forge told of it.")
def test_a_killed_process_forgets_nothing(tmp_path: Path, database: sa.Engine) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", KILLED_IN_THE_ACT, str(tmp_path), url]
    killed = subprocess.run(command, env=environment, timeout=60, check=False)
    work = Work()

    with running(tmp_path, work, database):
        events = work.wait_for(2)

    assert killed.returncode == -signal.SIGKILL
    assert sorted(event.work_key for event in events) == ["acme/registry#7", "acme/registry#8"]


def test_an_inbox_that_was_deleted_leaves_the_engine_hearing(tmp_path: Path, database: sa.Engine) -> None:
    with running(tmp_path, before := Work(), database) as engine:
        engine.accept("guid-1", SEVEN)
        before.wait_for(1)
    METADATA.drop_all(database)
    with database.begin() as connection:
        connection.execute(sa.text("DROP TABLE alembic_version"))
    migrate(database)
    work = Work()

    with running(tmp_path, work, database) as engine:
        engine.accept("guid-1", SEVEN)

        assert work.wait_for(1) == [SEVEN]


def test_what_is_due_regularly_is_looked_at_without_an_event(tmp_path: Path, database: sa.Engine) -> None:
    work = Work()
    engine = Engine(tmp_path, work, database=database, regularly=[EIGHT])
    engine.start()

    seen = list(work.wait_for(1))

    engine.stop()
    assert seen == [EIGHT]


def test_a_database_that_is_out_of_reach_for_a_moment_loses_nothing(tmp_path: Path, database: sa.Engine) -> None:
    def hide_the_table_once(_event: Event) -> Sequence[FollowUp]:
        if len(work.seen) == 1:
            rename("inbox", "hidden")
            threading.Timer(0.5, rename, ("hidden", "inbox")).start()
        return ()

    def rename(before: str, after: str) -> None:
        with database.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {before} RENAME TO {after}")

    work = Work(hide_the_table_once)

    with running(tmp_path, work, database) as engine:
        engine.accept("guid-1", SEVEN)
        work.wait_for(2)
        engine.accept("guid-2", EIGHT)

        assert EIGHT in work.wait_for(3)
