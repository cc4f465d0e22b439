"""Propose to give a status back to the version that held it before: ask, say where the pull request is."""

import argparse

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_forge_options, add_json_option, add_registry_option

SUMMARY = "Open the pull request that gives a status back to the version that held it before, as git history tells it."
EXAMPLE = "registrar rollback digits\nregistrar rollback digits --status Staging"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the model, and the status when it is not the strictest."""
    parser.add_argument("model", metavar="MODEL", help="the model's name")
    parser.add_argument("--status", metavar="STATUS", help="the status (default: the strictest, such as Production)")
    add_registry_option(parser)
    add_forge_options(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Ask for the rollback in the name of whoever owns the token."""
    from registrar.cli.lookup import known_model
    from registrar.cli.wishes import bot_of, registry_of, say_opened
    from registrar.handlers.rollback import request_rollback
    from registrar.repository.described import described

    bot = bot_of(arguments)
    registry = registry_of(bot)
    model = known_model(registry, arguments.model)
    opened = request_rollback(bot, model=model, status=arguments.status, requester=bot.forge.myself())
    facts = described(registry, model, opened.gives.version) if opened.gives is not None else {}
    return say_opened(opened, as_json=arguments.json, **facts)
