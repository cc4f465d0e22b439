"""Works on events one after the other, in this thread and in no database, until nothing is left to do now."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from registrar.core.events import Event, FollowUp, SendNotice, named
from registrar.errors import (
    FINAL,
    BrokenLedger,
    ForgeUnavailable,
    NotAllowed,
    RegistrarError,
    Superseded,
    TokenRefused,
)

Handle = Callable[[Event], Sequence[FollowUp]]

MOST_LOOKS: Final = 60  # at one thing in one round: two bots that answer each other go round in circles
_SOONEST: Final = 1.0  # second: a forge whose clock is behind is not asked again at once
_FIRST_DELAY, _SLOWER = 2.0, 4  # seconds, and how many times longer each further one is

log = logging.getLogger("registrar.round")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a round goes on, in seconds from its beginning."""

    follow: float  # for what is to be looked at later
    give_up_after: float  # for what went wrong, and may go right


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be looked at, and when by the clock of the round."""

    event: Event
    at: float = 0.0
    attempt: int = 0
    trouble: str = ""  # why it is tried again; empty: nothing went wrong


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be done, and why."""

    event: Event
    why: str
    may_go_right: bool = False  # by itself, later
    right: str = ""  # that the token needs for it; empty: that is not the matter


@dataclass(slots=True)
class Told:
    """What became of a round."""

    looked_at: list[Event] = field(default_factory=list)
    left: list[Event] = field(default_factory=list)  # nothing is wrong with it: it is for later
    failed: list[Failure] = field(default_factory=list)
    defects: list[Exception] = field(default_factory=list)
    ended_early: str = ""  # why; empty: it did not
    superseded: Event | None = None  # which of them is another's by now


class Round:
    """One round. `wait` lets so many seconds pass, and tells whether the round is to end now."""

    def __init__(
        self,
        handle: Handle,
        limits: Limits,
        *,
        clock: Callable[[], float],
        wait: Callable[[float], bool],
        known: set[str] | None = None,
    ) -> None:
        """`known` names what is done once ever; it is added to."""
        self._handle = handle
        self._limits = limits
        self._clock = clock
        self._wait = wait
        self._begun = clock()
        self._tasks: dict[Event, Task] = {}  # in the order in which they came
        self._known = known if known is not None else set()
        self._looks: Counter[Event] = Counter()
        self._held_until = 0.0  # by the forge: nothing is asked before
        self._told = Told()

    def work_on(self, events: Iterable[Event]) -> Told:
        """Work on these, and on all that comes of them."""
        self._follow([FollowUp(event) for event in events])
        while (task := self._next()) is not None:
            self._do(task)
        for task in self._tasks.values():
            self._leave(task)
        return self._told

    def _next(self) -> Task | None:
        """What is to be done now, once it is time; None: nothing that is worth waiting for."""
        while not self._told.ended_early:
            task = min(filter(self._is_worth_waiting_for, self._tasks.values()), key=_moment, default=None)
            if task is None:
                return None
            due = max(task.at, self._held_until)
            if self._wait(max(0.0, due - self._clock())):
                self._told.ended_early = "it was told to stop"
            elif due <= self._clock():
                return self._tasks.pop(task.event)
        return self._last_word()

    def _last_word(self) -> Task | None:
        """A notice: no run that comes later knows that somebody is still to be told."""
        words = (task for task in self._tasks.values() if isinstance(task.event, SendNotice) and not task.trouble)
        word = next(words, None)
        return self._tasks.pop(word.event) if word is not None else None

    def _is_worth_waiting_for(self, task: Task) -> bool:
        is_trouble = task.trouble or self._held_until > task.at
        limit = self._limits.give_up_after if is_trouble else self._limits.follow
        return max(task.at, self._held_until) <= max(self._begun + limit, self._clock())

    def _do(self, task: Task) -> None:
        self._looks[task.event] += 1
        if self._looks[task.event] > MOST_LOOKS:
            self._told.failed.append(Failure(task.event, "it is looked at without end"))
            return
        try:
            self._follow(self._handle(task.event))
        except Superseded as late:
            self._told.failed.append(Failure(task.event, str(late), may_go_right=True))
            self._told.ended_early, self._told.superseded = str(late), task.event
        except RegistrarError as error:
            self._met(task, error)
        except Exception as error:  # the others go on; whoever reads the answer tells of it
            log.exception("a defect met %s", named(task.event))
            self._told.failed.append(Failure(task.event, f"a defect of Registrar: {type(error).__name__}"))
            self._told.defects.append(error)
        else:
            self._told.looked_at.append(task.event)

    def _follow(self, follow_ups: Iterable[FollowUp]) -> None:
        for each in follow_ups:
            if each.once and each.once in self._known:
                continue
            if each.once:
                self._known.add(each.once)
            at = self._clock() + each.after if each.after else 0.0
            known = self._tasks.get(each.event)
            self._tasks[each.event] = Task(each.event, at) if known is None else replace(known, at=min(at, known.at))

    def _met(self, task: Task, error: RegistrarError) -> None:
        match error:
            case TokenRefused():
                self._told.failed.append(Failure(task.event, str(error), may_go_right=True))
                self._told.ended_early = str(error)
            case ForgeUnavailable(retry_at=datetime() as told):
                at = self._clock() + max(_SOONEST, (told - datetime.now(UTC)).total_seconds())
                if error.was_refused:  # by a limit, which holds for all that is asked with the token
                    self._held_until = max(self._held_until, at)
                self._try_again(replace(task, at=at, trouble=str(error)))
            case NotAllowed():  # no run lasts as long as whoever gives a token more rights, or changes the rules
                self._told.failed.append(Failure(task.event, str(error), right=error.right))
            case _ if isinstance(error, (*FINAL, BrokenLedger)):
                self._told.failed.append(Failure(task.event, str(error)))
            case _:
                delay = _FIRST_DELAY * _SLOWER**task.attempt
                self._try_again(Task(task.event, self._clock() + delay, task.attempt + 1, str(error)))

    def _try_again(self, task: Task) -> None:
        log.warning("%s is tried again: %s", named(task.event), task.trouble)
        self._tasks[task.event] = task

    def _leave(self, task: Task) -> None:
        why = task.trouble or (self._told.ended_early if task.at <= self._clock() else "")
        if why:
            self._told.failed.append(Failure(task.event, why, may_go_right=True))
        else:
            self._told.left.append(task.event)


def _moment(task: Task) -> float:
    return task.at
