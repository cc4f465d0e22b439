"""An engine for tests: the rounds of a job, one for each event that arrives, and nothing on disk."""

import queue
import threading
from collections.abc import Callable, Sequence

from registrar.core.events import Event, FollowUp
from registrar.serverless.round import Limits, Round

Handle = Callable[[Event], Sequence[FollowUp]]

AT_ONCE = Limits(follow=0.0, give_up_after=0.0)


class InlineEngine:
    """Works on events as they arrive; what is for later, or may go right then, waits until `let_time_pass`."""

    def __init__(self, handle: Handle, *, later: Sequence[Event] = ()) -> None:
        self._handle = handle
        self._known: set[str] = set()
        self._waiting: queue.Queue[Event | None] = queue.Queue()
        self.later = list(later)
        self.refusals: list[str] = []
        self.superseded = 0  # pieces of work that somebody else took over in the middle
        self.defects: list[Exception] = []
        self._thread = threading.Thread(target=self._work, name="bot")
        self._thread.start()

    def accept(self, delivery: str, event: Event) -> bool:
        if delivery in self._known:
            return False
        self._known.add(delivery)
        self._waiting.put(event)
        return True

    @property
    def idle(self) -> bool:
        return self._waiting.unfinished_tasks == 0

    def rest(self, timeout: float) -> None:
        """Wait until nothing is left to do now, or for so many seconds."""
        with self._waiting.all_tasks_done:
            self._waiting.all_tasks_done.wait_for(lambda: self.idle, timeout)

    def let_time_pass(self) -> None:
        later, self.later = self.later, []
        for event in later:
            self._waiting.put(event)

    def stop(self) -> None:
        self._waiting.put(None)
        self._thread.join(timeout=10)

    def _work(self) -> None:
        while (event := self._waiting.get()) is not None:
            if event not in tuple(self._waiting.queue):  # the real engine takes what came twice together, and once
                self._work_on(event)
            self._waiting.task_done()

    def _work_on(self, event: Event) -> None:
        """In a round, as a job does it, in which no time passes."""
        work = Round(self._handle, AT_ONCE, clock=lambda: 1.0, wait=lambda _: False, known=self._known)
        told = work.work_on([event])
        again = [failure.event for failure in told.failed if failure.may_go_right]
        self.refusals += [failure.why for failure in told.failed]
        self.defects += told.defects
        self.superseded += told.superseded is not None
        self.later += told.left
        if told.superseded is None:
            self.later += again
            return
        for each in again:
            if each != told.superseded:  # other work is still ours
                self._waiting.put(each)
