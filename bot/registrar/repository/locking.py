"""Knows how work on one thing is done by one at a time, in whatever thread and process."""

from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path


@contextmanager
def one_at_a_time(file: Path) -> Iterator[None]:
    """Hold the lock; it goes with the process that holds it."""
    with file.open("ab") as lock:
        flock(lock, LOCK_EX)
        yield
