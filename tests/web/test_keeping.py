"""Nothing is acknowledged before it is on disk, and nothing but the disk is waited for."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from registrar.core.events import Event, FollowUp
from registrar.database.connecting import connected
from registrar.database.grouping import Arrival, Grouping
from registrar.database.inbox import Inbox
from registrar.database.migrating import migrate
from registrar.engine import Engine
from registrar.web.app import create_app
from registrar.web.keyring import Keyring
from registrar.web.webhooks import Accept
from web.doors import NOW, Listening, a_door, reached
from web.senders import Sender, Sent

DOWN = "postgresql://registrar:word@127.0.0.1:1/registrar"  # nobody listens there


@contextmanager
def keeping(sender: Sender, database: sa.Engine) -> Iterator[Sent]:
    """A forge that tells a bot with this database."""
    inbox = Inbox(database)

    def keep(arrived: Sequence[Arrival]) -> frozenset[str]:
        return inbox.add_all(arrived, now=NOW)

    arrivals = Grouping(keep)
    with telling(sender, arrivals.add) as forge:
        yield forge
    arrivals.close()
    database.dispose()


@contextmanager
def telling(sender: Sender, accept: Accept) -> Iterator[Sent]:
    bot = Listening()
    with reached(create_app(a_door(sender.forge, Keyring([sender.secret]), accept))) as bot.url:
        yield Sent(sender, bot)
        bot.close()


def on_disk(folder: Path, *, most_pages: int = 1_000_000) -> sa.Engine:
    """An inbox in a file that holds so many pages, and waits for nobody's lock."""
    database = connected(f"sqlite:///{folder}/inbox.sqlite")
    migrate(database)
    database.dispose()

    @sa.event.listens_for(database, "connect")
    def _limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout=0")
        connection.execute(f"PRAGMA max_page_count={most_pages}")

    return database


def kept(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "inbox.sqlite")) as database:
        return [delivery for (delivery,) in database.execute("SELECT delivery FROM inbox ORDER BY id")]


@pytest.mark.fault(13)
def test_an_event_is_not_acknowledged_while_the_inbox_is_gone(sender: Sender) -> None:
    with keeping(sender, connected(DOWN)) as forge:
        answer = forge.deliver(sender.opened())

    assert (answer.status_code, answer.text) == (503, "the event could not be kept; redeliver it later\n")


@pytest.mark.fault(13)
def test_an_event_is_not_acknowledged_while_the_inbox_is_locked_and_is_once_it_is_not(
    sender: Sender, tmp_path: Path
) -> None:
    with keeping(sender, on_disk(tmp_path)) as forge:
        with closing(sqlite3.connect(tmp_path / "inbox.sqlite")) as other:
            other.execute("BEGIN EXCLUSIVE")
            refused = forge.deliver(sender.opened())
        accepted = forge.deliver(sender.opened())

    assert (refused.status_code, accepted.status_code) == (503, 202)
    assert kept(tmp_path) == ["guid-1"]


@pytest.mark.fault(13)
def test_an_event_is_not_acknowledged_while_the_disk_is_full(sender: Sender, tmp_path: Path) -> None:
    with keeping(sender, on_disk(tmp_path, most_pages=1)) as forge:
        answers = [forge.deliver(sender.opened(number), delivery=f"guid-{number}").status_code for number in range(60)]

    assert 503 in answers
    assert len(kept(tmp_path)) == answers.count(202)


@pytest.mark.fault(1)
def test_of_what_is_refused_nothing_is_stored(sender: Sender, tmp_path: Path) -> None:
    with keeping(sender, on_disk(tmp_path)) as forge:
        answer = forge.post(b"{}", {})

    assert (answer.status_code, kept(tmp_path)) == (401, [])


@pytest.mark.fault(18)
def test_a_webhook_is_answered_while_all_that_asks_the_forge_hangs(sender: Sender, tmp_path: Path) -> None:
    answered, hanging = threading.Event(), threading.Event()

    def ask_the_forge(_event: Event) -> Sequence[FollowUp]:
        hanging.set()
        answered.wait(60)  # as long as a forge that sends not one byte
        return ()

    engine = Engine(tmp_path, ask_the_forge)
    engine.start()
    with telling(sender, engine.accept_soon) as forge:
        first = forge.deliver(sender.opened(), delivery="guid-0")
        assert hanging.wait(20)
        others = [forge.deliver(sender.opened(number), delivery=f"guid-{number}") for number in range(1, 21)]
        assert not answered.is_set()
        answered.set()
    engine.stop()

    assert {answer.status_code for answer in [first, *others]} == {202}


def test_a_hundred_at_once_are_all_kept(sender: Sender, tmp_path: Path) -> None:
    answers: list[int] = []

    with keeping(sender, on_disk(tmp_path)) as forge:

        def deliver(number: int) -> None:
            answers.append(forge.deliver(sender.opened(number), delivery=f"guid-{number:03}").status_code)

        threads = [threading.Thread(target=deliver, args=(number,)) for number in range(1, 101)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert answers == [202] * 100
    assert sorted(kept(tmp_path)) == [f"guid-{number:03}" for number in range(1, 101)]
