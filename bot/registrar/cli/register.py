"""Propose a version: check everything, track its files with DVC, open its pull request."""

import argparse

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_forge_options, add_json_option, add_registry_option

SUMMARY = (
    "Track a version's weights with DVC, push them to the remote, and open the pull request that adds the version. "
    "Everything is checked first; the same command again finds the pull request that it opened."
)
EXAMPLE = """
registrar register digits 1.0.0 --weights model.joblib --metrics metrics.json \\
    --dataset digits@1.0.0=digits.csv --metric accuracy:higher --metric latency:lower:ms
registrar register --from made/version.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the version and what is known of it."""
    parser.add_argument("model", metavar="MODEL", nargs="?", help="the model's name, such as digits or risk/fraud")
    parser.add_argument("version", metavar="VERSION", nargs="?", help="the version's number, such as 1.0.0")
    parser.add_argument(
        "--from",
        metavar="FILE",
        dest="from_file",
        help="a JSON object of these options, with its files beside it, as a training program writes it; "
        "what is given here counts more",
    )
    parser.add_argument("--weights", metavar="FILE", help="the weights")
    parser.add_argument("--metrics", metavar="FILE", help="a JSON object of numbers")
    parser.add_argument("--parameters", metavar="FILE", help="a JSON object: how it was trained")
    parser.add_argument("--dataset", metavar="NAME@VERSION[=FILE]", help="what it was trained on; FILE for a new one")
    parser.add_argument("--description", metavar="TEXT", help="what is new in it")
    parser.add_argument(
        "--model-description", metavar="TEXT", help="for a new model: what it is (default: the model's name)"
    )
    parser.add_argument("--source-repository", metavar="URL", help="the repository of the code that made it")
    parser.add_argument("--source-commit", metavar="SHA", help="and the commit")
    parser.add_argument(
        "--metric",
        metavar="NAME:DIRECTION[:UNIT]",
        action="append",
        default=[],
        help="for a new model: whether higher or lower is better; the first is the primary one",
    )
    add_registry_option(parser)
    add_forge_options(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Register in the name of whoever owns the token."""
    from registrar.cli.registration import files_of, read_wish
    from registrar.cli.wishes import bot_of, say_opened
    from registrar.cli.written_options import with_written_options
    from registrar.core.layout import version_folder
    from registrar.handlers.registration import request_registration

    wish = read_wish(with_written_options(arguments))
    bot = bot_of(arguments)
    files = files_of(bot, wish)
    opened = request_registration(
        bot, model=wish.model, version=wish.version, files=files, requester=bot.forge.myself()
    )
    path = f"{version_folder(wish.model, wish.version)}/{wish.weights.name}"
    facts = {"model": wish.model, "version": wish.version, "path": path, "description": wish.facts.description}
    return say_opened(opened, as_json=arguments.json, **facts)
