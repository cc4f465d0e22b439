"""Which pipeline a rule means, and with which token it is started."""

import pytest

from registrar.core.deploying import PlannedDeploy
from registrar.core.lifecycle import Transition
from registrar.core.pipelines import Passing, Target
from registrar.deploys.operations import target_of
from registrar.errors import NotAllowed
from registry_schema import Deploy


def planned(rule: Deploy) -> PlannedDeploy:
    return PlannedDeploy(Transition("digits", "1.1.0", "Staging", "Production"), rule)


def test_a_rule_means_a_pipeline_on_a_branch() -> None:
    rule = Deploy("Production", "acme/ml/ui", "deploy", "live", parameters="variables")

    assert target_of(planned(rule), {}) == Target("acme/ml/ui", "deploy", "live", Passing.VARIABLES)


def test_a_trigger_token_comes_from_the_bots_own_environment_and_is_never_shown() -> None:
    rule = Deploy("Production", "acme/ml/ui", "deploy", trigger_token="REGISTRAR_SECRET_UI")

    target = target_of(planned(rule), {"REGISTRAR_SECRET_UI": "glptt-opens-it"})

    assert target.trigger_token == "glptt-opens-it"
    assert "glptt" not in repr(target)


def test_a_secret_that_the_bot_was_not_given_is_named() -> None:
    rule = Deploy("Production", "acme/ml/ui", "deploy", trigger_token="REGISTRAR_SECRET_UI")

    with pytest.raises(NotAllowed, match="REGISTRAR_SECRET_UI, which is not set where the bot runs"):
        target_of(planned(rule), {"REGISTRAR_SECRET_OTHER": "x"})
