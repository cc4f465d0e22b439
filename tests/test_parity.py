"""Every story and every clause of the forges' contract runs on both forges, or says why it cannot."""

import pytest

from collecting import TESTS, collected
from parity import Collected, lacking

BOTH = [Collected("a story", "github"), Collected("a story", "gitlab")]


@pytest.mark.parametrize(
    ("paths", "fewest"),
    [
        pytest.param(("tests/stories",), 100, id="stories"),
        pytest.param(
            sorted(f"tests/forges/{each.name}" for each in (TESTS / "forges").glob("test_contract_*.py")),
            50,
            id="contract",
        ),
    ],
)
def test_what_runs_on_one_forge_says_why(pytestconfig: pytest.Config, paths: tuple[str, ...], fewest: int) -> None:
    tests = collected(pytestconfig, *paths)

    assert len(tests) > fewest
    assert lacking(tests) == []


@pytest.mark.parametrize(
    ("tests", "complaint"),
    [
        pytest.param(BOTH, [], id="both"),
        pytest.param(
            [Collected("a story", "github", "github", "GitLab has no such thing.")], [], id="one, with a reason"
        ),
        pytest.param(BOTH[:1], ["a story: runs on github alone and does not say why"], id="one, without a word"),
        pytest.param(
            [Collected("a story", "gitlab", "gitlab", " ")],
            ["a story: does not say why it runs on gitlab alone"],
            id="an empty reason",
        ),
        pytest.param([Collected("a story", "")], ["a story: runs on no forge"], id="none"),
        pytest.param(
            [Collected("a story", forge, "github", "GitLab has no such thing.") for forge in ("github", "gitlab")],
            ["a story: is marked for github and runs on github, gitlab"],
            id="a mark that nothing obeys",
        ),
        pytest.param(
            [Collected("a story", "", "bitbucket", "It is the best.")],
            ["a story: runs on no forge"],
            id="a forge that nobody knows",
        ),
    ],
)
def test_a_test_that_lacks_a_forge_is_named(tests: list[Collected], complaint: list[str]) -> None:
    assert lacking(tests) == complaint
