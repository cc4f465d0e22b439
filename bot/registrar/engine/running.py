"""Knows what this process works on just now."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from registrar.database.works import Claim


class Running:
    """Counts what is worked on, from the moment it is taken."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._expected: dict[str, Claim] = {}
        self._in_hand: list[str] = []

    def __len__(self) -> int:
        with self._changed:
            return len(self._expected) + len(self._in_hand)

    def has(self, execution: str) -> bool:
        """Whether it is worked on here, or about to be."""
        with self._changed:
            return execution in self._expected or execution in self._in_hand

    def expect(self, claim: Claim) -> None:
        """It is about to be worked on, by whoever took it."""
        with self._changed:
            self._expected[claim.execution] = claim

    def forget(self, execution: str) -> None:
        """It did not come to that."""
        with self._changed:
            self._expected.pop(execution, None)
            self._changed.notify_all()

    @contextmanager
    def hand(self, execution: str) -> Iterator[Claim | None]:
        """What was taken here, for as long as it is worked on; None: another took it."""
        with self._changed:
            claim = self._expected.pop(execution, None)
            self._in_hand.append(execution)
        try:
            yield claim
        finally:
            with self._changed:
                self._in_hand.remove(execution)
                self._changed.notify_all()

    def wait(self, patience: timedelta) -> bool:
        """Whether everything came to its end in time."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not self._expected and not self._in_hand, timeout=patience.total_seconds()
            )
