"""The bot is killed between intents, effects and records: in the end each effect is there once, and none is missing."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from harness.deeds import Crowd
from harness.outcome import differences, outcome
from harness.served import Served, served
from registrar.sandbox.faults import Dropped, Spot
from stories.registries import a_registry
from stories.side import Side
from stories.town import Town, peopled

REGISTRY = a_registry({"1.0.0": 0.90, "1.1.0": 0.95}, status="Production: 1.0.0\n")
WRITES = Spot(by="registrar-bot", is_write=True)  # also what git pushes

Plan = Callable[[Town, Served], None]


def promoted(root: Path, side: type[Side], plan: Plan, *, expected: str = "") -> tuple[str, int, int]:
    """What a promotion has left in the end, how many writes it took, and how often the bot was killed on the way."""
    with peopled(root, side, REGISTRY) as town, served(town) as bot:
        writes, crowd = town.faults.begin(WRITES), Crowd(town, bot.revive)
        plan(town, bot)
        crowd.promote()
        town.faults.end()
        with suppress(AssertionError):  # whoever compares shows the difference
            crowd.wait(lambda: expected in {"", outcome(town)}, "it does not end as it should")
        town.sandbox.drain()
        bot.stop()
        return outcome(town), writes.met, bot.kills


@cache
def undisturbed(side: type[Side]) -> tuple[str, int]:
    """What a promotion leaves when nobody is killed, and how many writes it takes."""
    with TemporaryDirectory() as folder:
        left, writes, _ = promoted(Path(folder), side, lambda _town, _bot: None)
    return left, writes


@pytest.mark.fault(14, 27, 28, 29)
def test_a_bot_that_is_killed_over_and_over_does_everything_once(tmp_path: Path, side: type[Side]) -> None:
    def killed_now_and_then(town: Town, bot: Served) -> None:
        for point in range(4, 40, 6):
            town.faults.begin(WRITES, Dropped(acts=True, meanwhile=bot.kill), after=point, times=1)

    expected, _ = undisturbed(side)

    left, _, kills = promoted(tmp_path, side, killed_now_and_then, expected=expected)

    assert kills >= 3
    assert left == expected, differences(left, expected)


@pytest.mark.slow
@pytest.mark.parametrize("acts", [False, True], ids=["before the act", "before its record"])
def test_a_bot_that_is_killed_at_any_write_does_everything_once(
    tmp_path: Path, side: type[Side], *, acts: bool
) -> None:
    expected, writes = undisturbed(side)

    for point in range(writes):
        left, _, kills = promoted(tmp_path / str(point), side, killed_at(point, acts=acts), expected=expected)

        assert (kills, left) == (1, expected), f"killed at write {point}: {differences(left, expected)}"


def killed_at(point: int, *, acts: bool) -> Plan:
    def plan(town: Town, bot: Served) -> None:
        town.faults.begin(WRITES, Dropped(acts=acts, meanwhile=bot.kill), after=point, times=1)

    return plan
