"""Several replicas of the bot work on one registry: an effect happens once, and none is done by whoever is late."""

import pytest

from registrar.core.effects import RememberedEffects
from registrar.core.events import PullRequestChanged
from registrar.errors import Superseded
from registrar.handlers import handle
from registrar.sandbox.faults import Answered, Spot
from stories.meanwhile import Meanwhile
from stories.places import REGISTRY
from stories.registries import a_version
from stories.test_commands import asked
from stories.test_sweep import sweep
from stories.town import Town

OF_THE_BOT = Spot(by="registrar-bot", is_write=True)
EMPTY = Answered(acts=True, status=200, body=b"[]")


class Fenced(RememberedEffects):
    """What a replica remembers that may be taken for dead."""

    is_over = False

    def still_ours(self) -> None:
        if self.is_over:
            raise Superseded("another replica does it")


@pytest.fixture
def fence(town: Town) -> Fenced:
    """Of the replica that every event comes to."""
    fence = Fenced(town.clock.now)
    town.memory = lambda: fence
    town.restart_bot()
    return fence


@pytest.mark.fault(71)
def test_who_was_taken_for_dead_writes_nothing_and_leaves_nothing_undone(town: Town, fence: Fenced) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.protect()
    sweep(town)  # as every server does at its start: from here on the base is looked after
    written = town.faults.begin(OF_THE_BOT)
    fence.is_over = True

    town.comment(number, "/registrar promote digits@1.2.0 to Staging", by="mei")
    town.merge(number)
    altered = {path: text for path, text in a_version("1.0.0", accuracy=0.99).items() if path.endswith("version.yaml")}
    town.merge(town.propose(altered, by="leo", branch="past"))
    sweep(town)

    assert written.met == 0
    assert town.engine.superseded > 4
    fence.is_over = False
    sweep(town)
    assert len(town.runs()) == 1
    assert any(each.title.startswith("Take back") for each in town.open_pull_requests())


@pytest.mark.fault(35, 70)
@pytest.mark.usefixtures("fence")
def test_what_one_replica_did_no_other_does_again_though_the_forge_does_not_show_it(town: Town) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.merge(number)
    assert len(town.runs()) == 1
    town.faults.begin(town.side.listing, town.side.no_runs_yet)
    town.faults.begin(Spot("GET", town.side.comments), EMPTY)
    written = town.faults.begin(OF_THE_BOT)

    for _ in range(2):
        handle(PullRequestChanged(REGISTRY, number), town.a_bot())

    assert written.met == 0


@pytest.mark.fault(71, 84)
def test_of_two_evaluations_the_older_one_is_dropped_when_it_ends_last(town: Town, fence: Fenced) -> None:
    number = town.propose(a_version("1.3.0", accuracy=0.97), by="mei")
    town.lose_webhooks()
    town.commit(a_version("1.3.0", accuracy=0.96), by="mei", branch="change", onto="change")

    def overtake() -> None:
        town.commit(a_version("1.3.0", accuracy=0.95), by="mei", branch="change", onto="change")
        town.memory = lambda: RememberedEffects(town.clock.now)
        handle(PullRequestChanged(REGISTRY, number), town.a_bot())
        fence.is_over = True

    town.faults.begin(Spot("GET", f"/{number}", by="registrar-bot"), Meanwhile(overtake), times=1)
    town.look_at(number)

    assert "0.95" in town.verdict(number)
    assert town.engine.superseded == 1
