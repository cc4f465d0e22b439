"""What no webhook told of is found all the same."""

from datetime import timedelta
from uuid import uuid4

import pytest

from registrar.core.events import SweepDue
from registrar.observing.numbers import NUMBERS
from registrar.sandbox.faults import LOST_REQUEST, Spot
from stories.places import REGISTRY
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.town import Town


def sweep(town: Town) -> None:
    town.accept(uuid4().hex, SweepDue(REGISTRY))
    town.settle()


def test_a_pull_request_that_nobody_told_of_gets_its_verdict(town: Town) -> None:
    town.lose_webhooks()
    number = town.propose(PROMOTED, by="mei")

    sweep(town)

    assert town.status(number) == ("pending", "waiting for ana or raj")


def test_a_command_that_nobody_told_of_is_done_once(town: Town) -> None:
    place = town.propose({"notes.txt": "hello\n"}, by="mei")
    town.lose_webhooks()
    town.comment(place, "/registrar promote digits@1.1.0 to Production", by="mei")

    sweep(town)
    town.restart_bot()
    sweep(town)

    assert town.comments(place) == [f"👍 mei: Opened {town.link(place + 1)}\n"]


def test_a_command_under_what_is_closed_is_heard_where_no_webhook_leads(town: Town) -> None:
    place = town.propose({"notes.txt": "hello\n"}, by="mei")
    town.close(place)
    town.lose_webhooks()
    town.comment(place, "/registrar promote digits@1.1.0 to Production", by="mei")

    sweep(town)
    town.restart_bot()
    sweep(town)

    assert town.comments(place) == [f"👍 mei: Opened {town.link(place + 1)}\n"]


def test_a_command_of_long_ago_is_left_alone(town: Town) -> None:
    place = town.propose({"notes.txt": "hello\n"}, by="mei")
    town.lose_webhooks()
    town.comment(place, "/registrar promote digits@1.1.0 to Production", by="mei")
    town.clock.advance(timedelta(days=4))

    sweep(town)

    assert town.comments(place) == []


@pytest.mark.fault(21)
def test_a_merge_that_nobody_told_of_is_deployed_once(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.lose_webhooks()
    town.merge(number)

    sweep(town)
    town.let_time_pass()

    assert len(town.runs()) == 1
    assert "✅ **Merged and deployed**" in town.verdict(number)


def test_what_was_merged_before_there_was_a_bot_is_left_alone(town: Town) -> None:
    town.protect()
    town.lose_webhooks()
    number = town.propose(PROMOTED, by="mei")
    town.approve(number, by="ana")
    town.merge(number)

    sweep(town)
    town.hear_webhooks()
    town.retitle(number, "An old promotion")

    assert (town.runs(), town.comments(number)) == ([], [])


def test_a_sweep_that_could_not_look_at_everything_does_not_count(town: Town) -> None:
    asked(town)
    NUMBERS.take_unsaved()
    rule = town.faults.begin(Spot("GET", "/comments" if town.side.dialect == "github" else "/notes"), LOST_REQUEST)

    sweep(town)

    assert rule.struck > 0
    assert [seen for seen in NUMBERS.take_unsaved() if seen.what == "sweep"] == []
