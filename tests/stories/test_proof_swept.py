from datetime import timedelta

from registrar.sandbox.faults import LOST_REQUEST
from stories.test_commands import asked
from stories.test_proof_once import merged_with
from stories.test_sweep import sweep
from stories.town import Town


def test_a_deploy_whose_request_was_lost_with_the_inbox_is_not_forgotten(town: Town) -> None:
    """Judged, asked for in the inbox, and the inbox deleted before the work was done."""
    number = asked(town)
    town.approve(number, by="ana")
    town.lose_webhooks(but_pushes=True)
    town.faults.begin(town.side.listing, LOST_REQUEST)  # the deploy is never even intended
    town.merge(number)
    town.faults.end()

    town.restart_bot()
    sweep(town)

    assert len(town.runs()) == 1


def test_an_intent_that_was_lost_with_the_inbox_is_told_of(town: Town) -> None:
    number = merged_with(town, LOST_REQUEST)
    town.clock.advance(timedelta(minutes=11))

    town.restart_bot()
    sweep(town)

    assert len(town.runs()) == 1 or "no run has appeared" in town.verdict(number)
