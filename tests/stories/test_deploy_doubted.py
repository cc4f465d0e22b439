"""A deploy that was asked for, and that a forge shows no reason for any more."""

from datetime import timedelta

import pytest

from registrar.core.events import StartDeploy
from registrar.errors import ForgeUnavailable
from registrar.handlers.deploy import start_deploy
from registrar.sandbox.faults import Dropped
from stories.places import REGISTRY
from stories.test_commands import asked
from stories.test_deploy import PROMOTED
from stories.test_sweep import sweep
from stories.town import Town


@pytest.mark.fault(35)
def test_a_deploy_is_not_forgotten_when_a_forge_shows_less_than_before(town: Town) -> None:
    town.protect()
    number = town.propose(PROMOTED, by="mei")
    town.merge(number)
    asked_for = StartDeploy(REGISTRY, number, f"deploy-{number}-0123456789abcdef")

    with pytest.raises(ForgeUnavailable, match="does not show"):
        start_deploy(asked_for, town.a_bot())

    assert town.runs() == []


@pytest.mark.fault(30)
@pytest.mark.parametrize("acts", [False, True], ids=["before the act", "after it"])
def test_who_remembers_nothing_starts_what_somebody_was_about_to_start_and_nothing_twice(
    town: Town, *, acts: bool
) -> None:
    number = asked(town)
    town.approve(number, by="ana")
    town.faults.begin(town.side.starting, Dropped(acts), times=1)
    town.merge(number)
    town.faults.end()

    for _ in range(3):
        town.clock.advance(timedelta(minutes=2))
        town.restart_bot()
        sweep(town)
        town.let_time_pass()

    assert len(town.runs()) == 1
    assert "✅ **Merged and deployed**" in town.verdict(number)
