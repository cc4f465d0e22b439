"""Knows a parser of arguments that tells what it takes: argparse itself keeps that to itself."""

from __future__ import annotations

import argparse

TYPE_CHECKING = False  # as `typing` has it, without the milliseconds that importing `typing` takes
if TYPE_CHECKING:
    from typing import Any


class Parser(argparse.ArgumentParser):
    """Remembers each argument and option that was added to it, and not by way of a group; so does each command's."""

    def __init__(self, *words: Any, **settings: Any) -> None:
        """As every parser is made, which adds its `--help` at once."""
        self.taken: list[argparse.Action] = []
        super().__init__(*words, **settings)

    def add_argument(self, *names: str, **settings: Any) -> argparse.Action:
        """Add it, and remember it."""
        action = super().add_argument(*names, **settings)
        self.taken.append(action)
        return action
