"""What is done is forgotten in the end, by the engine below too; what a person must look at stays."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from registrar.core.events import Event, FollowUp, PullRequestChanged
from registrar.database.connecting import connected
from registrar.database.tables import INBOX
from registrar.engine import Engine
from registrar.errors import ForgeRefused
from waiting import until

SEVEN = PullRequestChanged("acme/registry", 7)
EIGHT = PullRequestChanged("acme/registry", 8)


def refuse_eight(event: Event) -> Sequence[FollowUp]:
    if event == EIGHT:
        raise ForgeRefused("there are no commits between main and change")
    return ()


def kept(database: sa.Engine) -> list[str]:
    with database.connect() as connection:
        return list(connection.execute(sa.select(INBOX.c.work_key).order_by(INBOX.c.id)).scalars())


@contextmanager
def below(database: sa.Engine, state: Path) -> Iterator[sa.Connection]:
    """What the engine below keeps, in a table `workflow_status`."""
    if database.dialect.name != "sqlite":
        with database.begin() as connection:
            connection.exec_driver_sql("SET LOCAL search_path TO dbos")
            yield connection
        return
    file = connected(f"sqlite:///{state / 'work.sqlite'}")
    with file.begin() as connection:
        yield connection
    file.dispose()


def executions(database: sa.Engine, state: Path) -> int:
    """How many the engine below knows of."""
    with below(database, state) as connection:
        return int(connection.execute(sa.text("SELECT count(*) FROM workflow_status")).scalar_one())


def abandon_all(database: sa.Engine, state: Path) -> None:
    """As a replica leaves them that was taken for dead: it may not say that they are over."""
    with below(database, state) as connection:
        connection.exec_driver_sql("UPDATE workflow_status SET status = 'PENDING', completed_at = NULL")


@pytest.mark.fault(88)
@pytest.mark.parametrize("leave", [lambda *_: None, abandon_all], ids=["done", "abandoned"])
def test_what_was_done_long_ago_is_forgotten_everywhere(
    database: sa.Engine, tmp_path: Path, leave: Callable[[sa.Engine, Path], None]
) -> None:
    engine = Engine(tmp_path, refuse_eight, database=database)
    engine.accept("guid-1", SEVEN)
    engine.accept("guid-2", EIGHT)
    engine.start()
    until(lambda: [key for key, _ in engine.given_up()] == [EIGHT.work_key])
    until(lambda: len(kept(database)) == 3 and not unfinished(database))  # that it was given up is to be told
    engine.stop()
    leave(database, tmp_path)
    assert executions(database, tmp_path) == 3

    later = Engine(tmp_path, refuse_eight, database=database)
    later.start(keep=timedelta(0))
    until(lambda: executions(database, tmp_path) == 0)
    until(lambda: kept(database) == [EIGHT.work_key])
    later.stop()


def unfinished(database: sa.Engine) -> bool:
    with database.connect() as connection:
        return connection.execute(sa.select(INBOX.c.id).where(INBOX.c.outcome.is_(None))).first() is not None
