import pytest

from stories.places import REGISTRY
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.test_proof_statuses import forge_status
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
