"""Keeps what a run has gathered, for the tests that look at all tests."""

import pytest

from collecting import GATHERED


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Before anything is deselected."""
    config.stash[GATHERED] = tuple(items)
