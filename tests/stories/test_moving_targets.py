"""What moves while the bot works: heads, the branches of pipelines, its own words, and what is so already."""

import pytest

from registrar.sandbox.faults import Spot
from stories.meanwhile import Meanwhile
from stories.places import APPLICATION
from stories.registries import a_version
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.test_replicas import OF_THE_BOT
from stories.test_sweep import sweep
from stories.town import Town


@pytest.mark.fault(72)
def test_a_verdict_that_is_overtaken_by_a_push_frees_nothing(town: Town) -> None:
    number = town.propose(PROMOTED, by="mei")
    town.lose_webhooks()
    town.side.approve("ana", number)

    def push() -> None:
        town.commit(
            {"models/digits/status.yaml": "Production: 1.2.0\nArchived: 1.0.0\n"},
            by="leo",
            branch="change",
            onto="change",
        )

    town.faults.begin(Spot("GET", f"/{number}", by="registrar-bot"), Meanwhile(push), times=1)
    town.look_at(number)

    assert town.status(number) == ("", "")
    assert town.merge(number) is None
    town.protect()
    town.merge(number)
    sweep(town)
    assert town.runs() == []


@pytest.mark.fault(73)
def test_a_pipeline_is_told_the_very_commit_and_content_whatever_has_moved_since(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.lose_webhooks()
    landed = town.merge(number)
    town.protect()
    town.merge(town.propose(a_version("2.0.0", accuracy=0.97), by="mei", branch="later"))
    town.checkout("ana", repository=APPLICATION).push({"later.txt": "-\n"}, branch="main", onto="main", message="Later")

    town.look_at(number)

    (inputs,) = town.inputs()
    version = town.read("models/digits/versions/1.1.0/version.yaml")
    assert inputs["commit"] == landed
    assert inputs["hash"] in version
    assert inputs["hash"].startswith("md5:")


@pytest.mark.fault(77)
def test_what_holds_the_status_already_is_not_asked_for(town: Town) -> None:
    place = town.propose({"notes.txt": "hello\n"}, by="mei")

    town.comment(place, "/registrar promote digits@1.0.0 to Production", by="mei")

    assert [each.number for each in town.open_pull_requests()] == [place]
    assert "1.0.0 already holds Production; there is nothing to change" in town.comments(place)[0]


@pytest.mark.fault(17, 78)
def test_the_bot_answers_nothing_of_what_it_did_itself(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.merge(number)
    told = len(town.sandbox.deliveries)
    town.restart_bot()
    written = town.faults.begin(OF_THE_BOT)

    for delivery in town.sandbox.deliveries:
        town.sandbox.redeliver(delivery)
    town.let_time_pass()

    assert written.met == 0
    assert len(town.sandbox.deliveries) == 2 * told


@pytest.mark.fault(80)
def test_a_verdict_that_a_person_deleted_is_said_again_when_it_changes(town: Town) -> None:
    number = asked(town)
    (verdict,) = (each for each in town.discussion(number) if "registrar:verdict" in each.body)
    town.side.delete_comment("ana", number, verdict.id)
    town.look_at(number)
    assert town.comments(number) == []
    town.restart_bot()  # one that remembers nothing, as a job
    town.look_at(number)
    assert town.comments(number) == []

    town.approve(number, by="ana")

    assert "approved by ana" in town.verdict(number)
