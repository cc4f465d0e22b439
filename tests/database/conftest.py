"""Databases that nobody has written to, of both kinds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from databases import address, postgres, postgres_server
from registrar.database.connecting import address_of, connected

__all__ = ["address", "postgres", "postgres_server"]


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = connected(address_of("", tmp_path))
    yield engine
    engine.dispose()


@pytest.fixture
def database(address: sa.URL) -> Iterator[sa.Engine]:
    engine = connected(address)
    yield engine
    engine.dispose()
