"""Runs without a server, on a sandbox forge of either kind or on a plain remote."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from parity import speak
from reconcile.jobs import Hired, without_a_server
from registrar.repository.mirror import mirror
from stories.registries import a_registry
from stories.side import Side
from stories.sides import SIDES
from stories.town import Town


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    speak(metafunc, SIDES)


@pytest.fixture
def side(spoken: str) -> type[Side]:
    """Whose forge it is."""
    return SIDES[spoken]


@pytest.fixture
def found(side: type[Side], tmp_path: Path) -> Iterator[Hired]:
    """Founds a town whose bot is a job of a pipeline."""
    with ExitStack() as stack:
        yield lambda files, **options: stack.enter_context(without_a_server(tmp_path, side, files, **options))


@pytest.fixture
def town(found: Hired) -> Town:
    """1.0.0 holds Production, 1.1.0 is better, 1.2.0 is worse."""
    return found(a_registry({"1.0.0": 0.90, "1.1.0": 0.95, "1.2.0": 0.70}, status="Production: 1.0.0\n"))


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A bare repository in which nothing is yet."""
    folder = tmp_path / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
    mirror(str(folder), tmp_path / "mirror.git")
    return folder
