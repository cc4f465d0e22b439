"""Rules that nobody approved let nothing through, however soon after them it is merged and looked at."""

import pytest

from stories.checkouts import git
from stories.conftest import Found
from stories.mischief import reviewed_a_minute_ago
from stories.places import REGISTRY
from stories.registries import RULES, a_registry
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.test_proof_rules import LOOSE
from stories.test_sweep import sweep
from stories.town import Town

STATUS_FILE = "models/digits/status.yaml"


def merged_upon_rules_that_were_pushed(town: Town) -> int:
    """An administrator frees the rules, and at once merges what nobody approved; the bot is told of nothing."""
    sweep(town)
    town.protect(spares_admins=True)
    number = town.propose(PROMOTED, by="mei")
    town.lose_webhooks()
    town.commit(LOOSE, by="ana", branch="main")
    assert town.merge(number, by="ana") is not None
    return number


@pytest.mark.fault(45)
@pytest.mark.fault(61)
def test_a_merge_that_is_looked_at_before_the_rules_below_it_are_deploys_nothing(town: Town) -> None:
    number = merged_upon_rules_that_were_pushed(town)

    town.look_at(number)
    sweep(town)
    town.let_time_pass()

    assert town.runs() == []
    assert "which nobody approved" in town.verdict(number)


def test_rules_that_nobody_looked_at_before_they_were_merged_stand_once_they_were_found_approved(town: Town) -> None:
    sweep(town)
    town.protect()
    town.lose_webhooks()
    rules = town.propose({"CODEOWNERS": "* @raj\n"}, by="mei", branch="rules")
    town.approve(rules, by="ana")
    reviewed_a_minute_ago(town, rules)
    assert town.merge(rules, by="ana") is not None
    town.look_at(rules)
    town.sandbox.store.repository(REGISTRY).pull_request(rules).reviews.clear()  # whoever gave one takes it back
    town.hear_webhooks()
    number = asked(town)

    town.approve(number, by="raj")
    town.merge(number, by="raj")

    assert len(town.runs()) == 1


def test_nothing_is_recorded_before_it_is_known_whose_rules_they_are(town: Town) -> None:
    number = merged_upon_rules_that_were_pushed(town)

    town.look_at(number)

    assert [why for why in town.engine.refusals if "it is still to be seen who approved that" in why]
    assert town.lines(town.pull_request(number).landed or "") == []


@pytest.mark.fault(61)
def test_what_is_taken_back_before_what_is_below_it_was_looked_at_puts_back_what_was_approved(town: Town) -> None:
    sweep(town)
    town.protect()
    before = town.read(STATUS_FILE)
    first = town.propose({STATUS_FILE: "Production: 1.1.0\nArchived: 1.0.0\n"}, by="mei", branch="first")
    town.lose_webhooks()
    assert town.merge(first, by="ana") is not None
    second = town.propose({STATUS_FILE: "Production: 1.2.0\nArchived: [1.0.0, 1.1.0]\n"}, by="leo", branch="second")
    assert town.merge(second, by="ana") is not None

    town.look_at(second)
    town.look_at(first)
    town.let_time_pass()

    (revert,) = town.open_pull_requests()
    assert git(town.sandbox.store.repository(REGISTRY).path, "show", f"{revert.head}:{STATUS_FILE}") == before


@pytest.mark.fault(61)
def test_a_merge_that_is_looked_at_before_the_status_below_it_is_rests_on_nothing_that_was_pushed(found: Found) -> None:
    strict = RULES.replace(
        "    promotes_from: [Development, Staging]\n    holders", "    promotes_from: [Staging]\n    holders"
    )
    town = found(a_registry({"1.0.0": 0.90, "1.1.0": 0.95}, status="Production: 1.0.0\n", rules=strict))
    sweep(town)
    town.lose_webhooks()
    town.protect(spares_admins=True)
    town.commit({STATUS_FILE: "Production: 1.0.0\nStaging: 1.1.0\n"}, by="raj", branch="main")
    number = town.propose(PROMOTED, by="mei")
    town.look_at(number)
    town.approve(number, by="ana")
    reviewed_a_minute_ago(town, number)
    town.merge(number)

    town.look_at(number)
    sweep(town)
    town.let_time_pass()

    assert town.runs() == []
