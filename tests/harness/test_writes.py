"""Whichever writes are lost, or done and not known to be, and the bot starts anew: all ends as it should."""

from pathlib import Path

import pytest

from harness.lives import FILES, Deed, Life, Trouble, lasting_memory
from harness.outcome import differences
from registrar.sandbox.faults import DROPPED_ANSWER, DROPPED_REQUEST, Fault, Spot
from stories.side import Side
from stories.test_sweep import sweep
from stories.town import founded

PROMOTION = [Deed("wish", "1.1.0", "mei"), Deed("approve", "1.1.0", "ana"), Deed("merge", "1.1.0", "ana")]
WRITES = Spot(by="registrar-bot", is_write=True)
EVERY, MOST_WRITES = 5, 40  # each of some twenty is met by one of five lives
TRIES = 4  # of people who see that it is not time yet


def interrupted(root: Path, side: type[Side], fault: Fault, *points: int) -> tuple[str, int]:
    """What a promotion leaves in which a fault strikes after so many writes each, and how often it did."""
    with founded(root, side, FILES) as town:
        town.memory = lasting_memory(town)
        town.restart_bot()
        sweep(town)
        rules = [town.faults.begin(WRITES, fault, after=point, times=1) for point in points]
        life = Life(town)
        for deed in PROMOTION:
            for _ in range(TRIES):
                if life.do(deed):
                    break
                life.suffer(Trouble("crash"))
                life.suffer(Trouble("while"))
                sweep(town)
        return life.end(), sum(rule.struck for rule in rules)


@pytest.mark.slow
@pytest.mark.parametrize("fault", [DROPPED_REQUEST, DROPPED_ANSWER], ids=["before the act", "before its record"])
@pytest.mark.parametrize("first", range(EVERY))
def test_a_promotion_of_which_every_fifth_write_is_lost_ends_as_it_should(
    tmp_path: Path, side: type[Side], fault: Fault, first: int
) -> None:
    left, struck = interrupted(tmp_path / "troubled", side, fault, *range(first, MOST_WRITES, EVERY))

    assert struck >= 3
    expected, _ = interrupted(tmp_path / "untroubled", side, fault)
    assert left == expected, differences(left, expected)
