"""Several requests of the very same commits: a forge calls all of them merged, and one is."""

import pytest

from registrar.core.events import PullRequestChanged
from stories.landing import counted_as_merged_by
from stories.places import REGISTRY
from stories.test_commands import asked
from stories.town import Town


def twin(town: Town, number: int, *, by: str = "leo", branch: str = "twin") -> int:
    """Another request of the same head, from a branch of another name."""
    checkout = town.checkout(by)
    checkout.git("fetch", "--quiet", "origin")
    checkout.git(
        "push", "--quiet", "--force", "origin", f"origin/{town.pull_request(number).branch}:refs/heads/{branch}"
    )
    town.settle()
    return town.open_for(branch, by=by)


@pytest.mark.parametrize("first", ["the copy", "the real one"])
def test_a_copy_neither_vetoes_nor_repeats_a_deploy(town: Town, first: str) -> None:
    number = asked(town)
    other = twin(town, number)
    town.approve(number, by="ana")
    town.protect()
    town.lose_webhooks()
    landed = town.merge(number)
    counted_as_merged_by(town, other, landed)

    for each in (other, number) if first == "the copy" else (number, other):
        town.look_at(each)
    town.let_time_pass()

    assert len(town.runs()) == 1
    assert "✅ **Merged and deployed**" in town.verdict(number)
    assert "Merged and deployed" not in town.verdict(other)


def test_two_that_were_approved_both_deploy_once(town: Town) -> None:
    number = asked(town)
    other = twin(town, number)
    town.approve(number, by="ana")
    town.approve(other, by="ana")
    town.protect()
    town.lose_webhooks()
    counted_as_merged_by(town, other, town.merge(number))

    for each in (number, other):
        town.accept(f"told-{each}", PullRequestChanged(REGISTRY, each))
    town.settle()
    town.let_time_pass()

    assert len(town.runs()) == 1


def test_who_asked_cannot_approve_a_copy_that_somebody_else_opened(town: Town) -> None:
    number = asked(town, by="ana")
    other = twin(town, number)

    town.approve(other, by="ana")

    assert town.status(other)[0] == "pending"
    assert "waiting for raj" in town.status(other)[1]
