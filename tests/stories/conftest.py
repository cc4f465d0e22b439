"""Every story is told on a sandbox forge whose answers are held against what GitHub publishes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from stories.registries import a_registry
from stories.town import Town, founded

Found = Callable[..., Town]


@pytest.fixture
def found(tmp_path: Path) -> Iterator[Found]:
    """Founds a town with these files in its registry."""
    with ExitStack() as stack:

        def make(files: Mapping[str, str], **options: str) -> Town:
            return stack.enter_context(founded(tmp_path, files, **options))

        yield make


@pytest.fixture
def town(found: Found) -> Town:
    """1.0.0 holds Production, 1.1.0 is better, 1.2.0 is worse."""
    return found(a_registry({"1.0.0": 0.90, "1.1.0": 0.95, "1.2.0": 0.70}, status="Production: 1.0.0\n"))
