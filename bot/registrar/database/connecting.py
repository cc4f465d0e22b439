"""How the database is reached: files of SQLite in the state folder, or PostgreSQL by its address."""

from datetime import timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from registrar.errors import RegistrarError, UsageError

INBOX: Final = "inbox.sqlite"
_DRIVERS: Final = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_PATIENCE: Final = 10  # seconds until a server that does not answer counts as out of reach
# How long somebody who was frozen in the middle of a transaction holds up whoever wants the same rows or locks.
HESITATION: Final = timedelta(seconds=10)
# Else whoever waits for a server that has gone without a word waits for a quarter of an hour.
_ALIVE: Final = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000}


def address_of(url: str, state: Path) -> sa.URL:
    """The address that was given, or without one that of the inbox in the state folder. Raises `UsageError`."""
    return parsed(url) if url else sa.URL.create("sqlite", database=str(state / INBOX))


def parsed(url: str) -> sa.URL:
    """An address, with the driver that this program brings. Raises `UsageError`, which shows no password."""
    try:
        address = sa.make_url(url)
        driver = _DRIVERS[address.drivername]
    except (ArgumentError, KeyError, ValueError):
        raise UsageError("the database's address is none: it must be postgresql://USER:PASSWORD@HOST/NAME") from None
    return address.set(drivername=driver)


def connected(url: str | sa.URL, *, hesitation: timedelta = HESITATION) -> sa.Engine:
    """Connections to the database, made when they are needed; what fails shows neither password nor rows.

    A server ends the transaction of whoever says nothing in the middle of it for longer than `hesitation`.
    """
    address = parsed(url) if isinstance(url, str) else url
    if address.get_backend_name() == "sqlite":
        engine = sa.create_engine(address, hide_parameters=True)
        sa.event.listen(engine, "connect", _tune)
        return engine
    engine = sa.create_engine(
        address,
        hide_parameters=True,
        pool_pre_ping=True,  # a server that was restarted is no reason for an error
        pool_size=10,
        max_overflow=20,
        connect_args={"connect_timeout": _PATIENCE, "application_name": "registrar", **_ALIVE},
    )

    @sa.event.listens_for(engine, "connect")
    def _hold_nobody_up(connection: DBAPIConnection, _record: object) -> None:
        limit = hesitation // timedelta(milliseconds=1)
        connection.cursor().execute(f"SET idle_in_transaction_session_timeout = '{limit}ms'")
        connection.commit()  # else it is forgotten with the transaction

    return engine


def refuse_unreachable(engine: sa.Engine) -> None:
    """Say at the start that the database cannot be reached. Raises `RegistrarError`: it may be there in a moment."""
    try:
        with engine.connect():
            pass
    except (DBAPIError, NoSuchModuleError) as error:
        place = engine.url.render_as_string(hide_password=True)
        reason = str(error.orig if isinstance(error, DBAPIError) else error).strip()
        raise RegistrarError(f"the database at {place} cannot be reached: {reason}") from None


def now_of(engine: sa.Engine) -> sa.ColumnElement[float]:
    """What the database's own clock says, in seconds since the epoch: the one clock that all replicas share."""
    if engine.dialect.name == "sqlite":
        return sa.type_coerce((sa.func.julianday("now") - 2440587.5) * 86400.0, sa.Float())
    return sa.cast(sa.func.extract("epoch", sa.func.clock_timestamp()), sa.Double())


def _tune(connection: object, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined] # a sqlite3.Connection behind a DBAPI type
