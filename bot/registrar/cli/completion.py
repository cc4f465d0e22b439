"""Print the completion script of a shell, made from the parser itself."""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from registrar.cli.exits import ExitCode

if TYPE_CHECKING:
    from registrar.arguments import Parser

SUMMARY = "Print what teaches a shell to complete registrar's commands and options."
EXAMPLE = "registrar completion bash > ~/.local/share/bash-completion/completions/registrar"

_FILES = {"bash": "_shtab_compgen_files", "zsh": "_files", "tcsh": "f"}
_FOLDERS = {"bash": "_shtab_compgen_dirs", "zsh": "_files -/", "tcsh": "d"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the shell."""
    parser.add_argument("shell", metavar="SHELL", choices=("bash", "zsh", "tcsh"), help="bash, zsh or tcsh")


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the script."""
    import shtab

    from registrar.cli import COMMANDS, terminal
    from registrar.cli.program import build_parser

    parser = build_parser(COMMANDS)
    _complete_paths(parser)
    terminal.say_text(shtab.complete(parser, shell=arguments.shell))
    return ExitCode.FINE


def _complete_paths(parser: "Parser") -> None:
    for action in parser.taken:
        if isinstance(action.choices, Mapping):
            action.help = "a command"  # its help is in the description; what has none, shtab leaves out
            for command in action.choices.values():
                _complete_paths(command)
        elif action.metavar in {"FILE", "DIR"}:
            action.complete = _FILES if action.metavar == "FILE" else _FOLDERS  # type: ignore[attr-defined] # shtab's way
