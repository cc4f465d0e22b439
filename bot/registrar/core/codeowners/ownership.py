"""Knows what it means to own a path, in whichever language a forge writes it down."""

from dataclasses import dataclass


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
