"""What others say in our name proves nothing."""

import pytest

from registrar.core.deploying import PlannedDeploy
from registrar.core.lifecycle import Transition
from registrar.deploys.operations import status_context
from registry_schema import Deploy
from stories.places import STATUS
from stories.side import Line
from stories.test_commands import asked
from stories.town import Town

PROMOTION = Transition("digits", "1.1.0", "Development", "Production")
DEPLOY = status_context(PlannedDeploy(PROMOTION, Deploy("Production", "acme/app", "deploy.yml")))


def said(town: Town, sha: str, *, context: str = STATUS) -> Line:
    """The newest status of a context, whoever set it."""
    return next(line for line in town.lines(sha) if line.context == context)


def forge_status(town: Town, sha: str, *, context: str = STATUS, words: str = "approved", url: str = "") -> None:
    """Leo, who may write, says success in our name."""
    town.side.say("leo", sha, Line(context, "success", words, url))
    town.settle()


@pytest.mark.fault(67)
def test_a_deploy_that_somebody_else_calls_done_is_started(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.lose_webhooks()
    forge_status(town, town.merge(number) or "", context=DEPLOY)

    town.look_at(number)

    assert len(town.runs()) == 1
    assert said(town, town.pull_request(number).landed, context=DEPLOY).speaker == "registrar-bot"


def test_a_deploy_that_somebody_else_spoke_of_after_us_is_not_started_again(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    forge_status(town, town.merge(number) or "", context=DEPLOY)

    town.restart_bot()
    town.look_at(number)

    assert len(town.runs()) == 1
    assert "✅ **Merged and deployed**" in town.verdict(number)


@pytest.mark.fault(67)
def test_a_head_that_somebody_else_turned_green_is_turned_back(town: Town) -> None:
    number = asked(town)
    forge_status(town, town.pull_request(number).head)

    town.look_at(number)

    assert town.status(number) == ("pending", "waiting for ana or raj")


def test_our_words_in_the_mouth_of_somebody_else_are_said_again_by_us(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    sha = town.pull_request(number).head
    ours = said(town, sha)
    forge_status(town, sha, words=ours.words, url=ours.url)

    town.look_at(number)

    assert said(town, sha).speaker == "registrar-bot"
