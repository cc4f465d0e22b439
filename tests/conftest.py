"""Keeps what a run has gathered, for the tests that look at all tests, and spares it what only costs time."""

import gc
import os
from pathlib import Path

import pytest

from collecting import GATHERED

_MEMORY = Path("/dev/shm")
_ENOUGH = 4 << 30  # bytes


def pytest_configure() -> None:
    """What tests write is gone a second later, so no disk need hear of it where there is memory enough."""
    if "PYTEST_DEBUG_TEMPROOT" not in os.environ and _is_fit(_MEMORY):
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(_MEMORY)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Before anything is deselected."""
    config.stash[GATHERED] = tuple(items)


def pytest_collection_finish() -> None:
    """Half a million objects, none of which goes before the end, were looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def _is_fit(folder: Path) -> bool:
    """Whether there is room, and git may run hooks there."""
    if not os.access(folder, os.W_OK):
        return False
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize >= _ENOUGH and not found.f_flag & os.ST_NOEXEC
