"""What the sandbox forge does a moment after it has answered: on GitLab, most of what follows from a push."""

import threading
from collections import deque
from collections.abc import Callable

_Work = Callable[[], None]


class Background:
    """Work that is done in order, each piece when so many questions were asked since it was put off.

    By default nothing is put off. `questions` is how many are answered as things stood before; None holds all work
    back until `finish` is called. So a test needs no clock to see a forge that has not caught up yet.
    """

    def __init__(self) -> None:
        self.questions: int | None = 0
        self._queue: deque[tuple[int | None, _Work]] = deque()
        self._lock = threading.RLock()

    @property
    def idle(self) -> bool:
        """Whether nothing is left to do but what is held back."""
        return not any(left is not None for left, _ in self._queue)

    def later(self, work: _Work) -> None:
        """Do it once everything before it is done, and enough was asked."""
        with self._lock:
            self._queue.append((self.questions, work))
            self._work_off()

    def asked(self) -> None:
        """Someone asked how things stand, and is answered as they stood."""
        with self._lock:
            self._work_off()
            self._queue = deque((None if left is None else left - 1, work) for left, work in self._queue)

    def finish(self) -> None:
        """Do all that was put off, and whatever follows from it."""
        with self._lock:
            while self._queue:
                self._queue.popleft()[1]()

    def _work_off(self) -> None:
        while self._queue and self._queue[0][0] is not None and self._queue[0][0] <= 0:
            self._queue.popleft()[1]()
