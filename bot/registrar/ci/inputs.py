"""Knows how the inputs of a job become the words of a command; they come as variables, never inside a script.

A command takes the inputs that its own parser takes: an option by its name, what stands without one by what its help
calls it. Nothing that an input holds can pass for another option.
"""

import argparse
import re
from collections.abc import Iterator, Mapping

from registrar.arguments import Parser
from registrar.core.spelling import did_you_mean
from registrar.errors import UsageError

PREFIX = "REGISTRAR_INPUT_"
COMMANDS = ("check", "compare", "register", "promote", "rollback", "pull", "audit", "reconcile")

_NAME = re.compile("[A-Z]+")
_CLAIMS = {"true": True, "false": False}
_NOT_INPUTS = {"help", "json"}
_NOT_OF_COMMANDS = {"command", "dvc"}  # the second is for whoever installs


def inputs_in(environment: Mapping[str, str]) -> dict[str, str]:
    """Every input that was given, by its name; one that is empty was not."""
    named = ((name.removeprefix(PREFIX), value) for name, value in environment.items() if name.startswith(PREFIX))
    return {name.lower().replace("_", "-"): value for name, value in named if value.strip()}


def command_in(inputs: Mapping[str, str]) -> str:
    """Which command is wanted. Raises `UsageError`."""
    command = inputs.get("command", "").strip()
    if command not in COMMANDS:
        near = did_you_mean(command, COMMANDS)
        raise UsageError(f"command is {command!r}: it must be one of {', '.join(COMMANDS)}{near}")
    return command


def inputs_of(parser: Parser) -> dict[str, argparse.Action]:
    """What the command takes, by the name of the input."""
    actions = ((_name(action), action) for action in parser.taken)
    return {name: action for name, action in actions if name and name not in _NOT_INPUTS}


def words_of(command: str, inputs: Mapping[str, str], parser: Parser) -> list[str]:
    """The words of the command line. Raises `UsageError` for an input that the command does not take, or not so."""
    taken = inputs_of(parser)
    given = {name: value for name, value in inputs.items() if name not in _NOT_OF_COMMANDS}
    unknown = next((name for name in given if name not in taken), None)
    if unknown is not None:
        mend = did_you_mean(unknown, taken) or f"; it takes {', '.join(sorted(taken))}"
        raise UsageError(f"{command} takes no input {unknown!r}{mend}")
    options = [
        word for name, value in given.items() if taken[name].option_strings for word in _option(name, value, taken)
    ]
    positional = [given[name] for name, action in taken.items() if not action.option_strings and name in given]
    return [command, *options, *(["--", *positional] if positional else [])]


def _name(action: argparse.Action) -> str:
    if action.option_strings:
        return next((each for each in action.option_strings if each.startswith("--")), "").removeprefix("--")
    metavar = action.metavar if isinstance(action.metavar, str) else ""
    return metavar.lower() if _NAME.fullmatch(metavar) else ""


def _option(name: str, value: str, taken: Mapping[str, argparse.Action]) -> Iterator[str]:
    action = taken[name]
    if action.nargs == 0:
        if value.strip().lower() not in _CLAIMS:
            raise UsageError(f"{name} is {value!r}: it must be true or false")
        yield from [f"--{name}"] if _CLAIMS[value.strip().lower()] else []
    elif isinstance(action.default, list):
        yield from (f"--{name}={line.strip()}" for line in value.splitlines() if line.strip())
    else:
        yield f"--{name}={value}"
