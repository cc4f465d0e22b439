"""Waits for what other threads do: the one place in the tests that lets time pass."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

_PAUSE = 0.01


def until(look: Callable[[], Found], *, patience: float = 30, otherwise: str = "nothing came of it") -> Found:
    """What is there as soon as something is; fails when patience ends."""
    deadline = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < deadline, otherwise
        threading.Event().wait(_PAUSE)
    return found
