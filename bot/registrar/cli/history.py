"""Show who held which status of a model, from when until when, or every change of it, from git alone."""

import argparse
from typing import TYPE_CHECKING

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_at_option, add_base_option, add_json_option, add_registry_option

if TYPE_CHECKING:
    from registrar.repository.snapshot import Snapshot

SUMMARY = (
    "Show which version of a model held which status, from when until when, newest first; or every change of status "
    "with who asked for it. A moment is that of the merge where the ledger tells it, else that of the commit."
)
EXAMPLE = """
registrar history digits
registrar history digits --status Production
registrar history digits --changes
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the model, what of it to show, and where to begin."""
    parser.add_argument("model", metavar="MODEL", help="the model's name")
    parser.add_argument("--status", metavar="STATUS", help="only who held this status")
    parser.add_argument("--changes", action="store_true", help="show every change, and who asked for it")
    add_at_option(parser, default="the base branch as last fetched")
    add_registry_option(parser)
    add_base_option(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print them as they are read, and then what could not be told."""
    from datetime import UTC, datetime
    from itertools import chain, islice

    from registrar.cli import history_lines, terminal
    from registrar.cli.checkout import open_checkout
    from registrar.cli.lookup import known_model
    from registrar.core.audit import Remark

    checkout = open_checkout(arguments)
    registry = checkout.registry(arguments.at)
    with checkout.as_last_fetched(arguments.at):
        model = known_model(registry, arguments.model)
    remarks: list[Remark] = []
    lines = history_lines.tenures(checkout.git, registry.commit, model, status=arguments.status, remarks=remarks)
    first = list(islice(lines, 1))
    if not first:
        terminal.say_aside(f"no version of {model} ever held {_status_meant(registry, arguments.status)}")
    found = chain(first, lines)
    if arguments.json:
        history_lines.say_json(model, found)
    elif arguments.changes:
        history_lines.say_changes(found)
    else:
        history_lines.say_holders(found, now=datetime.now(UTC))
    if remarks:
        terminal.say_error("\n".join(["not all of it can be told:", *map(str, remarks)]))
    return ExitCode.PROBLEMS if remarks else ExitCode.FINE


def _status_meant(registry: "Snapshot", named: str | None) -> str:
    """In words. Raises `Unknown` for one that the rules do not know either, which nothing was found of."""
    from registrar.core.selectors import status_named

    return status_named(registry.registry(), named) if named is not None else "a status beside the first"
