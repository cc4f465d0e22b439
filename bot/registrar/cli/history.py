"""Show who held which status of a model, from when until when, or every change of it, from git alone."""

import argparse

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_at_option, add_base_option, add_json_option, add_registry_option

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

    from registrar.cli import history_lines, terminal
    from registrar.cli.checkout import open_checkout
    from registrar.cli.lookup import known_model
    from registrar.core.audit import Remark

    checkout = open_checkout(arguments)
    registry = checkout.registry(arguments.at)
    with checkout.as_last_fetched(arguments.at):
        model = known_model(registry, arguments.model)
    remarks: list[Remark] = []
    found = history_lines.tenures(checkout.git, registry.commit, model, status=arguments.status, remarks=remarks)
    if arguments.json:
        history_lines.say_json(model, found)
    elif arguments.changes:
        history_lines.say_changes(found)
    else:
        history_lines.say_holders(found, now=datetime.now(UTC))
    if remarks:
        terminal.say_error("\n".join(["not all of it can be told:", *map(str, remarks)]))
    return ExitCode.PROBLEMS if remarks else ExitCode.FINE
