"""Runs without a server, on a sandbox forge of either kind or on a plain remote."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from reconcile.jobs import without_a_server
from registrar.repository.mirror import mirror
from stories.fixtures import Found, pytest_generate_tests, side, town
from stories.side import Side

__all__ = ["pytest_generate_tests", "side", "town"]


@pytest.fixture
def found(side: type[Side], tmp_path: Path) -> Iterator[Found]:
    """Founds a town whose bot is a job of a pipeline."""
    with ExitStack() as stack:
        yield lambda files, **options: stack.enter_context(without_a_server(tmp_path, side, files, **options))


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A bare repository in which nothing is yet."""
    folder = tmp_path / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
    mirror(str(folder), tmp_path / "mirror.git")
    return folder
