"""What the action takes and gives is what the commands take and tell, and the documentation says all of it."""

from collections.abc import Mapping

import pytest
import yaml

from action.jobs import ACTION
from action.lean import ROOT
from registrar.ci.inputs import COMMANDS, PREFIX, inputs_of
from registrar.ci.outcome import OUTPUTS
from registrar.cli.program import parser_of
from registrar.settings import TOKENS

ITS_OWN = {"command", "token", "dvc"}
PAGE = (ROOT / "docs/github-action.md").read_text()
READ: Mapping[str, Mapping[str, Mapping[str, str]]] = yaml.safe_load(ACTION.read_text())


def test_every_option_of_every_command_is_an_input() -> None:
    taken = {name for command in COMMANDS for name in inputs_of(parser_of(command))}

    assert set(READ["inputs"]) == taken | ITS_OWN


def test_every_input_reaches_the_command_as_a_variable() -> None:
    [_, last] = yaml.safe_load(ACTION.read_text())["runs"]["steps"]

    passed = {name: text for name, text in last["env"].items() if name.startswith(PREFIX)}

    inputs = READ["inputs"].keys() - {"token", "dvc"}
    assert passed == {f"{PREFIX}{name.upper().replace('-', '_')}": f"${{{{ inputs.{name} }}}}" for name in inputs}


def test_the_token_of_the_job_goes_by_a_name_that_no_gitlab_is_told() -> None:
    [_, last] = yaml.safe_load(ACTION.read_text())["runs"]["steps"]

    named = {name for name, text in last["env"].items() if "github.token" in text}

    assert named == {"GITHUB_TOKEN"} <= {*TOKENS["github"]} - {*TOKENS["gitlab"]}
    assert "default" not in READ["inputs"]["token"]


def test_every_output_is_what_the_command_tells() -> None:
    assert {name: each["value"] for name, each in READ["outputs"].items()} == {
        name: f"${{{{ steps.registrar.outputs.{name} }}}}" for name in OUTPUTS
    }


@pytest.mark.parametrize("kind", ["inputs", "outputs"])
def test_the_page_says_of_each_what_the_action_says(kind: str) -> None:
    rows = [f"| `{name}` | {' '.join(each['description'].split())} |" for name, each in READ[kind].items()]

    assert [row for row in rows if row not in PAGE] == []
