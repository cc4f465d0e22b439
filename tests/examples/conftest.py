"""Opens a forge for each test that wants one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import gitlab_scene as on_gitlab
from sandbox.gitlab_scene import GitLabScene


@pytest.fixture
def gitlab_scene(tmp_path: Path) -> Iterator[GitLabScene]:
    with on_gitlab.opened(tmp_path) as found:
        yield found
