"""Opens a scene for each test that wants one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import gitlab_scene as on_gitlab
from sandbox.gitlab_scene import REGISTRY, GitLabScene
from sandbox.scene import Receiver, Scene, opened, receiving


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with opened(tmp_path) as found:
        yield found


@pytest.fixture
def gitlab_scene(tmp_path: Path) -> Iterator[GitLabScene]:
    with on_gitlab.opened(tmp_path) as found:
        yield found


@pytest.fixture
def receiver(scene: Scene) -> Iterator[Receiver]:
    """Someone who is told everything that happens in the registry."""
    with receiving() as found:
        scene.sandbox.add_webhook("acme/registry", found.url, "s3cret")
        yield found
        scene.sandbox.drain()


@pytest.fixture
def told(gitlab_scene: GitLabScene) -> Iterator[Receiver]:
    """Someone who is told everything that happens in the registry on GitLab."""
    with receiving() as found:
        gitlab_scene.sandbox.add_webhook(REGISTRY, found.url, "s3cret")
        yield found
        gitlab_scene.sandbox.drain()
