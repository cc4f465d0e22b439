"""Events that arrive together are kept together: each is answered after the commit, and for itself."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import DataError, OperationalError

from registrar.core.events import PullRequestChanged
from registrar.database.connecting import connected
from registrar.database.grouping import Arrival, Arrivals, Grouping, Keep, StorageClosed, Waiting
from registrar.database.inbox import Inbox
from registrar.database.migrating import migrate

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEVEN = PullRequestChanged("acme/registry", 7)
Group = Callable[[Keep], Grouping]


class Disk:
    """Keeps nothing until it is let go on, and remembers what came together."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.is_busy = threading.Event()
        self.go_on = threading.Event()

    def keep(self, arrived: Sequence[Arrival]) -> frozenset[str]:
        self.is_busy.set()
        assert self.go_on.wait(20)
        self.groups.append([delivery for delivery, _ in arrived])
        return frozenset(self.groups[-1])


@pytest.fixture
def group() -> Iterator[Group]:
    made: list[Grouping] = []

    def make(keep: Keep) -> Grouping:
        made.append(Grouping(keep))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_what_arrives_while_the_disk_is_busy_is_one_commit(group: Group) -> None:
    disk = Disk()
    events = group(disk.keep)
    first = events.add("guid-0", SEVEN)
    assert disk.is_busy.wait(20)
    others = [events.add(f"guid-{number}", SEVEN) for number in range(1, 50)]

    disk.go_on.set()

    assert all(answer.result(20) for answer in [first, *others])
    assert disk.groups == [["guid-0"], [f"guid-{number}" for number in range(1, 50)]]


def test_nothing_is_answered_before_it_is_kept(group: Group) -> None:
    disk = Disk()
    answer = group(disk.keep).add("guid-1", SEVEN)

    assert disk.is_busy.wait(20)
    assert not answer.done()

    disk.go_on.set()
    assert answer.result(20)


def test_of_two_equal_deliveries_in_one_commit_one_is_new(group: Group) -> None:
    disk = Disk()
    events = group(disk.keep)
    events.add("guid-0", SEVEN)
    assert disk.is_busy.wait(20)
    pair = [events.add("guid-1", SEVEN), events.add("guid-1", SEVEN)]

    disk.go_on.set()

    assert [answer.result(20) for answer in pair] == [True, False]


def test_a_disk_that_fails_is_told_to_everybody_and_works_again(group: Group) -> None:
    healthy = threading.Event()

    def keep(arrived: Sequence[Arrival]) -> frozenset[str]:
        if not healthy.is_set():
            raise OperationalError("INSERT", {}, Exception("database or disk is full"))
        return frozenset(delivery for delivery, _ in arrived)

    events = group(keep)

    with pytest.raises(OperationalError):
        events.add("guid-1", SEVEN).result(20)
    healthy.set()
    assert events.add("guid-1", SEVEN).result(20)


def test_one_event_that_no_database_takes_keeps_no_other_out(group: Group) -> None:
    disk = Disk()

    def keep(arrived: Sequence[Arrival]) -> frozenset[str]:
        new = disk.keep(arrived)
        if "odd" in new:
            raise DataError("INSERT", {}, Exception("invalid byte sequence"))
        return new

    events = group(keep)
    events.add("guid-0", SEVEN)
    assert disk.is_busy.wait(20)
    good, odd, also_good = [events.add(delivery, SEVEN) for delivery in ("guid-1", "odd", "guid-2")]
    disk.go_on.set()

    assert good.result(20)
    assert also_good.result(20)
    with pytest.raises(DataError):
        odd.result(20)


def test_what_has_arrived_before_the_end_is_kept_and_what_comes_after_it_is_refused() -> None:
    disk = Disk()
    disk.go_on.set()
    events = Grouping(disk.keep)
    arrived = events.add("guid-1", SEVEN)

    events.close()

    assert arrived.result(20)
    with pytest.raises(StorageClosed):
        events.add("guid-2", SEVEN).result(20)


class Hesitant(Arrivals):
    """Takes an event only after the end was told, or when it sees that the end waits for the event."""

    def __init__(self) -> None:
        self.hesitates = threading.Event()
        self._is_told_to_end = threading.Event()

    def put(self, item: Waiting | None, *_: object) -> None:
        if item is not None:
            self.hesitates.set()
            self._is_told_to_end.wait(0.3)
        super().put(item)
        if item is None:
            self._is_told_to_end.set()


def test_what_comes_in_the_moment_of_the_end_is_answered() -> None:
    arrived = Hesitant()
    events = Grouping(lambda group: frozenset(delivery for delivery, _ in group), arrived)
    answers: list[Future[bool]] = []
    adding = threading.Thread(target=lambda: answers.append(events.add("guid-1", SEVEN)))
    adding.start()
    assert arrived.hesitates.wait(20)

    events.close()

    adding.join()
    assert answers[0].result(5)


def test_the_inbox_takes_many_at_once_and_says_which_it_did_not_know(tmp_path: Path) -> None:
    database = connected(f"sqlite:///{tmp_path}/inbox.sqlite")
    migrate(database)
    inbox = Inbox(database)
    inbox.add("guid-1", SEVEN, now=NOW)

    new = inbox.add_all([("guid-1", SEVEN), ("guid-2", SEVEN), ("guid-2", SEVEN), ("guid-3", SEVEN)], now=NOW)

    assert new == {"guid-2", "guid-3"}
    with closing(sqlite3.connect(tmp_path / "inbox.sqlite")) as rows:
        assert rows.execute("SELECT count(*) FROM inbox").fetchone() == (3,)
    database.dispose()
