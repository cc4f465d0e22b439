"""The bot is killed on a sandbox forge of either kind."""

import pytest

from parity import speak
from stories.side import Side
from stories.sides import SIDES


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    speak(metafunc, SIDES)


@pytest.fixture
def side(spoken: str) -> type[Side]:
    """Whose forge it is."""
    return SIDES[spoken]
