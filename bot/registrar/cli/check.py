"""Find every problem in a registry's files: read them, print each with its place and its mend."""

import argparse
from typing import TYPE_CHECKING

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_json_option, add_registry_option, environment_of

if TYPE_CHECKING:
    from registrar.repository.git import GitRepository
    from registrar.repository.snapshot import Snapshot

SUMMARY = (
    "Check every file of a registry and its CODEOWNERS, as they lie in the checkout, committed or not. "
    "Each problem is printed with its file, its line and its mend; the exit code is 1 when there is any."
)
EXAMPLE = "registrar check"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the checkout, and a commit when its files are meant instead."""
    add_registry_option(parser)
    parser.add_argument("--at", metavar="REV", help="check a commit, a branch or a tag instead of the files here")
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print every problem."""
    from pathlib import Path

    from registrar.cli import terminal
    from registrar.cli.ownership import ownership_problems
    from registrar.repository.checkout import tree_of_files
    from registrar.repository.git import GitRepository
    from registrar.repository.revisions import revision
    from registrar.repository.snapshot import snapshot

    git = GitRepository.of_checkout(Path(arguments.registry))
    seen = tree_of_files(git) if arguments.at is None else revision(git, arguments.at)
    registry = snapshot(git, seen)
    named = environment_of(arguments).get("REGISTRAR_FORGE", "").strip()
    problems = (*registry.problems(), *ownership_problems(registry, named=named, likely=_likely_forge(git)))
    if arguments.json:
        terminal.say_json(
            [
                {"path": problem.path, "line": problem.line, "message": problem.message, "mend": problem.mend}
                for problem in problems
            ]
        )
    else:
        for problem in problems:
            terminal.say(str(problem))
        terminal.say(f"{_counted(len(problems), 'problem')} found in {_looked_at(registry)}")
    return ExitCode.PROBLEMS if problems else ExitCode.FINE


def _likely_forge(git: "GitRepository") -> str:
    from registrar.addresses import forge_at, origin_of
    from registrar.repository.revisions import origin_address

    origin = origin_of(origin_address(git) or "")
    return forge_at(origin.forge_url if origin else "")


def _looked_at(registry: "Snapshot") -> str:
    models = registry.models()
    versions = sum(len(registry.versions(model)) for model in models)
    datasets = len(registry.datasets())
    if not models and not datasets:
        return "the rules; there is no model yet"
    return f"{_counted(len(models), 'model')}, {_counted(versions, 'version')}, {_counted(datasets, 'dataset')}"


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number in {0, 1} else 's'}"
