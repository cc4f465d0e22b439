"""Knows how a plan is agreed to: by a person who reads it, or beforehand."""

import sys

from registrar.cli import terminal
from registrar.errors import UsageError


def agreed(question: str) -> bool:
    """Ask whoever sits there. Raises `UsageError` when nobody does."""
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise UsageError("nobody is here to agree: read the plan above, then run it again with --yes")
    terminal.say_text(f"{question} [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().casefold() in {"y", "yes"}
