"""What the component's template says of itself: its inputs, its rules, its words in the documentation."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from component.scene import MERGE_REQUEST, PUSH, ROOT, TEMPLATE, Project, included
from registrar import __version__
from registrar.ci.gitlab import CLAIMS
from registrar.ci.inputs import COMMANDS, inputs_of
from registrar.cli.program import parser_of

SCHEDULE = {"CI_PIPELINE_SOURCE": "schedule"}
WEBHOOK = {"CI_PIPELINE_SOURCE": "trigger"}
BRANCH = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "digits-2.0.0"}
TAG = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_TAG": "v1", "CI_COMMIT_BRANCH": ""}
OF_THE_JOB = {"command", "stage", "job-prefix", "image", "package", "dvc", "allow-failure"}
EVERYTHING = included(*({"command": command} for command in COMMANDS))


def spec() -> dict[str, dict[str, object]]:
    header, _ = yaml.safe_load_all((ROOT / TEMPLATE).read_text())
    inputs: dict[str, dict[str, object]] = header["spec"]["inputs"]
    return inputs


def test_the_component_takes_what_the_commands_take() -> None:
    taken = {name for command in COMMANDS for name in inputs_of(parser_of(command))}

    assert set(spec()) - OF_THE_JOB == taken
    assert spec()["command"]["options"] == list(COMMANDS)


def test_an_input_says_yes_or_no_where_its_option_does() -> None:
    flags = {
        name for command in COMMANDS for name, action in inputs_of(parser_of(command)).items() if action.nargs == 0
    }

    assert {name for name, each in spec().items() if each.get("type") == "boolean"} - OF_THE_JOB == flags == CLAIMS


def test_it_asks_for_nothing_that_a_gitlab_before_18_1_cannot_do() -> None:
    """Those find no empty default in any pattern: https://gitlab.com/gitlab-org/gitlab/-/issues/477707."""
    assert [name for name, each in spec().items() if "regex" in each and not each.get("default")] == []
    assert {str(each.get("type", "string")) for each in spec().values()} <= {"string", "boolean"}


def test_no_input_is_part_of_a_script() -> None:
    job = (ROOT / TEMPLATE).read_text().partition("  script:\n")[2].partition("  artifacts:\n")[0]

    assert "registrar ci" in job
    assert "$[[" not in job


def test_python_imports_nothing_of_the_folder_that_the_job_stands_in() -> None:
    """It holds a checkout, and where none is made, what another pipeline left there."""
    script = (ROOT / TEMPLATE).read_text().partition("  script:\n")[2]

    begun = re.findall(r"python3( -I)? (?:-m )?(\S+)", script)

    installer = '"$COMPONENT_VENV"/lib/python3*/site-packages/registrar/ci/installing.py'
    assert begun == [(" -I", "venv"), (" -I", "pip"), (" -I", installer)]


def test_it_installs_the_version_it_is_of() -> None:
    assert spec()["package"]["default"] == f"model-registrar=={__version__}"


def test_it_names_each_storage_that_there_is_a_lock_for() -> None:
    locks = {file.stem.removeprefix("dvc").removeprefix("-") for file in (ROOT / "requirements").glob("dvc*.txt")}

    options = spec()["dvc"]["options"]

    assert isinstance(options, list)
    assert set(options) == locks


def test_every_input_is_documented_with_what_it_means() -> None:
    page = (ROOT / "docs/gitlab-component.md").read_text().partition("## Inputs\n")[2]
    rows = dict(re.findall(r"(?m)^\| `([a-z-]+)` \| (.*?) \|", page))

    assert rows == {name: str(each["description"]) for name, each in spec().items()}


def test_the_page_shows_a_pipeline(reading: Project) -> None:
    page = (ROOT / "docs/gitlab-component.md").read_text()
    use, change = re.findall(r"(?s)```yaml\n(.*?)```", page)
    reading.mirror("model-registrar/registrar")
    reading.fetch(f"$CI_SERVER_FQDN/model-registrar/registrar/registrar@{__version__}")
    own = included({"command": "register"}).removeprefix("include:\n")

    found = reading.listed(f"{use}{own}train: {{script: 'true'}}\n{change}", PUSH)

    assert {name: job["when"] for name, job in found.items()} == {
        "registrar-check": "on_success",
        "registrar-compare": "never",
        "registrar-reconcile": "on_success",
        "registrar-register": "never",  # as the page has it, where a tag is pushed
        "train": "on_success",
    }


@pytest.mark.parametrize(
    ("situation", "jobs"),
    [
        pytest.param(MERGE_REQUEST, {"check", "compare"}, id="a merge request"),
        pytest.param(
            PUSH, {"check", "register", "promote", "rollback", "pull", "audit", "reconcile"}, id="the default branch"
        ),
        pytest.param(SCHEDULE, {"pull", "audit", "reconcile"}, id="a schedule"),
        pytest.param(WEBHOOK, {"pull", "reconcile"}, id="a webhook, or another project"),
        pytest.param(BRANCH, set(), id="another branch"),
        pytest.param(TAG, {"pull"}, id="a tag"),
    ],
)
def test_each_job_runs_where_it_belongs(situation: dict[str, str], jobs: set[str], reading: Project) -> None:
    found = reading.listed(EVERYTHING, situation)

    assert {name.removeprefix("registrar-") for name, job in found.items() if job["when"] != "never"} == jobs
    manual = {name for name, job in found.items() if job["when"] == "manual"}
    assert manual == {f"registrar-{name}" for name in ("promote", "rollback") if name in jobs}


@pytest.mark.parametrize(
    ("inputs", "complaint"),
    [
        pytest.param({"command": "chekc"}, "`chekc`", id="a command that there is not"),
        pytest.param({"command": "check", "allow-failure": "perhaps"}, "allow-failure", id="neither yes nor no"),
        pytest.param({"command": "audit", "format": "xml"}, "`xml`", id="a format that there is not"),
        pytest.param({}, "command", id="no command"),
    ],
)
def test_a_wrong_input_is_refused_before_anything_runs(
    inputs: dict[str, object], complaint: str, reading: Project
) -> None:
    ran = reading.run(included(inputs), PUSH)

    assert ran.code != 0
    assert complaint in ran.log
    assert "starting shell" not in ran.log


def test_what_it_becomes_is_as_gitlabs_schema_has_it(reading: Project, tmp_path: Path) -> None:
    names = {"job-prefix": "", "stage": "deploy", "image": "python:3.12", "allow-failure": True}
    ran = reading.run(
        EVERYTHING + included({"command": "check", **names}).removeprefix("include:\n"), PUSH, "--preview"
    )
    file = tmp_path / "expanded.yml"
    file.write_text(ran.out)

    linter = [str(Path(sys.executable).with_name("check-jsonschema")), "--builtin-schema", "vendor.gitlab-ci"]
    done = subprocess.run([*linter, file], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    job = yaml.safe_load(file.read_text())["check"]
    assert (job["stage"], job["image"], job["allow_failure"]) == ("deploy", {"name": "python:3.12"}, True)


def test_nothing_in_it_needs_a_paid_tier_to_be_accepted() -> None:
    """GitLab's widget for metrics is Premium's, and elsewhere the report is kept as a file like any other."""
    _, body = yaml.safe_load_all((ROOT / TEMPLATE).read_text())
    keywords = {keyword for job in body.values() for keyword in job}

    assert keywords <= {
        "extends", "stage", "image", "allow_failure", "variables", "before_script", "script", "artifacts", "rules",
        "interruptible", "resource_group",
    }  # fmt: skip
    assert json.dumps(body).count("secrets") == 0
