"""Brings a database to the shape that this program knows, once, however many replicas start together."""

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from registrar.database.tables import NEEDED
from registrar.errors import UsageError

_HERE: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x7265_6769_7374_7261  # of PostgreSQL, known to this program alone: "registra"


def newest() -> str:
    """The shape that this program knows. The names of shapes sort by age."""
    return str(ScriptDirectory(str(_HERE)).get_current_head())


def shape_of(engine: sa.Engine) -> str | None:
    """The shape that the database is in; None: nobody has given it one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: sa.Engine, *, to: str = "head") -> None:
    """Take every step that the database lacks, all of them or none.

    Raises `UsageError` for one that only a newer program can work with.
    """
    alone = _alone(engine)
    try:
        with alone.begin() as connection:
            if engine.dialect.name != "sqlite":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            _take_steps(connection, to)
    finally:
        if alone is not engine:
            alone.dispose()


def refuse_another_shape(engine: sa.Engine) -> None:
    """For whoever works beside a server: raises `UsageError` for a database that this program cannot work with."""
    with engine.connect() as connection:
        there = MigrationContext.configure(connection).get_current_revision()
        if there is None or there < newest():
            raise UsageError("the database is older than this program: start the server, which brings it up to date")
        if there > newest():
            _refuse_unknown(connection, there)


def _take_steps(connection: sa.Connection, to: str) -> None:
    there = MigrationContext.configure(connection).get_current_revision()
    if there is not None and there > newest():
        _refuse_unknown(connection, there)
        return
    configuration = Config()
    configuration.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, to)


def _refuse_unknown(connection: sa.Connection, there: str) -> None:
    """A newer program was here: fine as long as it says that this one will do."""
    needed = connection.execute(sa.select(sa.func.max(NEEDED.c.revision))).scalar() or ""
    if needed > newest():
        raise UsageError(
            f"the database was made ready for a newer Registrar (its shape is {there}, for programs that know {needed};"
            f" this one knows {newest()}): run that version, or give this one a database of its own"
        )


def _alone(engine: sa.Engine) -> sa.Engine:
    """Connections whose transactions hold everybody else off from their first word on."""
    if engine.dialect.name != "sqlite":
        return engine
    alone = sa.create_engine(engine.url, poolclass=sa.NullPool, connect_args={"timeout": 60})

    @sa.event.listens_for(alone, "connect")
    def _leave_transactions_to_us(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined] # sqlite3's; else it begins and ends them itself

    @sa.event.listens_for(alone, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return alone
