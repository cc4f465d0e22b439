"""Knows how arguments find their command, and imports no other command on the way."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

from registrar import __version__
from registrar.arguments import Parser
from registrar.cli import COMMANDS, HIDDEN, MODULES
from registrar.cli.exits import ExitCode, ended

TYPE_CHECKING = False  # as `typing` has it, without the milliseconds that importing `typing` takes
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import NoReturn

    from registrar.cli.command import Command

WIDEST = 100
_NARROWEST = 40


def main(words: Sequence[str] | None = None) -> int:
    """Run the command that the words name; the answer is the exit code."""
    words = sys.argv[1:] if words is None else words
    if words[:1] == ["help"]:
        words = [*words[1:], "--help"]
    return ended(lambda: run_words(words))


def build_parser(load: Collection[str], *, width: int | None = None) -> Parser:
    """Make the parser of these commands; its help names the others too."""
    width = width or _terminal_width()
    formatter = _formatter(width)
    parser = _Parser(
        prog="registrar",
        usage="registrar [--help] [--version] COMMAND ...",
        description=_description(),
        epilog=_example("registrar demo"),
        formatter_class=formatter,
    )
    parser.add_argument("--version", action="version", version=f"registrar {__version__}")
    commands = parser.add_subparsers(
        prog="registrar", metavar="COMMAND", dest="command", required=True, help=argparse.SUPPRESS
    )
    parser.taken.append(commands)
    for name in load:
        command = command_named(name)
        adding = commands.add_parser(
            name,
            help=COMMANDS.get(name, argparse.SUPPRESS),
            description=_filled(command.SUMMARY, width),
            epilog=_example(command.EXAMPLE),
            formatter_class=formatter,
        )
        command.add_arguments(adding)
    return parser


def command_named(name: str) -> Command:
    """Import a command."""
    command: Command = import_module(f"registrar.cli.{MODULES.get(name, name)}")  # a module stands for a Protocol
    return command


def parser_of(name: str) -> Parser:
    """Make the parser of what one command takes."""
    parser = _Parser(prog=f"registrar {name}")
    command_named(name).add_arguments(parser)
    return parser


def run_words(words: Sequence[str]) -> ExitCode:
    """Run the command that the words name. Raises whatever stops it."""
    if not words:
        sys.stderr.write(build_parser([]).format_help())
        return ExitCode.USAGE
    name = words[0]
    known = name in COMMANDS or name in HIDDEN
    if not name.startswith("-") and not known:
        raise _unknown(name)
    parser = build_parser([name] if known else [])
    if not known and not any(option.startswith(name) for option in _options_of(parser)):
        raise _not_taken(parser, name)
    try:
        arguments, unknown = parser.parse_known_args(words)
    except SystemExit as stop:  # the help, or the version
        return ExitCode(int(stop.code or 0))
    if unknown:
        raise _not_taken(parser_of(name), unknown[0])
    return command_named(name).run(arguments)


def _options_of(parser: Parser) -> list[str]:
    return [option for action in parser.taken for option in action.option_strings]


def _not_taken(parser: Parser, word: str) -> Exception:
    from registrar.errors import UsageError
    from registry_schema.spelling import near

    options = {option.lstrip("-"): option for option in _options_of(parser)}
    meant = options.get(near(word.partition("=")[0].lstrip("-"), options) or "")
    kind = "option" if word.startswith("-") else "argument"
    mend = f"did you mean {meant}? See" if meant else "see"
    return UsageError(f"{parser.prog} takes no {kind} {word!r}; {mend} {parser.prog} --help")


def _unknown(name: str) -> Exception:
    from registrar.errors import UsageError
    from registry_schema.spelling import near

    meant = near(name, COMMANDS)
    mend = f"did you mean {meant}?" if meant else "see registrar --help"
    return UsageError(f"there is no command {name!r}; {mend}")


class _Parser(Parser):
    """Refuses in one line, as every other error does."""

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """Refuse what is none of the choices as every other slip is refused."""
        choices = action.choices
        if choices is not None and value not in choices:
            from registrar.core.spelling import did_you_mean

            names = [str(each) for each in choices]
            near = did_you_mean(str(value), names)
            raise argparse.ArgumentError(action, f"{str(value)!r} is not one of {', '.join(names)}{near}")

    def error(self, message: str) -> NoReturn:
        """Say it, and where the help is, to whoever catches it: a job has to be told too."""
        from registrar.errors import UsageError

        mend = " See" if message.endswith("?") else "; see"
        raise UsageError(f"{message}{mend} {self.prog} --help")


def _formatter(width: int) -> type[argparse.HelpFormatter]:
    class Formatter(argparse.RawDescriptionHelpFormatter):
        def __init__(self, prog: str) -> None:
            super().__init__(prog, max_help_position=30, width=width)

    return Formatter


def _terminal_width() -> int:
    try:  # in the order of `shutil.get_terminal_size`, which takes 10 ms to import
        columns = int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return WIDEST
    return max(_NARROWEST, min(WIDEST, columns or WIDEST))  # a pseudo-terminal that nobody sized says 0


def _description() -> str:
    widest = max(map(len, COMMANDS))
    commands = "\n".join(f"  {name:{widest}}  {text}" for name, text in COMMANDS.items())
    return f"Promote machine-learning models by pull request.\n\ncommands:\n{commands}"


def _filled(text: str, width: int) -> str:
    from textwrap import fill

    return fill(text, width)


def _example(text: str) -> str:
    lines = "\n".join(f"  {line}" for line in text.strip().splitlines())
    return f"example:\n{lines}"
