"""What each test on a sandbox forge of either kind begins with; the conftest of its folder takes it over."""

from collections.abc import Callable

import pytest

from parity import speak
from stories.registries import a_registry
from stories.side import Side
from stories.sides import SIDES
from stories.town import Town

Found = Callable[..., Town]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let it run on every forge, or on the one that it is marked for."""
    speak(metafunc, SIDES)


@pytest.fixture
def side(spoken: str) -> type[Side]:
    """Whose forge it is."""
    return SIDES[spoken]


@pytest.fixture
def town(found: Found) -> Town:
    """1.0.0 holds Production, 1.1.0 is better, 1.2.0 is worse; who looks after them is whose the folder's bot is."""
    return found(a_registry({"1.0.0": 0.90, "1.1.0": 0.95, "1.2.0": 0.70}, status="Production: 1.0.0\n"))
