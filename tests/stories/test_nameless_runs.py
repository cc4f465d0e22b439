"""A pipeline that tells no operation key: it is followed by what the forge called it, and never started twice."""

from datetime import timedelta

import pytest

from registrar.sandbox.faults import LOST_ANSWER
from stories.conftest import Found
from stories.registries import a_registry
from stories.side import Side
from stories.test_commands import asked
from stories.test_proof_once import LISTED_BY_NOW, merged_with
from stories.town import Town

LONG_SINCE = timedelta(minutes=11)


@pytest.fixture
def town(found: Found, side: type[Side]) -> Town:
    """The application's pipeline without what names its runs."""
    application = {path: without_name(text) for path, text in side.application().items()}
    return found(a_registry({"1.0.0": 0.90, "1.1.0": 0.95}, status="Production: 1.0.0\n"), application=application)


def without_name(text: str) -> str:
    changed = text.replace("workflow:\n  name: ", "workflow:\n  # ").replace("run-name: ", "# ")
    assert changed != text
    return changed


def test_a_run_that_the_forge_named_is_followed_to_its_end(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")

    town.merge(number)
    town.clock.advance(LONG_SINCE)
    town.let_time_pass()

    assert [told["version"] for told in town.inputs() if told["version"]] == ["1.1.0"]
    assert "✅ **Merged and deployed**" in town.verdict(number)


def test_a_run_whose_answer_was_lost_is_not_started_again(town: Town) -> None:
    number = merged_with(town, LOST_ANSWER)
    town.clock.advance(LISTED_BY_NOW)

    town.let_time_pass()
    town.look_at(number)

    assert [told["version"] for told in town.inputs() if told["version"]] == ["1.1.0"]
    assert "look at the pipeline" in town.verdict(number)
