"""A database each test, of both kinds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from registrar.database.connecting import address_of, connected


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = connected(address_of("", tmp_path))
    yield engine
    engine.dispose()


@pytest.fixture
def database(sqlite_database: sa.Engine) -> sa.Engine:
    return sqlite_database
