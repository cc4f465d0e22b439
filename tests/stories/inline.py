"""An engine for tests: the same handlers, one event after the other, nothing on disk."""

import queue
import threading
from collections.abc import Callable, Sequence

from registrar.core.events import Event, FollowUp
from registrar.errors import ForgeUnavailable, RegistrarError, Superseded, TokenRefused
from registrar.notices.channels import NotTold

Handle = Callable[[Event], Sequence[FollowUp]]


class InlineEngine:
    """Works on events as they arrive; what is for later, or must be tried again, waits until `let_time_pass`."""

    def __init__(self, handle: Handle, *, later: Sequence[Event] = ()) -> None:
        self._handle = handle
        self._known: set[str] = set()
        self._waiting: queue.Queue[Event | None] = queue.Queue()
        self.later = list(later)
        self.refusals: list[RegistrarError] = []
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
            if event in tuple(self._waiting.queue):  # the real engine takes what came twice together, and once
                self._waiting.task_done()
                continue
            try:
                self._follow(self._handle(event))
            except RegistrarError as error:
                self.refusals.append(error)
                if isinstance(error, ForgeUnavailable | NotTold | TokenRefused):
                    self.later.append(event)
            except Superseded:
                self.superseded += 1
            except Exception as error:  # noqa: BLE001 # a story must fail on it, not hang: see `Town.settle`
                self.defects.append(error)
            finally:
                self._waiting.task_done()

    def _follow(self, follow_ups: Sequence[FollowUp]) -> None:
        for follow_up in follow_ups:
            if follow_up.after:
                self.later.append(follow_up.event)
            elif not follow_up.once or follow_up.once not in self._known:
                self._known.add(follow_up.once)
                self._waiting.put(follow_up.event)
