"""Knows how often one thing was looked at of late: two bots that answer each other go round in slow circles."""

import threading
from collections import Counter
from datetime import datetime, timedelta
from typing import Final

MOST: Final = 120  # looks of a replica at one work key in each of the spans below; a busy one has a tenth of them
SPAN: Final = timedelta(minutes=10)
REST: Final = timedelta(minutes=1)  # what comes meanwhile is looked at together


class Budget:
    """The looks at each work key in the present span of time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._span = -1
        self._looks: Counter[str] = Counter()
        self._resting: dict[str, datetime] = {}

    def rest(self, work_key: str, *, now: datetime) -> datetime | None:
        """Until when to leave it alone; None: it may be looked at now, and that counts."""
        with self._lock:
            self._begin_span(now)
            until = self._resting.pop(work_key, None)
            is_spent = until is None and self._looks[work_key] >= MOST
            if is_spent or (until is not None and now < until):
                return self._resting.setdefault(work_key, until or now + REST)
            self._looks[work_key] += 1
        return None

    def _begin_span(self, now: datetime) -> None:
        span = int(now.timestamp() // SPAN.total_seconds())
        if span != self._span:
            self._span = span
            self._looks.clear()
            self._resting.clear()
