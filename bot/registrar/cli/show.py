"""Show models, the versions of one, or the facts of one version, as a commit has them."""

import argparse

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_at_option, add_base_option, add_json_option, add_registry_option

SUMMARY = (
    "Show of every model who holds which status and which version is the newest; "
    "with a model all of its versions, with a selector everything known of one version."
)
EXAMPLE = """
registrar show
registrar show digits
registrar show digits@Production --at v2026.1
registrar show --at 2026-03-01
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to show, and the point in history."""
    parser.add_argument("target", metavar="MODEL|SELECTOR", nargs="?", help="digits, digits@2.1.0 or digits@Production")
    add_at_option(parser, default="the base branch as last fetched")
    add_registry_option(parser)
    add_base_option(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print what is there."""
    from registrar.cli import views
    from registrar.cli.checkout import open_checkout
    from registrar.cli.lookup import known_model, version_meant

    checkout = open_checkout(arguments)
    registry = checkout.registry(arguments.at)
    target = arguments.target
    with checkout.as_last_fetched(arguments.at):
        if target is None:
            views.say_models(registry, as_json=arguments.json)
        elif "@" in target or "#" in target:
            views.say_version(registry, *version_meant(registry, target), as_json=arguments.json)
        else:
            views.say_versions(registry, known_model(registry, target), as_json=arguments.json)
    return ExitCode.FINE
