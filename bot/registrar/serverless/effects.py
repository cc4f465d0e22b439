"""Knows what one run has done and doubts, and when all that it did can be seen by the next one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from registrar.core.effects import Effect, Fence, RememberedEffects


class RunEffects:
    """The effects of one run; see `Effects`. The next run knows nothing of them but what the forge shows."""

    def __init__(self, fence: Fence, clock: Callable[[], float], *, shown_within: float) -> None:
        """The fence is asked before everything that is written; the clock counts seconds, and nobody sets it.

        The forge's listings hold what was written after so many seconds.
        """
        self._shown_within = shown_within
        self._fence = fence
        self._clock = clock
        begun = datetime.now(UTC)
        self._remembered = RememberedEffects(lambda: begun + timedelta(seconds=clock()))
        self._doubted: set[str] = set()
        self._written: float | None = None

    @property
    def is_in_doubt(self) -> bool:
        """Whether something was begun of which nobody knows what it became."""
        return bool(self._doubted)

    def shows_in(self) -> float:
        """How many seconds from now the forge's listings hold all that was written; 0: they do."""
        if self._written is None:
            return 0.0
        return max(0.0, self._written + self._shown_within - self._clock())

    def still_ours(self) -> None:
        """See `Effects`. Whoever asks is about to write."""
        self._fence()
        self._written = self._clock()

    def known(self, key: str) -> Effect | None:
        """See `Effects`."""
        return self._remembered.known(key)

    def begin(self, key: str, kind: str) -> None:
        """See `Effects`."""
        self._fence()
        self._remembered.begin(key, kind)
        self._doubted.add(key)

    def done(self, key: str, result: str) -> None:
        """See `Effects`; what was found rather than made was not written."""
        self._fence()
        if key in self._doubted:
            self._written = self._clock()  # the answer may have come long after the write was allowed
        self._remembered.done(key, result)
        self._doubted.discard(key)

    def dropped(self, key: str) -> None:
        """See `Effects`."""
        self._fence()
        self._remembered.dropped(key)
        known = self._remembered.known(key)
        if known is not None and not known.acts:
            self._doubted.discard(key)
