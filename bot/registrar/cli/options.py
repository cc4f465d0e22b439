"""Knows the options that several commands share, each with the variable that stands for it."""

import argparse
import os
from collections.abc import Mapping
from typing import Final

FORGE_OPTIONS: Final[Mapping[str, tuple[str, str, str]]] = {  # option -> variable, metavar, help
    "--base": ("REGISTRAR_BASE", "BRANCH", "the branch that says what is true (default: the remote's default branch)"),
    "--forge": ("REGISTRAR_FORGE", "KIND", "the kind of forge: github or gitlab (default: from its address)"),
    "--forge-url": ("REGISTRAR_FORGE_URL", "URL", "its address (default: from the address of origin)"),
    "--repository": ("REGISTRAR_REPOSITORY", "OWNER/NAME", "the registry on the forge (default: from origin)"),
}


def add_registry_option(parser: argparse.ArgumentParser) -> None:
    """Take the folder of the checkout."""
    parser.add_argument(
        "--registry",
        metavar="DIR",
        default=".",
        help="a checkout of the registry (default: the one around this folder)",
    )


def add_base_option(parser: argparse.ArgumentParser) -> None:
    """Take the name of the base branch."""
    _add_setting(parser, "--base")


def add_server_options(parser: argparse.ArgumentParser) -> None:
    """Take where the forge is, and of which kind, for a command that needs no more of it."""
    for option in ("--forge", "--forge-url"):
        _add_setting(parser, option)


def add_forge_options(parser: argparse.ArgumentParser) -> None:
    """Take what says where the forge is; the token comes from REGISTRAR_TOKEN alone."""
    for option in FORGE_OPTIONS:
        _add_setting(parser, option)


def add_at_option(parser: argparse.ArgumentParser, *, default: str) -> None:
    """Take a point in history."""
    text = f"a commit, a branch, a tag, or a date or moment of the base branch (default: {default})"
    parser.add_argument("--at", metavar="REV", help=text)


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """Take the wish for JSON."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def whole_number(text: str) -> int:
    """What an argument means that is counted. Raises what argparse tells in its own line."""
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from error


def environment_of(arguments: argparse.Namespace) -> dict[str, str]:
    """Put the options given over the variables that stand for them."""
    given = vars(arguments)
    options = {variable: given.get(_name(option)) for option, (variable, _, _) in FORGE_OPTIONS.items()}
    return dict(os.environ) | {variable: value for variable, value in options.items() if value is not None}


def options_given(arguments: argparse.Namespace) -> dict[str, str]:
    """The option by which each variable was given, of those that were."""
    given = vars(arguments)
    return {
        variable: option for option, (variable, _, _) in FORGE_OPTIONS.items() if given.get(_name(option)) is not None
    }


def _add_setting(parser: argparse.ArgumentParser, option: str) -> None:
    variable, metavar, text = FORGE_OPTIONS[option]
    parser.add_argument(option, metavar=metavar, help=f"{text} [{variable}]")


def _name(option: str) -> str:
    return option.removeprefix("--").replace("-", "_")
