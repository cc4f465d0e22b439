"""The bot is killed between intents, effects and records: in the end each effect is there once, and none is missing."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from harness.deeds import Crowd
from harness.outcome import differences, outcome
from harness.served import served
from registrar.sandbox.faults import Dropped, Spot
from stories.registries import a_registry
from stories.side import Side
from stories.test_commands import asked
from stories.test_sweep import sweep
from stories.town import Town, founded, peopled

REGISTRY = a_registry({"1.0.0": 0.90, "1.1.0": 0.95}, status="Production: 1.0.0\n")
WRITES = Spot(by="registrar-bot", is_write=True)  # also what git pushes
EVERY, MOST_WRITES = 5, 40  # of the twenty and some that a promotion takes, each is met by one of five lives


@cache
def undisturbed(side: type[Side]) -> str:
    """What a promotion leaves when nobody is killed."""
    with TemporaryDirectory() as folder, founded(Path(folder), side, REGISTRY) as town:
        sweep(town)
        number = asked(town)
        town.approve(number, by="ana")
        town.merge(number)
        return outcome(town)


def disturbed(root: Path, side: type[Side], *points: int, acts: bool = True) -> tuple[str, int]:
    """What a promotion leaves when the bot is killed after so many of its writes, and how often it was.

    The write at which it is killed is done all the same, or never reaches the forge.
    """
    with peopled(root, side, REGISTRY) as town, served(town) as bot:
        live(town, points, acts=acts, kill=bot.kill, revive=bot.revive, expected=undisturbed(side))
        bot.stop()
        return outcome(town), bot.kills


def live(
    town: Town,
    points: Sequence[int],
    *,
    acts: bool,
    kill: Callable[[], object],
    revive: Callable[[], object],
    expected: str,
) -> None:
    """A promotion from its wish to its end, as it should be, or to the end of patience."""
    for point in points:
        town.faults.begin(WRITES, Dropped(acts, meanwhile=kill), after=point, times=1)
    crowd = Crowd(town, revive)
    crowd.promote()
    town.faults.end()
    with suppress(AssertionError):  # whoever compares shows the difference
        crowd.wait(lambda: outcome(town) == expected, "it does not end as it should")
    town.sandbox.drain()


@pytest.mark.fault(14, 27, 28, 29)
def test_a_bot_that_is_killed_over_and_over_does_everything_once(tmp_path: Path, side: type[Side]) -> None:
    expected = undisturbed(side)

    left, kills = disturbed(tmp_path, side, 4, 11, 18)

    assert kills >= 2
    assert left == expected, differences(left, expected)


@pytest.mark.slow
@pytest.mark.parametrize("acts", [False, True], ids=["before the act", "before its record"])
@pytest.mark.parametrize("first", range(EVERY))
def test_a_bot_that_is_killed_at_every_fifth_write_does_everything_once(
    tmp_path: Path, side: type[Side], first: int, *, acts: bool
) -> None:
    expected = undisturbed(side)

    left, kills = disturbed(tmp_path, side, *range(first, MOST_WRITES, EVERY), acts=acts)

    assert kills >= 3
    assert left == expected, differences(left, expected)
