"""What the sandbox makes of a `.gitlab-ci.yml`, and what it says of one that it cannot run."""

import pytest

from registrar.sandbox.gitlab.ci.conditions import holds
from registrar.sandbox.gitlab.ci.configuration import read_configuration
from registrar.sandbox.gitlab.ci.expansion import expand, expand_all
from registrar.sandbox.gitlab.ci.refusals import InvalidPipeline
from registrar.sandbox.pipelines import Variable
from sandbox.gitlab_ci_texts import DEPLOY, a_job

HEADER = "spec:\n  inputs:\n    {}\n---\n"


def test_inputs_are_in_their_places_with_their_types() -> None:
    text = HEADER.format("dry: {type: boolean}") + a_job(
        "allow_failure: $[[ inputs.dry ]]", script="echo $[[ inputs.dry ]]"
    )

    (job,) = read_configuration(text, {"dry": True}).jobs

    assert (job.allow_failure, job.plan.script) == (True, ("echo true",))


def test_an_input_can_name_a_job_and_be_cut() -> None:
    text = HEADER.format("model:") + "deploy-$[[ inputs.model | truncate(0,3) ]]: {script: 'true'}"

    (job,) = read_configuration(text, {"model": "digits"}).jobs

    assert job.plan.name == "deploy-dig"


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        pytest.param({}, "`model` input: required value has not been provided", id="required"),
        pytest.param({"model": "x", "colour": "red"}, "unknown input arguments: colour", id="unknown"),
        pytest.param({"model": 3}, "`model` input: provided value is not a string", id="no string"),
        pytest.param({"model": "x", "dry": "perhaps"}, "`dry` input: provided value is not a boolean", id="boolean"),
        pytest.param({"model": "x", "count": "many"}, "`count` input: provided value is not a number", id="number"),
        pytest.param(
            {"model": "x", "where": "mars"},
            "`where` input: `mars` cannot be used because it is not in the list of allowed options",
            id="options",
        ),
        pytest.param(
            {"model": "x", "version": "v1"},
            "`version` input: provided value does not match required RegEx pattern",
            id="regex",
        ),
        pytest.param({"model": 3, "count": 4}, "not a string, `count` input: `4` cannot be used", id="several at once"),
    ],
)
def test_inputs_that_do_not_fit_are_refused_in_gitlab_s_words(given: dict[str, object], refusal: str) -> None:
    with pytest.raises(InvalidPipeline) as error:
        read_configuration(DEPLOY, given)

    assert str(error.value).startswith("`.gitlab-ci.yml`: ")
    assert refusal in str(error.value)


def test_a_text_may_say_a_number_or_a_truth() -> None:
    configuration = read_configuration(DEPLOY, {"model": "digits", "dry": "true", "count": "5"})

    assert configuration.jobs[0].plan.script[0] == 'echo "$MODEL, dry true, times 5"'


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        pytest.param("deploy: [", "Invalid configuration format", id="no YAML"),
        pytest.param("deploy: 2026-13-45", "Invalid configuration format", id="no date"),
        pytest.param("- deploy", "Invalid configuration format", id="no mapping"),
        pytest.param("stages: [a]", "jobs config should contain at least one visible job", id="no job"),
        pytest.param(".hidden: {script: x}", "at least one visible job", id="hidden jobs alone"),
        pytest.param("deploy: {stage: test}", "jobs:deploy config should implement the script:", id="no script"),
        pytest.param(a_job("stage: x"), "chosen stage x does not exist; available stages are .pre, build", id="stage"),
        pytest.param(a_job("needs: [x]"), "deploy job: undefined need: x", id="need"),
        pytest.param(a_job("needs: [deploy]"), "circular dependencies", id="circle"),
        pytest.param(a_job("when: sometimes"), "when should be one of", id="when"),
        pytest.param(a_job("timeout: soon"), "config should be a duration", id="timeout"),
        pytest.param(a_job("variables: {A: [1]}"), "should be a string", id="variable"),
        pytest.param(a_job("environment: {name: x, action: explode}"), "action should be start", id="action"),
        pytest.param("x" * 2_000_001, "longer than 2000000 characters", id="too long"),
        pytest.param("variables: [a]\n" + a_job(), "variables config should be a hash", id="variables"),
        pytest.param(a_job("variables: {A-B: c}"), "'A-B' is no name", id="name of a variable"),
        pytest.param(a_job("variables: {A: {colour: red}}"), "contains unknown keys: colour", id="keys of a variable"),
        pytest.param(a_job(script="{a: b}"), "should be a string or a nested array of strings", id="script"),
        pytest.param(a_job("needs: build"), "needs config can only be a hash or an array", id="needs"),
        pytest.param(a_job("rules: always"), "rules config should be an array of hashes", id="rules"),
        pytest.param(a_job("allow_failure: perhaps"), "allow failure should be a boolean value", id="allow failure"),
        pytest.param(a_job("environment: {name: x, deployment_tier: y}"), "tier must be one of", id="tier"),
        pytest.param(
            a_job("stage: build", "needs: [test]") + "\ntest: {script: x}",
            "need test is not defined in current or prior stages",
            id="a need that comes later",
        ),
        pytest.param(HEADER.format("x: {regex: '['}") + a_job(), "invalid regular expression", id="regex"),
        pytest.param(
            HEADER.format("x: {type: boolean, default: true, options: [true]}") + a_job(),
            "Options can only be used with string and number inputs",
            id="options of a boolean",
        ),
        pytest.param(
            HEADER.format("x: {type: number, default: 1, regex: '1'}") + a_job(),
            "RegEx validation can only be used with string inputs",
            id="regex of a number",
        ),
        pytest.param(
            HEADER.format("x: {default: y}") + a_job("stage: $[[ inputs ]]"),
            "invalid interpolation access pattern",
            id="no name of an input",
        ),
        pytest.param(
            HEADER.format("x: {default: y}") + a_job("stage: $[[ inputs.x | a | b | c | d ]]"),
            "too many functions in interpolation block",
            id="too many functions",
        ),
        pytest.param(
            HEADER.format("x: {default: y}") + a_job("stage: $[[ inputs.x | reverse ]]"),
            "no function matching `reverse`",
            id="no such function",
        ),
        pytest.param(
            HEADER.format("x: {type: date}") + a_job(), "unknown input specification for `x`", id="input type"
        ),
        pytest.param(HEADER.format("x: {colour: red}") + a_job(), "contains unknown keys: colour", id="input key"),
        pytest.param(
            HEADER.format("x: {default: y}") + a_job("stage: $[[ inputs.z ]]"), "key: `z`", id="no such input"
        ),
        pytest.param(a_job(script="$[[ inputs.x ]]"), None, id="without a header it is only text"),
    ],
)
def test_a_configuration_that_gitlab_would_refuse_is_refused(text: str, refusal: str | None) -> None:
    if refusal is None:
        assert read_configuration(text, {}).jobs
        return
    with pytest.raises(InvalidPipeline) as error:
        read_configuration(text, {})

    assert refusal in str(error.value)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("include: [other.yml]\n" + a_job(), "include", id="include"),
        pytest.param(a_job("extends: .x", "parallel: 3"), "extends, parallel", id="keywords of a job"),
        pytest.param("deploy: {trigger: {project: acme/other}}", "trigger", id="a bridge"),
        pytest.param(a_job("when: delayed"), "when: delayed", id="delayed"),
        pytest.param(a_job("rules: [{changes: [x]}]"), "changes", id="rules"),
        pytest.param(a_job("allow_failure: {exit_codes: 3}"), "allow_failure: exit_codes", id="exit codes"),
        pytest.param(a_job("artifacts: {paths: [x]}"), "paths", id="artifacts"),
        pytest.param(a_job("artifacts: {reports: {dotenv: '*.env'}}"), "patterns", id="patterns of files"),
        pytest.param(a_job("script: !reference [.x, script]"), "!reference", id="reference"),
        pytest.param(HEADER.format("x: {rules: []}") + a_job(), "rules", id="rules of inputs"),
        pytest.param(
            HEADER.format("x: {default: y}") + a_job("stage: $[[ inputs.x | expand_vars ]]"),
            "expand_vars",
            id="function",
        ),
    ],
)
def test_what_the_sandbox_cannot_run_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(InvalidPipeline, match="the sandbox does not support") as error:
        read_configuration(text, {})

    assert str(error.value).endswith(named)


def test_inputs_for_a_configuration_without_any_are_refused() -> None:
    with pytest.raises(InvalidPipeline, match="Given inputs not defined in the `spec` section"):
        read_configuration(a_job(), {"model": "digits"})


def test_jobs_have_what_default_says_unless_they_say_otherwise() -> None:
    text = "default: {before_script: [prepare], timeout: 1h 30m, image: python}\n" + a_job("timeout: 2 minutes")

    (job,) = read_configuration(text, {}).jobs

    assert (job.plan.before_script, job.plan.timeout) == (("prepare",), 120.0)


def test_a_manual_job_may_be_passed_by_unless_a_rule_made_it_manual() -> None:
    by_itself, by_a_rule = (
        read_configuration(a_job(line), {}).jobs[0].in_pipeline({})
        for line in ("when: manual", "rules: [{when: manual}]")
    )

    assert by_itself is not None
    assert by_a_rule is not None
    assert (by_itself.allow_failure, by_a_rule.allow_failure) == (True, False)


def test_the_first_rule_that_holds_decides() -> None:
    rules = """rules:
    - if: $MODEL == "digits"
      when: manual
      variables: {WAITS: "yes"}
    - if: $MODEL
    """
    (job,) = read_configuration(a_job(rules), {}).jobs

    waiting, going = job.in_pipeline({"MODEL": "digits"}), job.in_pipeline({"MODEL": "churn"})

    assert waiting is not None
    assert going is not None
    assert (waiting.when, waiting.variables["WAITS"].value, going.when) == ("manual", "yes", "on_success")
    assert job.in_pipeline({}) is None


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ("$MODEL", True),
        ("$EMPTY", False),
        ("$ABSENT", False),
        ('$MODEL == "digits"', True),
        ("$MODEL != 'digits'", False),
        ("$MODEL == $OTHER", True),
        ("$ABSENT == null", True),
        ("$EMPTY == null", False),
        ('$EMPTY == ""', True),
        ('$ABSENT && $MODEL || $OTHER == "digits"', True),
        ('$ABSENT && ($MODEL || $OTHER == "digits")', False),
        ("$MODEL =~ /^DIG/i", True),
        ("${MODEL} !~ /x\\/y/", True),
        ("$MODEL =~ $PATTERN", True),
        ("$ABSENT =~ /x/", False),
    ],
)
def test_a_condition_is_read_as_gitlab_reads_it(condition: str, truth: bool) -> None:  # noqa: FBT001 - a table's column
    variables = {"MODEL": "digits", "OTHER": "digits", "EMPTY": "", "PATTERN": "/git/"}

    assert holds(condition, variables) is truth


@pytest.mark.parametrize("condition", ["", "$A ==", "$A = 'b'", "($A", "$A $B", "$A =~ 'b'", "/x/ == /[/", "(" * 99])
def test_a_condition_that_cannot_be_read_is_refused(condition: str) -> None:
    with pytest.raises(InvalidPipeline):
        holds(condition, {"A": "b"})


def test_variables_hold_variables() -> None:
    variables = {
        "NAME": Variable("NAME", "deploy $MODEL of ${ABSENT}all"),
        "MODEL": Variable("MODEL", "$FAMILY-1"),
        "FAMILY": Variable("FAMILY", "digits"),
        "PRICE": Variable("PRICE", "$FAMILY costs $$5", raw=True),
    }

    assert expand_all(variables)["NAME"] == "deploy digits-1 of all"
    assert expand_all(variables)["PRICE"] == "$FAMILY costs $$5"
    assert expand("$$MODEL", {"MODEL": "digits"}) == "$MODEL"


def test_variables_that_hold_each_other_are_refused() -> None:
    variables = {"A": Variable("A", "$B"), "B": Variable("B", "$A")}

    with pytest.raises(InvalidPipeline, match="circular variable reference detected"):
        expand_all(variables)
