"""How work of CI is done beside everything else, a few pieces at a time."""

import threading
import time
from collections.abc import Callable

AT_ONCE = 2  # pieces of work; the others wait


class Runner:
    """Works on what it is given, in threads of their own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopping = False
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._working: dict[threading.Thread, threading.Event] = {}

    @property
    def idle(self) -> bool:
        """Whether every piece of work came to its end and said so."""
        with self._lock:
            return not any(thread.is_alive() for thread in self._working)

    def rest(self, timeout: float) -> None:
        """Wait until what is being done now has ended, or for so many seconds."""
        with self._lock:
            working = tuple(self._working)
        deadline = time.monotonic() + timeout
        for thread in working:
            thread.join(max(0.0, deadline - time.monotonic()))

    def start(self, name: str, work: Callable[[], None], *, stop: threading.Event) -> None:
        """Do it as soon as there is a place; setting `stop` asks it to end, and so does stopping the runner."""
        with self._lock:
            if self._stopping:
                return
            thread = threading.Thread(target=self._in_turn, args=(work,), name=name)
            self._working = {each: event for each, event in self._working.items() if each.is_alive()}
            thread.start()
            self._working[thread] = stop

    def stop(self) -> None:
        """End all work, now."""
        with self._lock:
            self._stopping = True
            working = dict(self._working)
        for stop in working.values():
            stop.set()
        for thread in working:
            thread.join()

    def _in_turn(self, work: Callable[[], None]) -> None:
        with self._places:
            work()
