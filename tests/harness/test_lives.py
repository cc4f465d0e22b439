"""Whatever goes wrong, and in whatever order: once it is mended, all is as if nothing had ever gone wrong."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.lives import Deed, DeedName, Step, Trouble, TroubleName, troubled, untroubled
from harness.outcome import differences
from stories.side import Side

VERSIONS = ("1.1.0", "1.2.0")
WISHES: list[Step] = [Deed("wish", "1.1.0", "mei"), Deed("wish", "1.2.0", "leo")]
LIKELY: list[Step] = [  # or hardly a life would see a promotion
    *[Deed("approve", version, "ana") for version in VERSIONS],
    *[Deed("merge", version, "ana") for version in VERSIONS],
    Trouble("unwell", 1),
    Trouble("while"),
    Trouble("while"),
]
DEEDS: list[DeedName] = ["withdraw", "close", "reopen", "comment"]
TROUBLES: list[TroubleName] = ["busy", "stale", "deaf", "crash", "amnesia"]
UNLIKELY: list[Step] = [
    *[Deed(name, "1.1.0", "ana") for name in DEEDS],
    Deed("approve", "1.1.0", "mei"),
    Deed("approve", "1.2.0", "raj"),
    Deed("push", "1.1.0", "leo"),
    Trouble("mended"),
    *[Trouble(name, seed) for seed, name in enumerate(TROUBLES)],
]
STEPS = WISHES + LIKELY * 4 + UNLIKELY


def lived(side: type[Side], steps: list[Step]) -> tuple[str, str]:
    """What is left of a life, and what should be."""
    with TemporaryDirectory() as folder:
        left, done = troubled(Path(folder, "troubled"), side, steps)
        return left, untroubled(Path(folder, "untroubled"), side, done)


@pytest.mark.parametrize("seed", [1, pytest.param(3, marks=pytest.mark.slow)])
def test_a_troubled_life_ends_as_an_untroubled_one(side: type[Side], seed: int) -> None:
    steps = [*WISHES, *Random(seed).choices(STEPS, k=18)]

    different = differences(*lived(side, steps))

    assert not different, different


@pytest.mark.slow
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.sampled_from(STEPS), min_size=4, max_size=20))
def test_any_troubled_life_ends_as_an_untroubled_one(side: type[Side], steps: list[Step]) -> None:
    different = differences(*lived(side, steps))

    assert not different, different
