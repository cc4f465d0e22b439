"""The inputs of a job become the words of a command, and none of them becomes more than it is."""

import pytest

from registrar.ci.inputs import COMMANDS, command_in, inputs_in, inputs_of, words_of
from registrar.cli.program import parser_of
from registrar.errors import UsageError


def words(command: str, **inputs: str) -> list[str]:
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    return words_of(command, given, parser_of(command))


def test_an_input_is_a_variable_and_an_empty_one_is_none() -> None:
    environment = {
        "REGISTRAR_INPUT_FORGE_URL": "https://example.org",
        "REGISTRAR_INPUT_AT": " ",
        "REGISTRAR_TOKEN": "t",
    }

    assert inputs_in(environment) == {"forge-url": "https://example.org"}


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        pytest.param(
            {"selector": "digits@latest", "to": "Production"}, ["--to=Production", "--", "digits@latest"], id="both"
        ),
        pytest.param({"selector": "--registry=/etc", "to": "-x"}, ["--to=-x", "--", "--registry=/etc"], id="no option"),
    ],
)
def test_what_an_input_holds_is_never_an_option(inputs: dict[str, str], expected: list[str]) -> None:
    assert words("promote", **inputs) == ["promote", *expected]


def test_positional_inputs_keep_the_order_of_the_command() -> None:
    assert words("compare", baseline="1.0.0", selector="digits@2.0.0") == ["compare", "--", "digits@2.0.0", "1.0.0"]


def test_an_input_that_holds_a_list_has_one_a_line() -> None:
    assert words("register", model="digits", metric="accuracy:higher\n\n latency:lower:ms \n") == [
        "register",
        "--metric=accuracy:higher",
        "--metric=latency:lower:ms",
        "--",
        "digits",
    ]


@pytest.mark.parametrize(("value", "expected"), [("true", ["--comment"]), ("True", ["--comment"]), ("false", [])])
def test_a_switch_is_true_or_false(value: str, expected: list[str]) -> None:
    assert words("compare", comment=value) == ["compare", *expected]


@pytest.mark.parametrize(
    ("command", "inputs", "line"),
    [
        pytest.param(
            "check", {"regsitry": "x"}, "check takes no input 'regsitry'; did you mean registry?", id="misspelt"
        ),
        pytest.param("compare", {"comment": "yes"}, "comment is 'yes': it must be true or false", id="switch"),
        pytest.param(
            "check", {"selector": "a@1.0.0"}, "check takes no input 'selector'; it takes at, registry", id="not its own"
        ),
        pytest.param("check", {"json": "true"}, "check takes no input 'json'; it takes at, registry", id="ours"),
    ],
)
def test_an_input_that_cannot_be_is_refused(command: str, inputs: dict[str, str], line: str) -> None:
    with pytest.raises(UsageError) as refusal:
        words(command, **inputs)

    assert str(refusal.value) == line


@pytest.mark.parametrize("command", ["", "serve", "check --at x", "demo"])
def test_only_these_commands_can_be_named(command: str) -> None:
    with pytest.raises(UsageError, match="it must be one of check, compare"):
        command_in({"command": command})


def test_a_command_that_is_misspelt_is_offered_as_it_was_meant() -> None:
    with pytest.raises(UsageError, match=r"did you mean check\?"):
        command_in({"command": "chekc"})


@pytest.mark.parametrize("command", COMMANDS)
def test_every_input_of_a_command_can_be_given(command: str) -> None:
    parser = parser_of(command)
    given = {name: "true" if action.nargs == 0 else "1" for name, action in inputs_of(parser).items()}

    assert given
    assert words_of(command, given, parser)[0] == command
