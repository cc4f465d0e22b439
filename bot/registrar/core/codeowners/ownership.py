"""Knows what it means to own a path, in whichever language a forge writes it down."""

from dataclasses import dataclass
from typing import Protocol

from registry_schema import Problem


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who owns a path, as written (`@ana`, `@acme/ml`, `ana@example.com`), and which line says so.

    No owners: the line takes the path away from everyone.
    """

    owners: tuple[str, ...]
    line: int
    file: str

    @property
    def source(self) -> str:
        """`CODEOWNERS:3`."""
        return f"{self.file}:{self.line}"


class Codeowners(Protocol):
    """A file that says who owns which path, and what is wrong with it."""

    @property
    def file(self) -> str:
        """Where it stands."""
        ...

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the forge cannot use, or would not use as it was meant."""
        ...

    def owners_of(self, path: str) -> Ownership | None:
        """Who owns the path, and which line says so; None when no line speaks of it."""
        ...
