"""The bot is killed on a sandbox forge of either kind."""

import pytest

from databases import postgres, postgres_server
from parity import speak
from stories.side import Side
from stories.sides import SIDES

__all__ = ["postgres", "postgres_server"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    speak(metafunc, SIDES)


@pytest.fixture
def side(spoken: str) -> type[Side]:
    """Whose forge it is."""
    return SIDES[spoken]
