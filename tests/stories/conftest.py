"""Every story is told on a sandbox forge, once in the words of each forge."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from stories.fixtures import Found, pytest_generate_tests, side, town
from stories.side import Side
from stories.town import Town, founded

__all__ = ["Found", "pytest_generate_tests", "side", "town"]


@pytest.fixture
def found(side: type[Side], tmp_path: Path) -> Iterator[Found]:
    """Founds a town with these files in its registry."""
    with ExitStack() as stack:

        def make(files: Mapping[str, str], **options: Any) -> Town:
            return stack.enter_context(founded(tmp_path, side, files, **options))

        yield make
