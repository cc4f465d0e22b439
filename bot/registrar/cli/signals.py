"""Knows how a command that runs for long is told to stop: once to end well, twice to end."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)  # a job that is cancelled gets one of them, and seconds later a kill


@contextmanager
def told_to_stop(stopping: threading.Event) -> Iterator[None]:
    """Set the event at the first signal; the second one ends the process, as if nobody had listened."""

    def tell(_signal: int, _frame: object) -> None:
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        stopping.set()

    before = {each: signal.signal(each, tell) for each in _SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
