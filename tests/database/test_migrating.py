"""A database of any age becomes today's without losing a row, once, and an older program can go on beside it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from database.happenings import Server
from registrar.core.events import FollowUp, PullRequestChanged, StartDeploy
from registrar.database import migrations
from registrar.database.inbox import Inbox, encode
from registrar.database.migrating import migrate, newest, refuse_another_shape, shape_of
from registrar.database.tables import INBOX, METADATA, NEEDED
from registrar.errors import UsageError

SEVEN = PullRequestChanged("acme/registry", 7)
SHAPES = [str(script.revision) for script in reversed(list(ScriptDirectory(migrations.__path__[0]).walk_revisions()))]

# As the first version of the bot made it, without a word on its shape.
BEFORE_MIGRATIONS = """
CREATE TABLE inbox (
    id INTEGER NOT NULL, delivery VARCHAR NOT NULL, work_key VARCHAR NOT NULL, event VARCHAR NOT NULL,
    attempt INTEGER NOT NULL, due_at FLOAT NOT NULL, batch VARCHAR, outcome VARCHAR,
    PRIMARY KEY (id), UNIQUE (delivery)
)
"""


@pytest.fixture
def rows_before(sqlite_database: sa.Engine) -> list[tuple[Any, ...]]:
    rows = [
        (1, "guid-1", SEVEN.work_key, encode(SEVEN), 0, 100.5, "one", "done"),
        (2, "guid-2", SEVEN.work_key, encode(SEVEN), 3, 200.5, "two", "GitHub does not take it"),
        (3, "guid-3", SEVEN.work_key, encode(SEVEN), 1, 300.5, None, None),
    ]
    with sqlite_database.begin() as connection:
        connection.exec_driver_sql(BEFORE_MIGRATIONS)
        connection.exec_driver_sql("CREATE INDEX inbox_waiting ON inbox (batch, due_at)")
        connection.exec_driver_sql("CREATE INDEX inbox_unfinished ON inbox (outcome, batch)")
        connection.exec_driver_sql("INSERT INTO inbox VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return rows


def test_an_inbox_from_before_migrations_is_taken_over_whole(
    sqlite_database: sa.Engine, rows_before: list[tuple[Any, ...]]
) -> None:
    migrate(sqlite_database)

    with sqlite_database.connect() as connection:
        old = [column for column in INBOX.columns if column.name in BEFORE_MIGRATIONS]
        assert [tuple(row) for row in connection.execute(sa.select(*old))] == rows_before
        told = sa.select(INBOX.c.repository, INBOX.c.received_at, INBOX.c.finished_at)
        assert [tuple(row) for row in connection.execute(told)] == [
            ("acme/registry", 100.5, 100.5),
            ("acme/registry", 200.5, 200.5),
            ("acme/registry", 300.5, None),
        ]


def test_the_steps_lead_to_the_tables_that_the_program_knows(database: sa.Engine) -> None:
    migrate(database)

    with database.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    assert shape_of(database) == newest() == SHAPES[-1]


@pytest.mark.fault(87)
def test_a_database_of_any_age_keeps_its_rows_and_takes_those_of_its_age(database: sa.Engine) -> None:
    written = []
    of_their_age = []
    for number, shape in enumerate(SHAPES):
        migrate(database, to=shape)
        tables = tables_of(database)
        written.append({table: a_row(table, number=number) for table in tables})
        write(database, written[-1])
        of_their_age.append({table: a_row(table, number=number + len(SHAPES)) for table in tables})

    for rows in of_their_age:
        write(database, rows)  # as a program of that age does, which is not stopped yet

    assert shape_of(database) == newest()
    for rows in (*written, *of_their_age):
        assert [table.name for table, row in rows.items() if not holds(database, table, row)] == []


def tables_of(database: sa.Engine) -> list[sa.Table]:
    """What a program of the database's age writes to."""
    known = sa.MetaData()
    known.reflect(database)
    return [table for table in known.sorted_tables if table.name not in {"alembic_version", NEEDED.name}]


def a_row(table: sa.Table, *, number: int) -> dict[str, Any]:
    """A row that says no more than it must."""
    said = [column for column in table.columns if not column.nullable and column.server_default is None]
    row = {column.name: str(number) if isinstance(column.type, sa.String) else number for column in said}
    return row | ({"event": encode(PullRequestChanged("acme/registry", number))} if "event" in row else {})


def write(database: sa.Engine, rows: Mapping[sa.Table, dict[str, Any]]) -> None:
    with database.begin() as connection:
        for table, row in rows.items():
            connection.execute(sa.insert(table).values(row))


def holds(database: sa.Engine, table: sa.Table, row: dict[str, Any]) -> bool:
    with database.connect() as connection:
        return len(connection.execute(sa.select(table).filter_by(**row)).all()) == 1


def test_nothing_is_half_migrated(database: sa.Engine) -> None:
    migrate(database, to="0001")
    with database.begin() as connection:
        connection.execute(sa.text("CREATE TABLE effects (id INTEGER)"))  # so that a later step fails

    with pytest.raises(sa.exc.DBAPIError):
        migrate(database)

    assert shape_of(database) == "0001"
    assert "repository" not in {column["name"] for column in sa.inspect(database).get_columns("inbox")}


STARTING = """
import sys
from registrar.database.connecting import connected
from registrar.database.migrating import migrate, shape_of
engine = connected(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
migrate(engine)
print(shape_of(engine))
"""


def test_replicas_that_start_together_migrate_once(postgres: sa.URL) -> None:
    url = postgres.render_as_string(hide_password=False)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", STARTING, url]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    replicas = [subprocess.Popen(command, env=environment, text=True, **pipes) for _ in range(2)]
    ready = [replica.stdout.readline() for replica in replicas]  # type: ignore[union-attr] # it is a pipe

    for replica in replicas:
        replica.stdin.write("now\n")  # type: ignore[union-attr] # it is a pipe
        replica.stdin.flush()  # type: ignore[union-attr] # it is a pipe
    said = [replica.communicate(timeout=60) for replica in replicas]

    assert ready == ["ready\n"] * 2
    assert said == [(f"{newest()}\n", "")] * 2


def told_by_a_newer_program(database: sa.Engine, *, needed: str) -> None:
    migrate(database)
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(sa.update(NEEDED).values(revision=needed))


@pytest.mark.fault(87)
def test_a_newer_database_that_only_knows_more_is_worked_with(database: sa.Engine) -> None:
    told_by_a_newer_program(database, needed=newest())
    with database.begin() as connection:
        connection.execute(sa.text("ALTER TABLE inbox ADD COLUMN future VARCHAR NOT NULL DEFAULT 'what is new'"))

    server = Server(database)  # which would bring the database to its own shape
    server.finishes(SEVEN)
    refuse_another_shape(database)

    assert shape_of(database) == "9999"


def test_a_newer_database_that_needs_a_newer_program_is_refused(database: sa.Engine) -> None:
    told_by_a_newer_program(database, needed="9998")

    with pytest.raises(UsageError, match=f"for programs that know 9998; this one knows {newest()}"):
        migrate(database)
    with pytest.raises(UsageError, match="run that version"):
        refuse_another_shape(database)


def test_what_may_happen_once_is_known_under_its_name_of_today(database: sa.Engine) -> None:
    start = StartDeploy("acme/registry", 7, "deploy-7-0123456789abcdef")
    migrate(database, to="0001")
    [inbox] = tables_of(database)
    write(database, {inbox: a_row(inbox, number=1) | {"event": encode(start), "delivery": f"start:{start.operation}"}})

    migrate(database)
    Inbox(database).add_follow_ups("after:1", [FollowUp(start, once=f"start:{start.operation}")], now=datetime.now(UTC))

    with database.connect() as connection:
        assert connection.execute(sa.select(INBOX.c.for_good)).scalars().all() == [True]
