"""Replicas share the work: what one leaves is done by another, and who wakes up late does nothing any more."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.working import LEASE, Work, running
from registrar.core.events import Event, FollowUp, PullRequestChanged
from registrar.database.connecting import connected
from registrar.database.inbox import Inbox
from registrar.database.migrating import migrate
from registrar.database.replicas import Replicas
from registrar.database.tables import DONE, INBOX, REPLICAS, WORKS
from registrar.database.works import Works
from registrar.engine import Engine
from registrar.engine.life import Life
from waiting import until

SEVEN = PullRequestChanged("acme/registry", 7)

# Works on each event of its own inbox alone with a lock of the file system, and writes down how that went.
REPLICA = """
import os, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from registrar.core.events import PullRequestChanged
from registrar.database.connecting import connected
from registrar.database.effects import UnderWay
from registrar.engine import Engine
from registrar.errors import Superseded
from waiting import until

folder, url, name = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
under_way = UnderWay()

def tell(word):
    with (folder / "told").open("a") as file:
        file.write(f"{name} {word}\\n")

def wait_for_go_on(event):
    tell("began")
    until(lambda: (folder / "go on").exists())
    try:
        under_way.still_ours()
        tell("wrote")
    except Superseded:
        tell("superseded")
        raise
    return ()

def alone(event):
    lock = folder / f"lock {event.number}"
    lock.touch(exist_ok=False)
    for _ in range(20):
        (folder / f"busy {event.number}").write_text(name)
    tell(f"did {event.number}")
    until(lambda: all(f"{each} did" in (folder / "told").read_text() for each in ("one", "two")))
    lock.unlink()
    return ()

handle = {"waits": wait_for_go_on, "works": alone}[sys.argv[4]]
lease = timedelta(seconds=float(sys.argv[5]))
engine = Engine(folder / name, handle, database=connected(url), under_way=under_way, lease=lease)
engine.start()
tell("started")
sys.stdin.read()
if engine.stop():
    tell("stopped")
else:
    tell("left")
    os._exit(0)  # as the server does: it waits for nobody who waits for the database
"""


@pytest.fixture
def shared(postgres: sa.URL) -> Iterator[sa.Engine]:
    engine = connected(postgres)
    migrate(engine)
    yield engine
    engine.dispose()


@contextmanager
def a_replica(
    folder: Path, database: sa.Engine, name: str, does: str, *, lease: timedelta = LEASE
) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", REPLICA, str(folder), url, name, does, str(lease.total_seconds())]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def told(folder: Path) -> list[str]:
    file = folder / "told"
    return file.read_text().splitlines() if file.exists() else []


@pytest.mark.fault(71, because="Who holds a piece of work is a row of the database, on whichever forge it is done.")
def test_who_was_taken_for_dead_and_wakes_up_does_nothing_any_more(tmp_path: Path, shared: sa.Engine) -> None:
    work = Work()
    with a_replica(tmp_path, shared, "zombie", "waits") as zombie:
        until(lambda: "zombie started" in told(tmp_path))
        add(shared, SEVEN)
        until(lambda: "zombie began" in told(tmp_path))
        zombie.send_signal(signal.SIGSTOP)

        with running(tmp_path / "living", work, shared):
            work.wait_for(1)
        (tmp_path / "go on").touch()
        zombie.send_signal(signal.SIGCONT)

        until(lambda: len(told(tmp_path)) > 2)

    assert told(tmp_path)[2] == "zombie superseded"
    assert work.seen == [SEVEN]
    assert Works(shared).unfinished() == ()


@pytest.mark.fault(70, because="Each has a row of the inbox at a time, on whichever forge it is about.")
def test_no_two_replicas_work_on_one_pull_request_at_once(tmp_path: Path, shared: sa.Engine) -> None:
    replicas = [a_replica(tmp_path, shared, name, "works", lease=timedelta(minutes=5)) for name in ("one", "two")]
    with replicas[0] as one, replicas[1] as two:
        until(lambda: {"one started", "two started"} <= set(told(tmp_path)))
        for round_ in range(5):
            add(shared, *(PullRequestChanged("acme/registry", number) for number in range(20)), called=f"{round_}")
        until(lambda: is_done(shared))
        for replica in (one, two):
            replica.communicate(timeout=60)

    words = told(tmp_path)
    assert {word.split()[0] for word in words if "did" in word} == {"one", "two"}
    assert {word.split()[2] for word in words if "did" in word} == {str(number) for number in range(20)}
    with shared.connect() as connection:  # nobody found the lock of another: that would have been a defect
        assert connection.exec_driver_sql("SELECT DISTINCT outcome, attempt FROM inbox").all() == [("done", 0)]


@pytest.mark.fault(71, because="Who holds up whom is a matter of the database, on whichever forge the work is done.")
def test_who_is_frozen_in_the_middle_of_a_word_to_the_database_holds_up_nobody(
    shared: sa.Engine, postgres: sa.URL
) -> None:
    replicas = Replicas(shared)
    living, frozen = replicas.join("somewhere 1"), replicas.join("elsewhere 2")
    add(shared, SEVEN)
    zombie = connected(postgres, hesitation=timedelta(seconds=0.2))
    with zombie.connect() as connection:
        connection.exec_driver_sql("LOCK TABLE works, replicas IN ACCESS EXCLUSIVE MODE")

        replicas.leave(frozen)

        assert take(shared, living)
        connection.invalidate()
    assert replicas.alive() == {living}
    zombie.dispose()


def test_what_was_taken_and_never_begun_by_who_is_dead_is_done(tmp_path: Path, database: sa.Engine) -> None:
    add(database, SEVEN)
    replicas = Replicas(database)
    dead = replicas.join("elsewhere 2")
    take(database, dead)
    replicas.leave(dead)
    work = Work()

    with running(tmp_path, work, database):
        assert work.wait_for(1) == [SEVEN]


def test_what_was_taken_and_lost_by_who_is_alive_is_done(tmp_path: Path, database: sa.Engine) -> None:
    work = Work()

    with running(tmp_path, work, database):
        (alive,) = Replicas(database).alive()
        lost = next(event for event in some_events() if is_taken_at_once(database, alive, event))

        until(lambda: lost in work.seen)


def some_events() -> Iterator[PullRequestChanged]:
    return (PullRequestChanged("acme/registry", number) for number in range(1, 1000))


def is_taken_at_once(database: sa.Engine, replica: int, event: PullRequestChanged) -> bool:
    """Whether the engine of that replica was not faster."""
    add(database, event, called=f"pull request {event.number}")
    return take(database, replica)


@pytest.mark.fault(86)
def test_what_runs_when_the_engine_is_told_to_stop_is_done_within_the_grace(
    tmp_path: Path, database: sa.Engine
) -> None:
    later = tmp_path / "go on"

    def be_slow(_event: Event) -> Sequence[FollowUp]:
        until(later.exists)
        return ()

    slow = Work(be_slow)
    engine = Engine(tmp_path, slow, database=database, lease=LEASE)
    engine.start()
    engine.accept("guid-1", SEVEN)
    slow.wait_for(1)
    with ThreadPoolExecutor() as aside:
        stopping = aside.submit(engine.stop, timedelta(seconds=60))
        until(stopping.running)
        later.touch()

        assert stopping.result(timeout=60) is True

    with database.connect() as connection:
        assert connection.execute(sa.select(INBOX.c.outcome)).scalars().all() == [DONE]


def test_what_runs_when_the_grace_is_over_is_left_to_the_next(tmp_path: Path, database: sa.Engine) -> None:
    later = tmp_path / "go on"

    def be_slow(_event: Event) -> Sequence[FollowUp]:
        until(later.exists)
        return ()

    slow, work, others = Work(be_slow), Work(), set(threading.enumerate())
    engine = Engine(tmp_path, slow, database=database, lease=LEASE)
    engine.start()
    engine.accept("guid-1", SEVEN)
    slow.wait_for(1)

    is_over = engine.stop(grace=timedelta())

    left = [each for each in set(threading.enumerate()) - others if each.name.startswith("dbos-executor")]
    with running(tmp_path, work, database):
        seen = list(work.wait_for(1))
        later.touch()
        until(lambda: not any(each.is_alive() for each in left))  # they wait for what the other one records
    assert (is_over, seen) == (False, [SEVEN])


@pytest.mark.fault(86, because="It is the database that is gone, whichever forge is looked after.")
def test_an_engine_ends_though_its_database_is_gone(
    tmp_path: Path, postgres_server: sa.Engine, shared: sa.Engine
) -> None:
    with a_replica(tmp_path, shared, "one", "waits") as replica:
        until(lambda: "one started" in told(tmp_path))
        with postgres_server.connect() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {shared.url.database} ALLOW_CONNECTIONS false")
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %(name)s"
            connection.exec_driver_sql(ended, {"name": shared.url.database})

        replica.communicate(timeout=60)

    assert told(tmp_path) == ["one started", "one left"]


def test_a_replica_that_was_taken_for_dead_begins_anew_under_another_number(shared: sa.Engine) -> None:
    life = Life(shared, lease=timedelta(seconds=30))
    before = life.replica
    Replicas(shared).leave(before)

    life.beat()

    assert life.replica > before
    assert Replicas(shared).alive() == {life.replica}


@pytest.mark.fault(70, because="Who works on it is a row of the database, on whichever forge the work is done.")
def test_what_a_replica_does_under_a_new_number_is_left_to_it(tmp_path: Path, shared: sa.Engine) -> None:
    replicas, work = Replicas(shared), Work()
    with a_replica(tmp_path, shared, "one", "waits"):
        until(lambda: "one started" in told(tmp_path))
        (before,) = replicas.alive()
        replicas.leave(before)
        until(lambda: replicas.alive() - {before})
        add(shared, SEVEN)
        until(lambda: "one began" in told(tmp_path))

        with running(tmp_path / "another", work, shared):
            until(has_looked(shared, times=6))
            (tmp_path / "go on").touch()
            until(lambda: is_done(shared))

    assert told(tmp_path) == ["one started", "one began", "one wrote"]
    assert work.seen == []


def has_looked(database: sa.Engine, *, times: int) -> Callable[[], bool]:
    """Whether the newest replica has said so often that it lives: each time it looks after what nobody does."""
    beats: set[float] = set()

    def ask() -> bool:
        with database.connect() as connection:
            newest = sa.select(REPLICAS.c.beat_at).order_by(REPLICAS.c.id.desc()).limit(1)
            beats.add(connection.execute(newest).scalar_one())
        return len(beats) > times

    return ask


def test_silence_says_nothing_until_one_has_spoken_for_as_long_oneself(shared: sa.Engine) -> None:
    silent = Replicas(shared).join("elsewhere 2")
    with shared.begin() as connection:
        connection.execute(sa.update(REPLICAS).values(beat_at=REPLICAS.c.beat_at - 3600))

    Life(shared, lease=timedelta(seconds=30)).beat()
    are_spared = silent in Replicas(shared).alive()
    Life(shared, lease=timedelta()).beat()

    assert are_spared
    assert silent not in Replicas(shared).alive()


def add(database: sa.Engine, *events: Event, called: str = "guid") -> None:
    arrived = [(f"{called}-{number}", event) for number, event in enumerate(events)]
    Inbox(database).add_all(arrived, now=datetime.now(UTC))


def take(database: sa.Engine, replica: int) -> bool:
    return bool(Works(database).take(replica=replica, room=1, now=datetime.now(UTC)))


def is_done(database: sa.Engine) -> bool:
    with database.connect() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM inbox WHERE outcome IS NULL").scalar()
        return not left and not connection.execute(sa.select(sa.func.count()).select_from(WORKS)).scalar()
