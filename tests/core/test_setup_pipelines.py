from dataclasses import replace
from typing import Any

import pytest

from registrar.core.deploying import PlannedDeploy
from registrar.core.lifecycle import Transition
from registrar.core.pipelines import Passing, Target
from registrar.core.setup import Standing, Untold
from registrar.core.setup_pipelines import PROMISED, Pipeline, pipeline_findings
from registrar.deploys.operations import Payload
from registry_schema import Deploy

TARGET = Target("acme/digits-ui", "deploy.yml")
READY = Pipeline(page="https://forge/deploy.yml", takes=frozenset(PROMISED), demands=frozenset({"model"}))


def test_what_a_pipeline_must_take_is_what_a_deploy_tells_it() -> None:
    planned = PlannedDeploy(
        Transition("digits", "1.1.0", "Staging", "Production"), Deploy("Production", "acme/digits-ui", "deploy.yml")
    )
    payload = Payload(planned, commit="c", weights_path="w", weights_hash="h", pull_request=7, approvers=("ana",))

    assert set(payload.inputs()) == set(PROMISED)


def test_a_pipeline_that_takes_everything_and_is_found_again_is_fine() -> None:
    [found] = pipeline_findings(TARGET, READY)

    assert (found.standing, found.check) == (Standing.OK, "pipeline deploy.yml of acme/digits-ui")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"obstacle": "it is switched off"}, "it is switched off", id="cannot start"),
        pytest.param({"takes": frozenset(PROMISED) - {"hash"}}, "declares no input hash, so", id="too few inputs"),
        pytest.param({"demands": frozenset({"model", "region"})}, "demands the input region, which", id="one more"),
        pytest.param({"is_titled": False}, "its runs are not named by the operation key", id="no title"),
    ],
)
def test_what_keeps_a_deploy_from_its_end_is_said_before_the_first(change: dict[str, Any], says: str) -> None:
    found = pipeline_findings(TARGET, replace(READY, **change))[-1]

    assert found.standing is Standing.PROBLEM
    assert found.says.startswith(says)


def test_variables_need_no_declaration() -> None:
    [found] = pipeline_findings(replace(TARGET, passing=Passing.VARIABLES), replace(READY, takes=frozenset()))

    assert found.standing is Standing.OK


@pytest.mark.parametrize(
    "pipeline",
    [
        pytest.param(Untold("not seen"), id="all of it"),
        pytest.param(replace(READY, takes=Untold("not seen")), id="inputs"),
    ],
)
def test_what_cannot_be_read_cannot_be_told(pipeline: Pipeline | Untold) -> None:
    [found] = pipeline_findings(TARGET, pipeline)

    assert (found.standing, found.says) == (Standing.UNTOLD, "not seen")
