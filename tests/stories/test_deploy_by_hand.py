"""A deploy that waits until a person says that it is time."""

import pytest

from registrar.sandbox.faults import LOST_REQUEST
from stories.conftest import Found
from stories.registries import RULES, a_registry
from stories.test_commands import asked
from stories.town import Town

MANUAL = RULES.replace("pipeline: deploy.yml}", "pipeline: deploy.yml, manual: true}")


@pytest.fixture
def town(found: Found) -> Town:
    return found(a_registry({"1.0.0": 0.90, "1.1.0": 0.95}, status="Production: 1.0.0\n", rules=MANUAL))


def merged(town: Town) -> int:
    number = asked(town)
    town.approve(number, by="ana")
    town.merge(number)
    return number


def test_it_waits_after_the_merge_and_says_for_what(town: Town) -> None:
    number = merged(town)
    town.let_time_pass()

    assert town.runs() == []
    assert "a deploy waits**: write `/registrar deploy`" in town.verdict(number)


def test_the_request_says_that_it_will_wait(town: Town) -> None:
    assert "deploys digits 1.1.0 to Production, once somebody writes" in town.verdict(asked(town))


def test_a_word_starts_it_once(town: Town) -> None:
    number = merged(town)

    town.comment(number, "/registrar deploy", by="mei")
    town.comment(number, "/registrar deploy", by="mei")

    assert [title.rpartition(": ")[2] for title in town.runs()] == ["success"]
    assert "✅ **Merged and deployed**" in town.verdict(number)
    assert any("Starting it" in said for said in town.comments(number))
    assert any("waits for anybody" in said for said in town.comments(number))


def test_a_bot_that_forgot_everything_still_starts_what_was_released(town: Town) -> None:
    number = merged(town)
    town.faults.begin(town.side.listing, LOST_REQUEST)
    town.comment(number, "/registrar deploy", by="mei")
    town.faults.end()

    town.restart_bot()
    town.look_at(number)

    assert len(town.runs()) == 1


def test_who_may_only_read_starts_nothing(town: Town) -> None:
    number = merged(town)
    town.sandbox.grant("acme/registry", "eve", "read")

    town.comment(number, "/registrar deploy", by="eve")

    assert town.runs() == []
    assert any("write access" in said for said in town.comments(number))


def test_nothing_is_started_before_the_merge(town: Town) -> None:
    number = asked(town)

    town.comment(number, "/registrar deploy", by="ana")

    assert town.runs() == []
    assert any("is not merged" in said for said in town.comments(number))


def test_what_nobody_approved_is_not_started_by_a_word_either(town: Town) -> None:
    town.protect()
    number = asked(town)
    town.merge(number)

    town.comment(number, "/registrar deploy", by="ana")

    assert town.runs() == []
    assert any("is not deployed: waiting for" in said for said in town.comments(number))


def test_a_version_that_was_replaced_meanwhile_is_not_started(town: Town) -> None:
    number = merged(town)
    town.protect(spares_admins=True)
    town.commit({"models/digits/status.yaml": "Production: 1.0.0\n"}, by="ana", branch="main")

    town.comment(number, "/registrar deploy", by="mei")

    assert town.runs() == []
    assert "does not hold Production any more" in town.verdict(number)


def test_what_was_rolled_back_and_pushed_there_again_is_not_started_by_the_word_that_was_left(town: Town) -> None:
    number = merged(town)
    back = asked(town, text="/registrar rollback digits", by="leo")
    town.approve(back, by="ana")
    town.merge(back)
    town.protect(spares_admins=True)
    town.commit({"models/digits/status.yaml": "Production: 1.1.0\nArchived: 1.0.0\n"}, by="raj", branch="main")
    town.settle()

    town.comment(number, "/registrar deploy", by="mei")

    assert town.runs() == []
    assert "not deployed: 1.1.0 has lost Production since" in town.verdict(number)
