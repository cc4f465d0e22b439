"""A pull request is closed, opened again, drafted, aimed elsewhere; and whatever raced leaves one comment."""

import pytest

from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.town import Town


@pytest.mark.fault(69)
def test_what_is_closed_and_opened_again_needs_no_second_approval_of_the_same_head(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.close(number)

    town.reopen(number)

    assert town.status(number)[0] == "success"


@pytest.mark.fault(42, 69)
def test_what_is_pushed_while_it_is_closed_needs_an_approval(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    branch = town.pull_request(number).branch
    town.close(number)
    town.commit({"notes.txt": "one more thing\n"}, by="leo", branch=branch, onto=branch)

    town.reopen(number)

    assert town.status(number)[0] == "pending"
    assert "but the head is now" in town.verdict(number)


def test_a_draft_waits_whoever_approves(town: Town) -> None:
    town.commit(PROMOTED, by="mei", branch="change")
    number = town.open_for("change", by="mei", draft=True)

    town.approve(number, by="ana")

    assert town.status(number)[0] == "pending"
    assert "this is a draft" in town.verdict(number)


def test_a_change_of_another_branch_is_none_of_ours(town: Town) -> None:
    town.commit({}, by="mei", branch="dev")
    town.commit(PROMOTED, by="mei", branch="change")

    number = town.open_for("change", by="mei", base="dev")

    assert town.status(number) == ("", "")


def test_a_change_that_is_aimed_at_the_base_is_judged(town: Town) -> None:
    town.commit({}, by="mei", branch="dev")
    town.commit(PROMOTED, by="mei", branch="change")
    number = town.open_for("change", by="mei", base="dev")

    town.retarget(number, "main")

    assert town.status(number) == ("pending", "waiting for ana or raj")


@pytest.mark.fault(80)
def test_a_second_verdict_that_a_race_left_is_taken_away(town: Town) -> None:
    number = asked(town)
    verdict = next(each.body for each in town.discussion(number) if "registrar:verdict" in each.body)
    town.side.comment("registrar-bot", number, verdict)

    town.restart_bot()
    town.approve(number, by="ana")

    assert "approved by ana" in town.verdict(number)
