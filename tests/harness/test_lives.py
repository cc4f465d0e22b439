"""Whatever goes wrong, and in whatever order: once it is mended, all is as if nothing had ever gone wrong."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.lives import Deed, DeedName, Misled, Step, Trouble, TroubleName, misled, troubled, untroubled
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

PAST_EVERYBODY: list[Step] = [
    *[Deed("rush", "1.2.0", "raj")] * 3,
    Deed("loosen", "", "ana"),
    Deed("seize", "1.2.0", "raj"),
    *[Deed("merge", version, "raj") for version in VERSIONS],
    *[Deed("approve", "1.1.0", "ana")] * 2,
    *[Deed("restore", "", by) for by in ("ana", "raj")],
    *[Trouble("deaf", seed) for seed in range(4)],
    *[Trouble(name) for name in ("unwell", "amnesia", "mended", "while")],
]


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


def life_of_administrators(side: type[Side], steps: list[Step]) -> Misled:
    with TemporaryDirectory() as folder:
        return misled(Path(folder), side, [*WISHES, *steps])


@pytest.mark.fault(61)
@pytest.mark.parametrize("seed", [38, pytest.param(1, marks=pytest.mark.slow)])  # 38: where rules of now would count
def test_whatever_administrators_push_and_merge_only_what_an_owner_approved_is_deployed(
    side: type[Side], seed: int
) -> None:
    left = life_of_administrators(side, Random(seed).choices(PAST_EVERYBODY, k=6))

    assert left.deployed <= left.approved
    assert left.unflagged == ()


@pytest.mark.slow
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.sampled_from(PAST_EVERYBODY), min_size=2, max_size=9))
def test_in_any_life_of_administrators_only_what_an_owner_approved_is_deployed(
    side: type[Side], steps: list[Step]
) -> None:
    left = life_of_administrators(side, steps)

    assert (left.deployed - left.approved, left.unflagged) == (frozenset(), ())
