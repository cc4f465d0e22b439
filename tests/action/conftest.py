"""One forge and one runner for every job: each works on a branch of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from action.jobs import Runner, reading
from action.places import Place, a_place
from nodes import Node, node

__all__ = ["node"]


@pytest.fixture(scope="module")
def runner(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    with reading(node) as reader:
        yield Runner(reader, tmp_path_factory.mktemp("runner"))


@pytest.fixture(scope="module")
def place(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder: Path = tmp_path_factory.mktemp("place")
    with a_place(folder, runner) as found:
        yield found
