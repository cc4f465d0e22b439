from collections.abc import Callable

import pytest

from parity import only_on
from registrar.sandbox.faults import Spot
from stories.meanwhile import JustBefore, Meanwhile, StillLocked
from stories.meddling import last_said_a_minute_later
from stories.places import REGISTRY, STATUS
from stories.side import Line
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.test_proof_statuses import forge_status
from stories.test_sweep import sweep
from stories.town import Town


@pytest.mark.fault(67, 68)
def test_a_green_head_that_is_not_our_word_lets_no_late_approval_count(town: Town) -> None:
    number = town.propose(PROMOTED, by="mei")
    town.lose_webhooks()
    forge_status(town, town.pull_request(number).head)
    town.merge(number)
    town.approve(number, by="ana")
    merged = town.sandbox.store.repository(REGISTRY).pull_request(number)
    merged.reviews[-1].submitted_at = merged.merged_at or merged.created_at

    town.look_at(number)

    assert town.runs() == []
    assert "ana approved after the merge, which is too late" in town.verdict(number)


def test_a_green_head_that_somebody_else_calls_green_too_is_deployed(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    forge_status(town, town.pull_request(number).head)

    town.merge(number)

    assert len(town.runs()) == 1


@pytest.mark.fault(67)
def test_a_look_that_ends_after_the_merge_takes_no_approval_back(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.lose_webhooks()
    head = town.pull_request(number).head
    landed = town.merge(number)
    merged = town.sandbox.store.repository(REGISTRY).pull_request(number)
    merged.reviews[-1].submitted_at = merged.merged_at or merged.created_at  # and counted, as the green status shows
    town.side.say("registrar-bot", head, Line(STATUS, "success", "this changes no version and no status"))
    last_said_a_minute_later(town)

    town.look_at(number)

    assert landed is not None
    assert len(town.runs()) == 1


@pytest.mark.fault(67)
def test_a_request_that_is_merged_while_it_is_looked_at_is_not_called_empty(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.lose_webhooks()
    town.faults.begin(Spot(verb="GET", path=f"/{number}", by="registrar-bot"), Meanwhile(merged(town, number)), times=1)

    town.look_at(number)

    assert town.pull_request(number).landed
    assert town.status(number) == ("success", "approved by ana (CODEOWNERS:2)")


@pytest.mark.fault(67)
def test_a_request_that_is_merged_right_before_it_is_looked_at_is_found_on_the_base(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.lose_webhooks()
    at = Spot(verb="GET", path=f"/{number}", by="registrar-bot")
    town.faults.begin(at, JustBefore(merged(town, number)), times=1)

    town.look_at(number)

    assert town.engine.refusals == []
    assert len(town.runs()) == 1


@pytest.mark.fault(61)
def test_what_nobody_looked_at_before_it_was_merged_is_taken_back_when_it_is(town: Town) -> None:
    sweep(town)
    town.protect()
    town.lose_webhooks()
    number = town.propose(PROMOTED, by="mei")
    at = Spot(verb="GET", path=f"/{number}", by="registrar-bot")
    town.faults.begin(at, JustBefore(merged(town, number)), times=1)

    town.look_at(number)

    assert [each.title[:9] for each in town.open_pull_requests()] == ["Take back"]


@only_on("gitlab", because="GitHub names no state between open and merged.")
def test_a_request_that_is_locked_while_it_is_merged_is_neither_called_empty_nor_flagged(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    approved = town.status(number)
    at = Spot(verb="GET", path=f"/merge_requests/{number}", by="registrar-bot")
    town.faults.begin(at, StillLocked(), times=2)

    landed = town.merge(number) or ""

    assert "registrar: pushed to main" not in {line.context for line in town.lines(landed)}
    town.let_time_pass()
    assert town.status(number) == approved
    assert len(town.runs()) == 1


def merged(town: Town, number: int) -> Callable[[], object]:
    return lambda: town.side.merge("ana", number, "merge")
