"""Propose a status for a version: resolve it, ask, say where the pull request is."""

import argparse

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_forge_options, add_json_option, add_registry_option

SUMMARY = (
    "Open the pull request that gives a version a status, or find the one that is open already. "
    "What the rules forbid is refused before anything is written."
)
EXAMPLE = "registrar promote digits@2.1.0 to Production"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the version and the status."""
    parser.add_argument("selector", metavar="SELECTOR", help="digits@2.1.0, digits@latest or digits@Staging")
    parser.add_argument("words", metavar="to STATUS", nargs="*", help="the status wanted")
    parser.add_argument("--to", metavar="STATUS", help="the same, as an option")
    add_registry_option(parser)
    add_forge_options(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Ask for the promotion in the name of whoever owns the token."""
    from registrar.cli.lookup import version_meant
    from registrar.cli.wishes import bot_of, registry_of, say_opened
    from registrar.core.selectors import parse_selector
    from registrar.handlers.promotion import request_promotion
    from registrar.repository.described import described

    status = _status(arguments.selector, arguments.words, arguments.to)
    selector = parse_selector(arguments.selector)
    bot = bot_of(arguments)
    registry = registry_of(bot)
    model, version = version_meant(registry, selector)
    opened = request_promotion(bot, model=model, version=version, status=status, requester=bot.forge.myself())
    return say_opened(opened, as_json=arguments.json, **described(registry, model, version))


def _status(selector: str, words: list[str], option: str | None) -> str:
    from registrar.errors import UsageError

    match words, option:
        case [], str(status):
            return status
        case ["to", status], None:
            return str(status)
        case _:
            named = [word for word in (*words, option or "") if word not in {"", "to"}]
            wanted = named[-1] if named else "Production"
            raise UsageError(f"say which status, once: registrar promote {selector} to {wanted}")
