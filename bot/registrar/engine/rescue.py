"""Finds work that nobody does, and has it done: of a dead replica, or lost between the database and the engine."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from registrar.database.works import Claim, Taken, Works
from registrar.engine.durable import Durable, Fate
from registrar.engine.life import Life, executor_of

log = logging.getLogger("registrar.engine")


@dataclass(frozen=True, slots=True)
class _Rescue:
    """What is done about one piece of work, and whether at once: doubt is looked at twice."""

    do: Callable[[Taken], None]
    at_once: bool


class Rescuer:
    """Looks from time to time. Who lost its work writes nothing more: the next to begin has the higher fence."""

    def __init__(
        self,
        works: Works,
        life: Life,
        durable: Durable,
        *,
        is_running: Callable[[str], bool],
        run: Callable[[Claim], None],
    ) -> None:
        self._works = works
        self._life = life
        self._durable = durable
        self._is_running = is_running
        self._run = run
        self._doubted: frozenset[Taken] = frozenset()

    def look(self) -> None:
        """See to everything that is in nobody's hands. Raises what the database raises."""
        with self._works.looking_after() as alone:
            if alone:
                self._look()

    def _look(self) -> None:
        taken = [each for each in self._works.unfinished() if not self._is_running(each.execution)]
        fates = self._durable.fates([each.execution for each in taken]) if taken else {}
        others = self._life.others_alive() if taken else frozenset()
        doubted = set()
        for each in taken:
            rescue = self._needed(each, fates.get(each.execution), others)
            if rescue is None:
                continue
            if rescue.at_once or each in self._doubted:
                log.warning("taking up %s, which nobody works on", each.execution)
                rescue.do(each)
            else:
                doubted.add(each)
        self._doubted = frozenset(doubted)

    def _needed(self, taken: Taken, fate: Fate | None, others: frozenset[int]) -> _Rescue | None:
        """None: somebody who is alive works on it, or is about to.

        What this process does not run, and is called its own, is either about to begin or was lost. What another one
        has begun it looks after itself: if it was taken for dead once, DBOS still knows it by its older number.
        """
        is_in_doubt = taken.replica in others or taken.replica == self._life.replica
        if fate is None or fate.is_over:
            return _Rescue(self._run_anew, at_once=not is_in_doubt)
        if taken.replica in others or fate.executor is None or fate.executor in {executor_of(each) for each in others}:
            return None
        return _Rescue(self._resume, at_once=not is_in_doubt)

    def _resume(self, taken: Taken) -> None:
        self._durable.resume(taken.execution)

    def _run_anew(self, taken: Taken) -> None:
        claim = self._works.run_anew(taken.execution, self._life.replica)
        if claim is not None:
            self._run(claim)
