"""A registry on GitLab whose pipelines use the component."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from component.scene import Project, a_project
from nodes import Node, node
from stories.registries import a_registry

__all__ = ["node"]


FILES = a_registry({"1.0.0": 0.90, "1.1.0": 0.95}, status="Production: 1.0.0\n")


@pytest.fixture
def project(node: Node, tmp_path: Path) -> Iterator[Project]:
    """1.0.0 holds Production, 1.1.0 is better and waits."""
    with a_project(tmp_path, node, FILES) as made:
        yield made


@pytest.fixture(scope="session")
def reading(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Another one, for tests that run no job in it."""
    with a_project(tmp_path_factory.mktemp("reading"), node, FILES) as made:
        yield made
