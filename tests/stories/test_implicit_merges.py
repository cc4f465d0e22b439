"""What lands with somebody else's pull request was merged by nobody's decision."""

import pytest

from stories.registries import a_version
from stories.test_deploy import PROMOTED
from stories.town import Town


def stacked(town: Town) -> tuple[int, int]:
    """A promotion, and what is built on top of it."""
    one = town.propose(PROMOTED, by="mei", branch="one")
    town.commit(a_version("2.0.0"), by="mei", branch="two", onto="one", message="Register 2.0.0")
    return one, town.open_for("two", by="mei")


@pytest.mark.fault(62)
def test_a_promotion_that_landed_with_another_without_approval_is_not_deployed(town: Town) -> None:
    town.protect()
    one, two = stacked(town)

    town.merge(two)

    assert one not in {each.number for each in town.open_pull_requests()}
    assert town.runs() == []


def test_an_approval_of_one_is_none_of_the_other_that_brings_it(town: Town) -> None:
    town.protect()
    one, two = stacked(town)
    town.approve(one, by="ana")

    town.merge(two)

    assert town.runs() == []


def test_what_was_approved_and_brings_another_along_is_deployed_once(town: Town) -> None:
    one, two = stacked(town)
    town.approve(two, by="ana")

    town.merge(two)
    town.look_at(one)

    assert len(town.runs()) == 1
