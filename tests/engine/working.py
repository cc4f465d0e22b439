"""What tests of the engine share: a handler that remembers, and an engine that is stopped at the end."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from registrar.core.events import Event, FollowUp
from registrar.engine import Engine

PATIENCE = 60.0  # seconds; a bound for a broken engine, never waited for by a sound one
LEASE = timedelta(seconds=1)


class Work:
    """A handler that remembers what it was asked, and can be waited for."""

    def __init__(self, answer: Callable[[Event], Sequence[FollowUp]] = lambda _event: ()) -> None:
        self.seen: list[Event] = []
        self._answer = answer
        self._news = threading.Condition()

    def __call__(self, event: Event) -> Sequence[FollowUp]:
        with self._news:
            self.seen.append(event)
            self._news.notify_all()
        return self._answer(event)

    def wait_for(self, count: int) -> list[Event]:
        with self._news:
            assert self._news.wait_for(lambda: len(self.seen) >= count, PATIENCE), self.seen
        return self.seen


@contextmanager
def running(state: Path, work: Work, database: sa.Engine) -> Iterator[Engine]:
    engine = Engine(state, work, database=database, lease=LEASE)
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()
