"""Knows whether the forge may be asked at all: not while it refuses the token, nor before the time that it named."""

import threading
from datetime import datetime, timedelta
from typing import Final

HELD_AT_MOST: Final = timedelta(hours=1)  # whatever a forge says


class Gate:
    """Open, held until a time, or shut until one piece of work that is let through comes out well."""

    def __init__(self, *, probed_after: timedelta) -> None:
        """A refused token is tried again so often."""
        self._probed_after = probed_after
        self._lock = threading.Lock()
        self._reason: str | None = None
        self._until: datetime | None = None

    @property
    def reason(self) -> str | None:
        """Why it is shut; None: it is not."""
        return self._reason

    def shut(self, reason: str, *, now: datetime) -> bool:
        """Let nothing through but now and then one to try; True when it was open before: that is news."""
        with self._lock:
            is_news = self._reason is None
            self._reason, self._until = reason, now + self._probed_after
        return is_news

    def hold(self, *, until: datetime, now: datetime) -> None:
        """Let nothing through before that time: a forge at its limits is not asked by everybody in turn."""
        with self._lock:
            self._until = max(self._until or now, min(until, now + HELD_AT_MOST))

    def went_well(self) -> bool:
        """Open it; True when it was shut: that is news."""
        with self._lock:
            is_news = self._reason is not None
            if is_news:
                self._reason, self._until = None, None
        return is_news

    def room(self, free: int, *, running: int, now: datetime) -> int:
        """How many pieces of work may begin, of those there is room for."""
        with self._lock:
            if self._until is not None and now < self._until:
                return 0
            if self._reason is None:
                return free
            if running:
                return 0
            self._until = now + self._probed_after
            return 1
