"""The ways to start a pipeline that only GitLab has: variables, a trigger token, and jobs that a person plays."""

from collections.abc import Mapping

from parity import only_on
from stories.conftest import Found
from stories.gitlab_side import INPUTS, PROMISED, VARIABLES, gitlab_of, pipeline_of
from stories.places import APPLICATION
from stories.registries import RULES, a_registry
from stories.test_commands import asked
from stories.town import Town

pytestmark = only_on("gitlab", because="GitHub's workflows take inputs alone, and wait for a reviewer, not for a job.")

BY_VARIABLES = {".gitlab-ci.yml": pipeline_of(VARIABLES)}
BY_HAND = {".gitlab-ci.yml": pipeline_of(INPUTS, when="manual")}
TOKEN = "REGISTRAR_SECRET_TRIGGER"


def told(found: Found, rule: str = "", *, application: Mapping[str, str]) -> Town:
    """A registry whose deploys are told in a way of their own."""
    rules = RULES.replace("pipeline: deploy.yml}", f"pipeline: deploy{rule}}}")
    files = a_registry({"1.0.0": 0.90, "1.1.0": 0.95}, status="Production: 1.0.0\n", rules=rules)
    return found(files, application=application)


def merged(town: Town) -> int:
    number = asked(town)
    town.approve(number, by="ana")
    town.merge(number)
    return number


def test_variables_tell_a_pipeline_everything(found: Found) -> None:
    town = told(found, ", parameters: variables", application=BY_VARIABLES)

    number = merged(town)

    (inputs,) = town.inputs()
    assert (inputs["model"], inputs["version"], inputs["pull_request"]) == ("digits", "1.1.0", str(number))
    assert inputs.keys() == set(PROMISED)
    assert "✅ **Merged and deployed**" in town.verdict(number)


def test_a_project_that_lets_nobody_set_variables_is_told_of(found: Found) -> None:
    town = told(found, ", parameters: variables", application=BY_VARIABLES)
    gitlab_of(town.side).set(APPLICATION, ci_pipeline_variables_minimum_override_role="no_one_allowed")

    number = merged(town)

    assert town.runs() == []
    assert "could not be started" in town.verdict(number)


def test_a_trigger_token_starts_a_pipeline_that_the_bot_itself_could_not(found: Found) -> None:
    town = told(found, f", parameters: variables, trigger_token: {TOKEN}", application=BY_VARIABLES)
    town.secrets[TOKEN] = gitlab_of(town.side).trigger_token("ana")
    town.sandbox.grant(APPLICATION, "registrar-bot", "read")

    number = merged(town)

    assert [title.rpartition(": ")[2] for title in town.runs()] == ["success"]
    assert "✅ **Merged and deployed**" in town.verdict(number)


def test_a_trigger_token_that_the_bot_was_not_given_is_named(found: Found) -> None:
    town = told(found, f", parameters: variables, trigger_token: {TOKEN}", application=BY_VARIABLES)

    number = merged(town)

    assert town.runs() == []
    assert TOKEN in town.verdict(number)


def test_a_trigger_token_that_opens_nothing_is_told_of_and_not_shown(found: Found) -> None:
    town = told(found, f", parameters: variables, trigger_token: {TOKEN}", application=BY_VARIABLES)
    town.secrets[TOKEN] = "glptt-nobodys"

    number = merged(town)

    assert town.runs() == []
    assert "could not be started" in town.verdict(number)
    assert "glptt-nobodys" not in town.verdict(number)


def test_a_job_that_a_person_plays_is_played_when_one_has_said_so(found: Found) -> None:
    town = told(found, application=BY_HAND)
    number = merged(town)
    assert [title.rpartition(": ")[2] for title in town.runs()] == ["manual"]
    assert "/registrar deploy" in town.verdict(number)

    town.comment(number, "/registrar deploy", by="mei")

    assert [title.rpartition(": ")[2] for title in town.runs()] == ["success"]
    assert "✅ **Merged and deployed**" in town.verdict(number)


def test_a_job_of_a_version_that_was_replaced_while_it_waited_is_not_played(found: Found) -> None:
    town = told(found, application=BY_HAND)
    number = merged(town)
    back = asked(town, text="/registrar rollback digits", by="leo")
    town.approve(back, by="ana")
    town.merge(back)

    town.comment(number, "/registrar deploy", by="mei")

    assert {title.rpartition(": ")[2] for title in town.runs()} == {"manual"}
    assert any("1.1.0 does not hold Production any more" in said for said in town.comments(number))


def test_a_job_that_a_person_plays_by_hand_is_followed_to_its_end(found: Found) -> None:
    town = told(found, application=BY_HAND)
    number = merged(town)

    gitlab_of(town.side).play("ana")
    town.settle()

    assert "✅ **Merged and deployed**" in town.verdict(number)


def test_a_job_is_not_played_by_who_may_only_read(found: Found) -> None:
    town = told(found, application=BY_HAND)
    number = merged(town)

    town.comment(number, "/registrar deploy", by="eve")

    assert [title.rpartition(": ")[2] for title in town.runs()] == ["manual"]
