"""A deploy that was asked for, and that a forge shows no reason for any more."""

import pytest

from registrar.core.events import StartDeploy
from registrar.errors import ForgeUnavailable
from registrar.handlers.deploy import start_deploy
from stories.places import REGISTRY
from stories.test_deploy import PROMOTED
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
