"""A run is killed at any of its writes, and the next one begins: all ends as where nobody was killed."""

from pathlib import Path

import pytest

from harness.outcome import differences, outcome
from harness.test_crashes import REGISTRY, live, undisturbed
from parity import only_on
from reconcile.processes import jobs
from registrar.serverless.turn import Pace
from stories.side import Side
from stories.town import peopled

# One run at a time is alive, so what it leaves may be taken over at once.
QUICK = Pace(renewed_every=60.0, ours_for=60.0, taken_over_after=0.2, looked_at_every=0.05, shown_within=0.0)
# Of twenty and some that it takes, and more where runs begin anew. Where a deploy may have been started it is looked
# for during a minute; one that was asked for twice and never seen is left to a person, so no life may meet both.
EVERY, MOST_WRITES = 5, 40


def disturbed(root: Path, side: type[Side], *points: int, acts: bool) -> tuple[str, int]:
    """What a promotion leaves when the run is killed after so many writes each, those of its turn too; how often."""
    expected = undisturbed(side)
    with peopled(root, side, REGISTRY) as town, jobs(town, 1, QUICK, "--follow", "5s") as [job]:
        town.protect(held=True)
        live(town, points, acts=acts, kill=job.kill, revive=job.again, expected=expected)
        return outcome(town), job.kills


@pytest.mark.fault(28, 29)
# Not where a deploy is started: test_processes.py has that, and what is in doubt is looked for during a minute.
@only_on("github", because="The same process is killed whichever forge it asks; the slow form does it on both.")
def test_runs_that_are_killed_end_as_a_server_does(tmp_path: Path, side: type[Side]) -> None:
    left, kills = disturbed(tmp_path, side, 4, 9, acts=True)

    assert kills == 2
    assert left == undisturbed(side), differences(left, undisturbed(side))


@pytest.mark.slow
@pytest.mark.parametrize("acts", [False, True], ids=["before the act", "after it"])
@pytest.mark.parametrize("first", range(EVERY))
def test_runs_that_are_killed_at_every_fifth_write_end_as_a_server_does(
    tmp_path: Path, side: type[Side], first: int, *, acts: bool
) -> None:
    left, kills = disturbed(tmp_path, side, *range(first, MOST_WRITES, EVERY), acts=acts)

    assert kills >= 3
    assert left == undisturbed(side), differences(left, undisturbed(side))
