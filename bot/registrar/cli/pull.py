"""Fetch an artifact of a version: resolve the selector, fetch from the DVC remote, verify, say what came."""

import argparse

from registrar.cli.exits import ExitCode
from registrar.cli.options import add_at_option, add_base_option, add_json_option, add_server_options

SUMMARY = (
    "Fetch the weights of a version from the DVC remote into a folder, and verify them by their hash. "
    "The registry is a checkout, or an address. The token of the settings is sent to the forge alone: that of "
    "--forge-url, or else that whose job runs this, or else github.com or gitlab.com."
)
EXAMPLE = """
registrar pull digits@Production -o weights
registrar pull digits@2.1.0 -o weights --registry https://github.com/acme/registry.git
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the version, the folder and the registry."""
    parser.add_argument("selector", metavar="SELECTOR", help="digits@2.1.0, digits@latest or digits@Production")
    parser.add_argument("-o", "--output", metavar="DIR", required=True, help="the folder to fetch into")
    parser.add_argument(
        "--artifact", metavar="NAME", default="weights", help="which artifact of the version (default: weights)"
    )
    parser.add_argument(
        "--registry", metavar="DIR|URL", default=".", help="a checkout, or an address (default: the one around this)"
    )
    add_at_option(parser, default="the base branch")
    add_base_option(parser)
    add_server_options(parser)
    add_json_option(parser)


def run(arguments: argparse.Namespace) -> ExitCode:
    """Fetch, verify, print path, hash and size."""
    from pathlib import Path

    from registrar.artifacts.pulling import pull
    from registrar.cli import terminal
    from registrar.cli.lookup import artifact_named, version_meant
    from registrar.cli.sources import opened
    from registrar.core.selectors import parse_selector
    from registrar.settings import usable

    selector = parse_selector(arguments.selector)
    with opened(arguments) as source:
        with source.known(arguments.at):
            model, version = version_meant(source.registry, selector)
        artifact = artifact_named(source.registry, model, version, arguments.artifact)
        remote = source.remote()
        terminal.say_progress(f"fetching {artifact.path} of {model} {version} from {remote}")
        with usable(f"--output {arguments.output}", mend="choose a folder that can be written"):
            [path] = pull([artifact], remote=remote, into=Path(arguments.output))
        commit = source.registry.commit
    facts = {"model": model, "version": version, "path": str(path), "hash": artifact.hash, "size": artifact.size}
    if arguments.json:
        terminal.say_json({**facts, "commit": commit})
    else:
        terminal.say(f"{model} {version}: {path} ({artifact.hash}, {artifact.size} bytes)")
    return ExitCode.FINE
