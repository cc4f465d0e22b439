import re

import pytest

from registrar.sandbox.workflows import InvalidInputs, InvalidWorkflow, RunContext, read_workflow
from sandbox.workflow_texts import INPUTS, a_job


def test_the_title_of_a_run_holds_its_inputs() -> None:
    workflow = read_workflow(INPUTS)

    title = workflow.run_name(RunContext({"model": "digits", "operation": "deploy-7-ab"}, {}, {}, {}))

    assert title == "Deploy digits (deploy-7-ab)"


def test_a_run_without_a_title_is_called_like_its_workflow() -> None:
    assert read_workflow(a_job("- run: 'true'")).run_name(RunContext({}, {}, {}, {})) == "Deploy"


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        pytest.param({}, "Required input 'model' not provided", id="required"),
        pytest.param({"model": "x", "colour": "red"}, "Unexpected inputs provided: ['colour']", id="unexpected"),
        pytest.param({"model": "x", "where": "mars"}, "not in the list of allowed values", id="choice"),
        pytest.param({"model": "x", "dry": "perhaps"}, "is not a boolean", id="boolean"),
    ],
)
def test_inputs_that_the_workflow_does_not_take_are_refused(given: dict[str, str], refusal: str) -> None:
    with pytest.raises(InvalidInputs, match=re.escape(refusal)):
        read_workflow(INPUTS).accepted_inputs(given)


@pytest.mark.parametrize(
    ("on", "accepts"),
    [
        pytest.param("workflow_dispatch", True, id="a word"),
        pytest.param("[push, workflow_dispatch]", True, id="a list"),
        pytest.param("{workflow_dispatch: }", True, id="a mapping"),
        pytest.param("{push: {branches: [main]}}", False, id="something else"),
    ],
)
def test_on_is_a_key_and_not_true(on: str, accepts: bool) -> None:  # noqa: FBT001 - a column of the table
    assert read_workflow(a_job("- run: 'true'", on)).accepts_dispatch is accepts


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("on: [", "is not YAML", id="not yaml"),
        pytest.param("- a", "the workflow file is not a mapping", id="a list"),
        pytest.param("on: push", "has no jobs", id="no jobs"),
        pytest.param("on: push\njobs: {a: {steps: []}}", "job a has no steps", id="no steps"),
        pytest.param(
            a_job("- run: 'true'\n  if: always()"), "job deploy, step 1: the sandbox does not support if", id="if"
        ),
        pytest.param(
            "jobs: {a: {strategy: {}, steps: [{run: x}]}}", "job a: the sandbox does not support strategy", id="matrix"
        ),
        pytest.param(a_job("- name: nothing"), "step 1 needs either run or uses", id="neither run nor uses"),
        pytest.param(a_job("- run: x\n  timeout-minutes: soon"), "timeout-minutes is not a number", id="timeout"),
        pytest.param(
            a_job("- run: x\n  continue-on-error: ${{ inputs.x }}"),
            "true or false for continue-on-error",
            id="may fail",
        ),
        pytest.param("jobs: {a: {needs: b, steps: [{run: x}]}}", "jobs that do not exist: a", id="needs nobody"),
        pytest.param("x" * 600_000, "longer than", id="too long"),
        pytest.param("on: 2026-13-45", "the workflow file is not YAML", id="no date"),
        pytest.param(
            "on: {workflow_dispatch: {inputs: {a: {type: date}}}}", "the type 'date' is not one of", id="input type"
        ),
    ],
)
def test_a_workflow_that_the_sandbox_cannot_run_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidWorkflow, match=re.escape(reason)):
        read_workflow(text)


def test_steps_of_one_name_can_be_told_apart() -> None:
    (job,) = read_workflow(a_job("- run: make\n- run: make\n- name: Run make\n  run: x")).jobs

    assert [step.name for step in job.steps] == ["Run make", "Run make (2)", "Run make (3)"]
