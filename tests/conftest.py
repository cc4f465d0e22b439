"""Keeps what a run has gathered, for the tests that look at all tests, and has Python look through it no more."""

import gc

import pytest

from collecting import GATHERED


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Before anything is deselected."""
    config.stash[GATHERED] = tuple(items)


def pytest_collection_finish() -> None:
    """Half a million objects, none of which goes before the end, were looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
