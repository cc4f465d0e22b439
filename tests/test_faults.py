"""Every fault and attack is proven to be survived, on each forge that can have it."""

import pytest

from collecting import PARTS, collected
from faults_proven import FAULTS, OF_NO_FORGE, OF_ONE_FORGE, unproven
from parity import FORGES, Collected

EVERY = [Collected("a story", forge, faults=tuple(FAULTS)) for forge in FORGES]


def test_every_fault_is_proven_on_every_forge_that_can_have_it(pytestconfig: pytest.Config) -> None:
    tests = collected(pytestconfig, *PARTS, marked="fault", unmarked="slow")

    assert unproven(tests) == []


def test_a_fault_of_one_forge_says_why_the_other_cannot_have_it() -> None:
    assert all(forge in FORGES and because.endswith(".") for forge, because in OF_ONE_FORGE.values())


@pytest.mark.parametrize(
    ("tests", "complaint"),
    [
        pytest.param(EVERY, [], id="all of them"),
        pytest.param(
            [EVERY[0], Collected("a story", "gitlab", faults=tuple(FAULTS.keys() - {40}))],
            [f"40: no test proves it on gitlab: {FAULTS[40]}"],
            id="one on one forge",
        ),
        pytest.param(
            [Collected("a story", "github", faults=tuple(FAULTS.keys() - {40}))] * 2
            + [Collected("a story", "gitlab", faults=tuple(FAULTS.keys() - {40}))]
            + [Collected("a table", "", faults=(40,), why_pure="Its number decides.")],
            [],
            id="one in a table, with a reason",
        ),
        pytest.param([*EVERY, Collected("a table", "", faults=tuple(OF_NO_FORGE))], [], id="those of no forge"),
        pytest.param(
            [*EVERY, Collected("a table", "", faults=(40,), why_pure=" ")],
            ["a table: runs on no forge, and does not say why it proves a fault all the same"],
            id="one in a table, without a word",
        ),
        pytest.param(
            [*EVERY, Collected("a story", "github", faults=(91,))], ["a story: nobody knows fault 91"], id="odd"
        ),
        pytest.param(
            [EVERY[0], Collected("an adapter's", "", faults=tuple(FAULTS), proves_for="github", why_pure="Recorded.")],
            [f"{number}: no test proves it on gitlab: {words}" for number, words in FAULTS.items()],
            id="one adapter alone",
        ),
    ],
)
def test_what_nothing_proves_is_named(tests: list[Collected], complaint: list[str]) -> None:
    assert unproven(tests) == complaint
