"""Knows how a command runs as one step of a job: what it is told, and what the job is told of it."""

import io
import json
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

from registrar.arguments import Parser
from registrar.ci.happening import happened
from registrar.ci.inputs import command_in, inputs_in, words_of
from registrar.ci.ledger import bring_ledger
from registrar.ci.outcome import Outcome
from registrar.ci.surroundings import Surroundings, surroundings
from registrar.ci.telling import refused, told
from registrar.errors import NoRegistry
from registrar.observing.redaction import Redaction
from registrar.repository.git import GitRepository
from registrar.repository.revisions import origin_address
from registrar.settings.confidential import confidential


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What a step needs of the command line, which imports this and not the other way round."""

    parser_of: Callable[[str], Parser]  # of one command
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
            with _of_fork(inputs, around):
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


@contextmanager
def _of_fork(inputs: Mapping[str, str], around: Surroundings) -> Iterator[None]:
    """Say of a registry that is not here, where nobody from a fork can bring it, why that is and who can."""
    try:
        yield
    except NoRegistry as error:
        if not around.fork_of:
            raise
        why = str(error).partition(";")[0]  # what follows is no advice to somebody with a fork
        raise NoRegistry(
            f"registrar {inputs.get('command', '')} is left out: this is proposed from a fork, whose jobs get no "
            f"secret, so none of them reads a registry that is private; whoever may write to {around.fork_of} can push "
            f"the branch there and propose it from there, or the registry can be made public ({why})"
        ) from error


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
    if command == "check" and "at" not in given and _has_happened(around, environment):
        found = happened(Path(given.get("registry", ".")), around.tag)
        outcome = replace(outcome, outputs={**found, **outcome.outputs})
    return outcome


def _has_happened(around: Surroundings, environment: Mapping[str, str]) -> bool:
    """Whether what is checked out is true: on a tag, or on the base branch; anything else is what somebody proposes."""
    base = environment.get("REGISTRAR_BASE", "").strip() or around.default_branch
    return bool(around.tag) or (around.pull_request is None and around.branch == base != "")


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
    given, number = dict(inputs), str(around.pull_request or "")
    if command != "compare" or not number or {"selector", "at"} & given.keys():
        return given
    if "from" in given:  # what is made here is told here, wherever the registry is
        here = {"repository": around.repository, "forge-url": around.url}
    elif given.get("pull-request", number) == number and _is_of_registry(given, around):
        here = {"base": around.base}  # a pull request of the registry's knows it
    else:
        return given
    known = {"pull-request": number, **here}
    return {name: value for name, value in known.items() if value} | given


def _is_of_registry(given: Mapping[str, str], around: Surroundings) -> bool:
    address = origin_address(GitRepository.of_checkout(Path(given.get("registry", ".")))) or ""
    return around.is_of(address, repository=given.get("repository", ""))
