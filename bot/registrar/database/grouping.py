"""Knows how events that arrive together are kept together: one commit for all of them, and no answer before it."""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final

from sqlalchemy.exc import DataError, IntegrityError

from registrar.core.events import Event

MOST: Final = 500  # events in one commit: more would hold up the first of them

Arrival = tuple[str, Event]
Keep = Callable[[Sequence[Arrival]], frozenset[str]]  # the names of those deliveries that are new, once they are kept
Waiting = tuple[str, Event, Future[bool]]
Arrivals = queue.SimpleQueue[Waiting | None]  # `None` is the end


class StorageClosed(Exception):
    """An event came after the end: it was not kept."""


class Grouping:
    """A thread that writes what has arrived since it last wrote: a disk is waited for once, not once an event."""

    def __init__(self, keep: Keep, arrived: Arrivals | None = None) -> None:
        self._keep = keep
        self._closed = False
        self._closing = threading.Lock()  # or an event could come after the last that is written, and never be answered
        self._arrived = arrived or Arrivals()
        self._thread = threading.Thread(target=self._write, name="arrivals", daemon=True)
        self._thread.start()

    def add(self, delivery: str, event: Event) -> Future[bool]:
        """Whether the delivery is new, known as soon as it is on disk; or the error that kept it from getting there."""
        future: Future[bool] = Future()
        with self._closing:
            if self._closed:
                future.set_exception(StorageClosed("nothing is kept any more; the process ends"))
            else:
                self._arrived.put((delivery, event, future))
        return future

    def close(self) -> None:
        """Write what has arrived, and end."""
        with self._closing:
            self._closed = True
            self._arrived.put(None)
        self._thread.join()

    def _write(self) -> None:
        while (first := self._arrived.get()) is not None:
            group, is_last = self._together_with(first)
            self._settle([waiting for waiting in group if waiting[2].set_running_or_notify_cancel()])
            if is_last:
                return

    def _together_with(self, first: Waiting) -> tuple[list[Waiting], bool]:
        group = [first]
        while len(group) < MOST and not self._arrived.empty():
            following = self._arrived.get()
            if following is None:
                return group, True
            group.append(following)
        return group, False

    def _settle(self, group: Sequence[Waiting]) -> None:
        try:
            new = set(self._keep([(delivery, event) for delivery, event, _ in group]))
        except (DataError, IntegrityError) as error:
            if len(group) > 1:  # one of them is not fit for the database: the others are not to suffer for it
                for waiting in group:
                    self._settle([waiting])
                return
            group[0][2].set_exception(error)
        except Exception as error:  # noqa: BLE001 - whoever waits for the answer is told
            for _, _, future in group:
                future.set_exception(error)
        else:
            for delivery, _, future in group:
                future.set_result(delivery in new)
                new.discard(delivery)  # the second of two equal ones is known
