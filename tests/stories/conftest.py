"""Every story is told on a sandbox forge, once in the words of each forge."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from parity import speak
from stories.registries import a_registry
from stories.side import Side
from stories.sides import SIDES
from stories.town import Town, founded

Found = Callable[..., Town]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    speak(metafunc, SIDES)


@pytest.fixture
def side(spoken: str) -> type[Side]:
    """Whose forge it is."""
    return SIDES[spoken]


@pytest.fixture
def found(side: type[Side], tmp_path: Path) -> Iterator[Found]:
    """Founds a town with these files in its registry."""
    with ExitStack() as stack:

        def make(files: Mapping[str, str], **options: Any) -> Town:
            return stack.enter_context(founded(tmp_path, side, files, **options))

        yield make


@pytest.fixture
def town(found: Found) -> Town:
    """1.0.0 holds Production, 1.1.0 is better, 1.2.0 is worse."""
    return found(a_registry({"1.0.0": 0.90, "1.1.0": 0.95, "1.2.0": 0.70}, status="Production: 1.0.0\n"))
