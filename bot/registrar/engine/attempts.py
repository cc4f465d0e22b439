"""What becomes of an event: done, tried again later, parked, or left to whoever has taken the work over."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from registrar.core.events import Event, FollowUp
from registrar.database.effects import UnderWay
from registrar.database.inbox import Inbox, Row
from registrar.database.works import Claim, Works
from registrar.engine.budget import Budget
from registrar.engine.gate import HELD_AT_MOST, Gate
from registrar.errors import (
    ForgeRefused,
    ForgeUnavailable,
    InvalidRegistry,
    NotConfirmed,
    RegistrarError,
    Superseded,
    TokenRefused,
    Unknown,
    UsageError,
)
from registrar.observing.logs import about

Handle = Callable[[Event], Sequence[FollowUp]]

PATIENCE: Final = 8  # attempts before an event is parked: with the delays below, about an hour
LONGEST_DELAY: Final = timedelta(minutes=15)
MOST_BEGINNINGS: Final = 6  # of one piece of work: what ends every process that begins with it is parked

# What trying again cannot change. Anything else it may: a race that was lost, what a forge announced and cannot show
# yet.
FINAL: Final = (ForgeRefused, InvalidRegistry, NotConfirmed, UsageError)
ANSWERED: Final = (ForgeRefused, InvalidRegistry, NotConfirmed, Unknown)  # the forge knew who asked

log = logging.getLogger("registrar.engine")


class Attempts:
    """Works on the events of a claim, one after the other."""

    def __init__(self, inbox: Inbox, works: Works, handle: Handle, *, gate: Gate, under_way: UnderWay) -> None:
        self._gate = gate
        self._budget = Budget()
        self._inbox = inbox
        self._works = works
        self._handle = handle
        self._under_way = under_way

    def work_on(self, claim: Claim, stopping: threading.Event) -> None:
        """Work on what is left of it, and release it.

        Raises what the database raises: then it is to be repeated; and `Superseded`: then it is not.
        """
        for row in self._rows(claim):
            with about(**_subject(claim, row.event)):
                goes_on = not stopping.is_set() and self._attempt(claim, row)
            if not goes_on:
                break
        self._works.release(claim)

    def _rows(self, claim: Claim) -> Sequence[Row]:
        """What of it is to be worked on now."""
        rows = self._inbox.rows(claim.batch)
        if rows and claim.fence > MOST_BEGINNINGS:
            self._park(claim, rows[0], f"{MOST_BEGINNINGS} processes that worked on it ended; look why, and retry")
            return ()
        rest = self._budget.rest(claim.work_key, now=datetime.now(UTC)) if rows else None
        if rest is None:
            return rows
        log.warning("%s is looked at without end; what comes now waits until %s", claim.work_key, rest.isoformat())
        for row in rows:
            self._works.put_off(claim, row, due=rest, attempt=row.attempt, error="it is looked at without end")
        return ()

    def _attempt(self, claim: Claim, row: Row) -> bool:
        """Whether it makes sense to go on with the next one."""
        try:
            with self._under_way.held_by(lambda: self._works.refuse_late(claim)):
                follow_ups = self._handle(row.event)
        except (Superseded, SQLAlchemyError):
            raise
        except Exception as error:  # noqa: BLE001 - each has a place there
            return self._met(claim, row, error)
        self._inbox.add_follow_ups(f"after:{row.id}", follow_ups, now=datetime.now(UTC))
        self._works.finish(claim, row.event)
        self._open_gate()
        return True

    def _open_gate(self) -> None:
        if self._gate.went_well():
            log.warning("the forge takes the token again; work goes on")

    def _met(self, claim: Claim, row: Row, error: Exception) -> bool:
        if isinstance(error, ANSWERED):
            self._open_gate()
        match error:
            case TokenRefused():
                return self._pause(claim, row, error)
            case ForgeUnavailable(retry_at=datetime() as told):
                return self._try_when_told(claim, row, error, told)
            case _ if isinstance(error, FINAL):
                self._park(claim, row, str(error))
            case RegistrarError():
                self._try_again(claim, row, str(error))
            case _:
                log.error("a defect met %s", row.event, exc_info=error)
                self._try_again(claim, row, f"a defect of Registrar: {type(error).__name__}")
        return True

    def _park(self, claim: Claim, row: Row, reason: str) -> None:
        self._works.park(claim, row, reason=reason)
        log.error("parked %s: %s", row.event, reason)

    def _pause(self, claim: Claim, row: Row, error: TokenRefused) -> bool:
        now = datetime.now(UTC)
        self._works.put_off(claim, row, due=now, attempt=row.attempt, error=str(error))
        if self._gate.shut(str(error), now=now):
            log.error("work is paused, what arrives is kept: %s", error)
        return False

    def _try_when_told(self, claim: Claim, row: Row, error: ForgeUnavailable, at: datetime) -> bool:
        """To be asked to wait until a time is no failure: a forge at its limits has nothing given up."""
        now = datetime.now(UTC)
        due = min(at, now + HELD_AT_MOST)
        log.warning("will try %s again at %s: %s", row.event, due.isoformat(timespec="seconds"), error)
        self._works.put_off(claim, row, due=due, attempt=row.attempt, error=str(error))
        if error.was_refused:  # by a limit, which holds for all that is asked with the token
            self._gate.hold(until=due, now=now)
        return not error.was_refused

    def _try_again(self, claim: Claim, row: Row, why: str) -> None:
        if row.attempt + 1 >= PATIENCE:
            self._park(claim, row, why)
            return
        due = datetime.now(UTC) + min(timedelta(seconds=2 * 4**row.attempt), LONGEST_DELAY)
        log.warning("will try %s again at %s: %s", row.event, due.isoformat(timespec="seconds"), why)
        self._works.put_off(claim, row, due=due, attempt=row.attempt + 1, error=why)


def _subject(claim: Claim, event: Event) -> dict[str, str | int]:
    """What every line of the log says that is written meanwhile."""
    subject: dict[str, str | int] = {"work": claim.execution, "repository": event.repository}
    number = getattr(event, "number", None)
    return subject | ({"pull_request": number} if isinstance(number, int) else {})
