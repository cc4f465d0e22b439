"""Run one command as a step of a CI job: the action and the component call this, nobody types it."""

import argparse

from registrar.cli.exits import ExitCode

SUMMARY = "Run the command that REGISTRAR_INPUT_COMMAND names, and tell the job of it."
EXAMPLE = "REGISTRAR_INPUT_COMMAND=check registrar ci"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take nothing: every input is a variable."""


def run(_: argparse.Namespace) -> ExitCode:
    """Run it; the exit code is its own."""
    import os

    from registrar.ci.front import CommandLine, perform
    from registrar.cli.exits import ended
    from registrar.cli.program import parser_of, run_words

    line = CommandLine(parser_of, run_words, ended=lambda attempt: ended(lambda: ExitCode(attempt())))
    return ExitCode(perform(os.environ, line))
