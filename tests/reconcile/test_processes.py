"""Runs that come at once, die in the middle or wake up too late: everything happens, and happens once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

import pytest

from harness.crowds import Rush, a_registry_of, effects
from harness.test_crashes import WRITES
from harness.test_replicas import once_each
from parity import only_on
from reconcile.jobs import PACE, wanted
from reconcile.processes import jobs
from registrar.sandbox.exchange import Exchange
from registrar.sandbox.faults import Dropped, Spot
from registrar.serverless.reconciling import reconcile
from registrar.serverless.turn import Pace
from stories.side import Side
from stories.test_commands import asked
from stories.town import Town, peopled
from waiting import until

SOON = replace(PACE, taken_over_after=0.5)  # for who takes over from the dead
BRISK = Pace(renewed_every=0.5, ours_for=5.0, taken_over_after=8.0, looked_at_every=0.1, shown_within=0.0)
SHORT = ("--follow", "5s")


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """The forge answers as always, and something happens before that."""

    deed: Callable[[], object]

    async def strike(self, exchange: Exchange) -> None:
        answer = await exchange.act()
        self.deed()
        await exchange.answer(answer)


def approved(town: Town) -> int:
    """A promotion that may be merged."""
    number = asked(town)
    town.approve(number, by="ana")
    return number


@pytest.mark.fault(28, 29)
def test_what_a_run_that_was_killed_has_done_the_next_one_finds(town: Town) -> None:
    number = approved(town)
    town.side.merge("ana", number, "merge")
    with jobs(town, 1, BRISK, *SHORT) as [job]:
        town.faults.begin(town.side.starting, Dropped(acts=True, meanwhile=job.kill), times=1)
        job.start()
        assert job.end() < 0, job.said
    town.faults.end()

    found = reconcile(replace(wanted(town), pace=SOON), Event())
    town.settle()

    assert found.is_fine
    assert len(town.runs()) == 1
    assert "✅ **Merged and deployed**" in town.verdict(number)


@pytest.mark.fault(70, 71)
@only_on("github", because="Runs share a lease in git and no forge: to them it is all the same which it is.")
def test_runs_that_come_at_once_do_everything_once(town: Town) -> None:
    number = approved(town)
    town.side.merge("ana", number, "merge")
    each = [replace(wanted(town), state=town.root / f"at-once-{turn}") for turn in range(3)]

    with ThreadPoolExecutor() as pool:
        found = list(pool.map(lambda one: reconcile(one, Event()), each))
    town.settle()

    assert [one.is_fine for one in found] == [True] * 3
    assert {each: times for each, times in effects(town).items() if times > 1} == {}
    assert "✅ **Merged and deployed**" in town.verdict(number)


@pytest.mark.slow
@only_on(
    "github", because="Who has the turn is told by git, and to a frozen process it is all the same which forge it is."
)
def test_a_run_that_wakes_up_after_another_took_over_writes_nothing(town: Town) -> None:
    number = approved(town)
    town.side.merge("ana", number, "merge")
    with jobs(town, 1, BRISK, *SHORT) as [job]:
        town.faults.begin(Spot("GET", f"/pulls/{number}"), Meanwhile(job.freeze), times=1)
        job.start()
        until(lambda: town.faults.struck, patience=60, otherwise=job.said)
        assert reconcile(replace(wanted(town), pace=BRISK), Event()).is_fine
        counted = town.faults.begin(WRITES)
        job.thaw()

        assert job.end() == 1

    assert counted.met == 0
    assert "another run has taken the turn over" in job.said


@pytest.mark.slow
@only_on("github", because="Three runs share a lease in git and no forge: to them it is all the same which it is.")
def test_three_runs_at_a_time_serve_a_crowd(tmp_path: Path, side: type[Side]) -> None:
    models = ["digits", "letters", "faces"]
    with peopled(tmp_path, side, a_registry_of(models)) as town, jobs(town, 3, BRISK, *SHORT) as found:
        town.protect(held=True)

        def alive() -> None:
            for job in found:
                job.again()

        Rush(town, models, alive).promote()

        once_each(town, models)
