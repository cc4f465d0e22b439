"""Knows how a command runs as one step of a job: what it is told, and what the job is told of it."""

import argparse
import io
import json
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

from registrar.ci.happening import happened
from registrar.ci.inputs import command_in, inputs_in, words_of
from registrar.ci.ledger import bring_ledger
from registrar.ci.outcome import Outcome
from registrar.ci.surroundings import Surroundings, surroundings
from registrar.ci.telling import refused, told
from registrar.observing.redaction import Redaction
from registrar.settings.confidential import confidential


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What a step needs of the command line, which imports this and not the other way round."""

    parser_of: Callable[[str], argparse.ArgumentParser]  # of one command
    run: Callable[[Sequence[str]], int]  # raises whatever stops it
    ended: Callable[[Callable[[], int]], int]  # turns that into an exit code and a line for a person


def perform(environment: MutableMapping[str, str], line: CommandLine) -> int:
    """Run the command that the inputs name, and tell the job of it."""
    around = surroundings(environment)
    read = {name: around.reads(name, value) for name, value in inputs_in(environment).items()}
    inputs = {name: value for name, value in read.items() if value}
    for name, value in _settings(inputs, around).items():
        environment.setdefault(name, value)
    outcomes: list[Outcome] = []

    def attempt() -> int:
        try:
            outcomes.append(_performed(inputs, around, line, environment))
        except Exception as error:
            outcomes.append(refused(inputs.get("command", ""), error, Redaction(confidential(environment))))
            raise
        return outcomes[0].code

    with around.quietly():
        code = line.ended(attempt)
    for outcome in outcomes:
        around.publish(outcome)
    return code


def _performed(
    inputs: Mapping[str, str], around: Surroundings, line: CommandLine, environment: Mapping[str, str]
) -> Outcome:
    command = command_in(inputs)
    given = _completed(command, inputs, around)
    words = words_of(command, given, line.parser_of(command))
    if given.get("format", "json") == "json":
        words.insert(1, "--json")
    if command == "audit":
        bring_ledger(Path(given.get("registry", ".")), environment)
    with redirect_stdout(io.StringIO()) as stream:
        code = line.run(words)
    text = stream.getvalue()
    outcome = told(command, given, code=code, said=json.loads(text) if text and "--json" in words else text)
    if command == "check" and "at" not in given:
        found = happened(Path(given.get("registry", ".")), around.tag)
        outcome = replace(outcome, outputs={**found, **outcome.outputs})
    return outcome


def _settings(inputs: Mapping[str, str], around: Surroundings) -> Mapping[str, str]:
    """What the job knows of the registry, where the inputs do not say that it is elsewhere."""
    known = {"REGISTRAR_FORGE": around.forge}
    if not {"registry", "forge", "forge-url"} & inputs.keys():
        known["REGISTRAR_FORGE_URL"] = around.url
    if not {"registry", "repository", "base"} & inputs.keys():
        known["REGISTRAR_BASE"] = around.default_branch
    return {name: value for name, value in known.items() if value}


def _completed(command: str, inputs: Mapping[str, str], around: Surroundings) -> dict[str, str]:
    """What was asked for, with what a job about a pull request need not say."""
    given = dict(inputs)
    if command == "compare" and "selector" not in given and around.pull_request is not None:
        given.setdefault("pull-request", str(around.pull_request))
        # What is made here is told here, wherever the registry is; a pull request of the registry's knows its base.
        here = {"repository": around.repository, "forge-url": around.url} if "from" in given else {"base": around.base}
        given = {name: value for name, value in here.items() if value} | given
    return given
