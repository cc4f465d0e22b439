"""How the demo tells what happens: a step, what came of it, and where to look."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from registrar.errors import RegistrarError

_Found = TypeVar("_Found")
PATIENCE = 300.0  # seconds; a sound machine needs one or two, and one that is busy with much else a hundred
_ESCAPE = re.compile(r"\\([\W_])")  # of Markdown, which a terminal does not render
_STYLES = {"bold": "1", "green": "32", "red": "31", "faint": "2"}


class Disappointed(RegistrarError):
    """A step did not do what it says."""


@dataclass(slots=True)
class Narrator:
    """Numbers the steps, and prints them as they happen."""

    started: float = field(default_factory=time.monotonic)
    steps: int = 0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Announce a step, and say when it is not what it was to be."""
        self.steps += 1
        _print(f"\n{_styled(f'{self.steps:2}. {title}', 'bold')}")
        try:
            yield
        except RegistrarError as error:
            _print(f"    {_styled('✗', 'red')} {error}")
            raise

    def saw(self, text: str, link: str = "") -> None:
        """Say what came of it."""
        _print(f"    {_styled('✓', 'green')} {text}")
        if link:
            _print(f"      {_styled(link, 'faint')}")

    def show(self, text: str) -> None:
        """Quote what a person would see."""
        for line in _ESCAPE.sub(r"\1", text).strip().splitlines():
            _print(f"      {_styled('│', 'faint')} {line}")

    def say(self, text: str) -> None:
        """Say something between the steps."""
        _print(text)

    @property
    def seconds(self) -> float:
        """Since the demo began."""
        return time.monotonic() - self.started


def wait_for(what: str, look: Callable[[], _Found | None]) -> _Found:
    """Look until something is there. Raises `Disappointed` when it does not come."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found is not None:
            return found
        time.sleep(0.1)
    raise Disappointed(f"{what} did not happen within {PATIENCE:.0f} seconds")


def expect(claim: bool, otherwise: str) -> None:  # noqa: FBT001 # reads as the sentence it is
    """Go on only if the claim holds."""
    if not claim:
        raise Disappointed(otherwise)


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201 # the demo speaks to a person


def _styled(text: str, style: str) -> str:
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if sys.stdout.isatty() else text
