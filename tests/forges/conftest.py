"""Opens each forge that an adapter speaks to, for each test of the contract."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from forges.contract import Place
from forges.contract_github import github_place
from forges.contract_gitlab import gitlab_place
from parity import speak

PLACES: Mapping[str, Callable[[Path], AbstractContextManager[Place]]] = {"github": github_place, "gitlab": gitlab_place}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    speak(metafunc, PLACES)


@pytest.fixture
def place(spoken: str, tmp_path: Path) -> Iterator[Place]:
    with PLACES[spoken](tmp_path) as found:
        yield found


@pytest.fixture
def number(place: Place) -> int:
    """A pull request by raj that promotes a version."""
    place.push("raj", "promote", {"status.yaml": "Production: 1.0.0\n"}, message="Promote 1.0.0")
    return place.propose("raj", "promote", title="Promote 1.0.0")
