"""What becomes of an event: done, tried again later, parked, or left to whoever has taken the work over."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from sqlalchemy.exc import SQLAlchemyError

from registrar.core.events import Event, FollowUp, Telling, WorkStopped, named
from registrar.database.effects import UnderWay
from registrar.database.inbox import Inbox, Row
from registrar.database.works import Claim, Works
from registrar.engine.budget import Budget
from registrar.engine.gate import HELD_AT_MOST, Gate
from registrar.errors import (
    FINAL,
    ForgeRefused,
    ForgeUnavailable,
    InvalidRegistry,
    NotConfirmed,
    RegistrarError,
    Superseded,
    TokenRefused,
    Unknown,
)
from registrar.observing.logs import about

Handle = Callable[[Event], Sequence[FollowUp]]

PATIENCE: Final = 8  # attempts before an event is parked: with the delays below, about an hour
LONGEST_DELAY: Final = timedelta(minutes=15)
UNGATED_REST: Final = timedelta(minutes=1)  # of a notice whose bot cannot be made as long as the token is refused
MOST_BEGINNINGS: Final = 6  # of one piece of work: what ends every process that begins with it is parked

ANSWERED: Final = (ForgeRefused, InvalidRegistry, NotConfirmed, Unknown)  # the forge knew who asked

log = logging.getLogger("registrar.engine")


class Attempts:
    """Works on the events of a claim, one after the other."""

    def __init__(
        self,
        inbox: Inbox,
        works: Works,
        handle: Handle,
        *,
        gate: Gate,
        under_way: UnderWay,
        now: Callable[[], datetime],
    ) -> None:
        """`now` is the time that all replicas go by."""
        self._now = now
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
        rest = self._budget.rest(claim.work_key, now=self._now()) if rows else None
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
        self._inbox.add_follow_ups(f"after:{row.id}", follow_ups, now=self._now())
        self._works.finish(claim, row.event)
        self._open_gate(row.event)
        return True

    def _open_gate(self, event: Event) -> None:
        if not isinstance(event, Telling) and self._gate.went_well():
            log.warning("the forge takes the token again; work goes on")

    def _met(self, claim: Claim, row: Row, error: Exception) -> bool:
        if isinstance(error, ANSWERED):
            self._open_gate(row.event)
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
                log.error("a defect met %s", named(row.event), exc_info=error)
                self._try_again(claim, row, f"a defect of Registrar: {type(error).__name__}")
        return True

    def _park(self, claim: Claim, row: Row, reason: str) -> None:
        self._works.park(claim, row, reason=reason)
        log.error("parked %s: %s", named(row.event), reason)
        self._tell_of(row.event, "work-parked", reason)

    def _tell_of(self, event: Event, what: Literal["work-parked", "work-paused"], reason: str) -> None:
        """Once an hour for each repository; not that nobody could be told, which would be told as little."""
        if isinstance(event, Telling):
            return
        now = self._now()
        subject = named(event) if what == "work-parked" else event.repository
        stopped = WorkStopped(event.repository, what, subject, reason, f"{now:%Y-%m-%dT%H}")
        self._inbox.add(f"{what}:{event.repository}:{stopped.hour}", stopped, now=now)

    def _pause(self, claim: Claim, row: Row, error: TokenRefused) -> bool:
        if isinstance(row.event, WorkStopped) and row.event.about == "work-paused":
            self._works.finish(claim, row.event)  # without a bot nobody can be told, and with one it is over
            return True
        now = self._now()
        due = now + UNGATED_REST if isinstance(row.event, Telling) else now
        self._works.put_off(claim, row, due=due, attempt=row.attempt, error=str(error))
        if self._gate.shut(str(error), now=now):
            log.error("work is paused, what arrives is kept: %s", error)
            self._tell_of(row.event, "work-paused", str(error))
        return False

    def _try_when_told(self, claim: Claim, row: Row, error: ForgeUnavailable, at: datetime) -> bool:
        """To be asked to wait until a time is no failure: a forge at its limits has nothing given up."""
        now = self._now()
        due = now + min(at - datetime.now(UTC), HELD_AT_MOST)  # it was worked out by the machine's own clock
        log.warning("will try %s again at %s: %s", named(row.event), due.isoformat(timespec="seconds"), error)
        self._works.put_off(claim, row, due=due, attempt=row.attempt, error=str(error))
        if error.was_refused:  # by a limit, which holds for all that is asked with the token
            self._gate.hold(until=due, now=now)
        return not error.was_refused

    def _try_again(self, claim: Claim, row: Row, why: str) -> None:
        if row.attempt + 1 >= PATIENCE:
            self._park(claim, row, why)
            return
        due = self._now() + min(timedelta(seconds=2 * 4**row.attempt), LONGEST_DELAY)
        log.warning("will try %s again at %s: %s", named(row.event), due.isoformat(timespec="seconds"), why)
        self._works.put_off(claim, row, due=due, attempt=row.attempt + 1, error=why)


def _subject(claim: Claim, event: Event) -> dict[str, str | int]:
    """What every line of the log says that is written meanwhile."""
    subject: dict[str, str | int] = {"work": claim.execution, "repository": event.repository}
    number = getattr(event, "number", None)
    return subject | ({"pull_request": number} if isinstance(number, int) else {})
