"""What this process counted and saw: plain numbers that any part of the shell may add to, and /metrics shows.

No library is needed to count, so that a command pays nothing for it.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

HOOK_STATES: Final = ("active", "failing", "disabled", "unknown")


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that all replicas want to know, as one of them saw it: the newest sight counts."""

    what: str  # "sweep" or "hook"
    of: str  # whose: a repository
    state: str
    at: datetime


class Numbers:
    """Counters that only rise, the newest of what changes, and what other replicas have yet to be told."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._deliveries: dict[str, int] = {}
        self._budgets: dict[str, int] = {}
        self._unsaved: dict[tuple[str, str], Seen] = {}

    def delivery_answered(self, answer: str) -> None:
        """A webhook was answered: accepted, known, ignored, refused, ..."""
        with self._lock:
            self._deliveries[answer] = self._deliveries.get(answer, 0) + 1

    def budget_left(self, forge: str, requests: int) -> None:
        """A forge said how many requests it still takes from this token in the present hour or minute."""
        with self._lock:
            self._budgets[forge] = requests

    def swept(self, repository: str, *, at: datetime) -> None:
        """A sweep has looked at everything, and met no error."""
        self._see(Seen("sweep", repository, "done", at))

    def hook_seen(self, repository: str, state: str, *, at: datetime) -> None:
        """How the forge says that the registry's webhook fares; one of HOOK_STATES."""
        self._see(Seen("hook", repository, state, at))

    def deliveries(self) -> Mapping[str, int]:
        """How many webhooks got which answer."""
        with self._lock:
            return dict(self._deliveries)

    def budgets(self) -> Mapping[str, int]:
        """What each forge said last."""
        with self._lock:
            return dict(self._budgets)

    def take_unsaved(self) -> tuple[Seen, ...]:
        """What was seen since the last call, for the database that all replicas share."""
        with self._lock:
            seen, self._unsaved = tuple(self._unsaved.values()), {}
        return seen

    def _see(self, seen: Seen) -> None:
        with self._lock:
            self._unsaved[seen.what, seen.of] = seen


NUMBERS: Final = Numbers()  # a process has one log, and one of these
