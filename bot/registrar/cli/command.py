"""Knows what the module of a command holds."""

import argparse
from typing import Protocol

from registrar.cli.exits import ExitCode


class Command(Protocol):
    """A module of this folder that the table of commands names."""

    SUMMARY: str
    EXAMPLE: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Say what the command takes."""
        ...

    def run(self, arguments: argparse.Namespace) -> ExitCode:
        """Do it."""
        ...
