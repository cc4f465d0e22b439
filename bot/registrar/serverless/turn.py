"""Knows whether it is the turn of this run: by a lease in git, and by no clock but its own."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from registrar.core.effects import SHOWS_UP_WITHIN
from registrar.errors import ForgeUnavailable, NotAllowed, PushRejected, RegistrarError, Superseded
from registrar.repository.lease import REF, Holder, Lease

Waiting = Callable[[Holder | None], None]  # is told for whom somebody waits; None: nobody says who it is

log = logging.getLogger("registrar.turn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast the lease moves, in seconds. It holds for all who work on one registry."""

    # GitHub wants at most six pushes a minute to a repository, and some of them are for the work itself.
    # https://docs.github.com/repositories/creating-and-managing-repositories/repository-limits#activity
    renewed_every: float = 15.0
    ours_for: float = 40.0  # after the beginning of the last move that succeeded, nothing is written any more
    taken_over_after: float = 60.0  # without a move: longer than `ours_for`, by more than a forge takes for a request
    looked_at_every: float = 5.0
    told_of_every: float = 60.0  # that somebody waits
    shown_within: float = SHOWS_UP_WITHIN.total_seconds()  # after a write, by the forge's listings


PACE: Final = Pace()


def passed() -> float:
    """Seconds since whenever, by a clock that nobody sets, and that goes on while the machine sleeps where it can."""
    which = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(which)


class Turn:
    """One run's turn: waited for, kept by a thread of its own, asked about before every write, and given back."""

    def __init__(self, *, stopping: threading.Event, pace: Pace = PACE, clock: Callable[[], float] = passed) -> None:
        """`stopping` ends the waiting."""
        self._pace = pace
        self._clock = clock
        self._stopping = stopping
        self._over = threading.Event()
        self._moving = threading.Lock()
        self._lease: Lease | None = None
        self._at = ""  # where the lease stands, as far as is known
        self._since = 0.0  # when the last move began that put it there
        self._lost = ""  # why it is not ours any more
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    def begin(self, lease: Lease, *, until: float, waiting: Waiting = lambda _: None) -> bool:
        """Take the lease, waiting for whoever has it; False when that takes longer than until then, or we are to stop.

        `waiting` is called when somebody has it, and again every minute. Raises what git raises when the remote cannot
        be asked at all, and `NotAllowed` when nobody has it, and it cannot be taken.
        """
        self._lease = lease
        watched, since = lease.seen(), self._clock()
        told_at = float("-inf")
        while not self._take(watched, since):
            if self._clock() + self._pace.looked_at_every > until:
                _refuse_in_vain(lease, watched)
                return False
            if watched is not None and self._clock() - told_at >= self._pace.told_of_every:
                told_at = self._clock()
                waiting(lease.whose())
            if self._stopping.wait(self._pace.looked_at_every):
                return False
            watched, since = self._looked(watched, since)
        self._thread.start()
        return True

    def still_ours(self) -> None:
        """Ask right before every write. Raises `Superseded` when others may have the turn."""
        if self._lease is None or self._over.is_set():
            raise Superseded("it is not the turn of this run")
        if not self._is_fresh():
            self._move()
        if self._lost or not self._is_fresh():
            raise Superseded(self._lost or "the lease could not be kept in time")

    @property
    def lost(self) -> str:
        """Why the turn is over before its end; empty: it is not."""
        return self._lost

    def end(self, *, give_back: bool) -> None:
        """Write nothing from here on. What is not given back lapses, and those who wait for it wait that long."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        if not give_back or self._lost or self._lease is None:
            return
        try:
            self._lease.give_back(self._at)
        except RegistrarError as error:
            log.warning("the lease could not be given back, and lapses: %s", error)

    def _take(self, seen: str | None, since: float) -> bool:
        """Whether it is ours: because nobody has it, or whoever had it moves it no more."""
        if seen is not None and self._clock() - since < self._pace.taken_over_after:
            return False
        began = self._clock()
        try:
            self._at = self._told().move(seen)
        except PushRejected:
            return False  # others were faster
        self._since = began
        return True

    def _looked(self, watched: str | None, since: float) -> tuple[str | None, float]:
        """What is there now, and since when by our own clock."""
        try:
            seen = self._told().seen()
        except ForgeUnavailable as error:
            log.warning("the lease cannot be seen: %s", error)
            return watched, since
        return (seen, since) if seen == watched else (seen, self._clock())

    def _keep(self) -> None:
        while not self._over.wait(self._pace.renewed_every) and not self._lost:
            self._move()

    def _move(self) -> None:
        """Move it on; what hinders us is tried again, until others say that they have it."""
        with self._moving:
            if self._lost:
                return
            began = self._clock()
            try:
                self._at = self._moved()
            except PushRejected:
                self._lost = "another run has taken the turn over"
            except RegistrarError as error:
                log.warning("the lease could not be kept: %s", error)
            else:
                self._since = began

    def _moved(self) -> str:
        """Where it is once we have moved it. Raises `PushRejected` when it is somebody else's."""
        lease = self._told()
        try:
            return lease.move(self._at)
        except PushRejected:
            seen = lease.seen()
            # What a move that nobody confirmed has become; or somebody deleted it. Another run can have come and gone
            # meanwhile: it kept its lease until what it had written was to be seen.
            if not (self._is_fresh() if seen is None else lease.is_ours(seen)):
                raise
            return lease.move(seen)

    def _is_fresh(self) -> bool:
        return self._clock() - self._since <= self._pace.ours_for

    def _told(self) -> Lease:
        if self._lease is None:
            raise AssertionError("there is no lease before it begins")
        return self._lease


def _refuse_in_vain(lease: Lease, watched: str | None) -> None:
    """Raises `NotAllowed` where nobody had it and nobody has it: no time frees that, as no ref can stand in another."""
    if watched is None and lease.seen() is None:
        folder = REF.rpartition("/")[0]
        raise NotAllowed(
            f"{REF} cannot be made although nobody has it, so something stands in its way: see what "
            f"git ls-remote origin '{folder}*' names, and delete it"
        )
