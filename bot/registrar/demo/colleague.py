"""A person at work on the forge: what they do there with a mouse, done through its API with their own token."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from registrar.sandbox.forge import DialectName


@dataclass(frozen=True, slots=True)
class Said:
    """A comment under a pull request."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Ran:
    """A run of an application's pipeline."""

    id: int
    title: str
    link: str


class Colleague(Protocol):
    """One account. A repository is named in full, as `acme/registry`."""

    dialect: ClassVar[DialectName]  # what the forge speaks

    @property
    def forge(self) -> str:
        """The address of the forge."""
        ...

    @property
    def login(self) -> str:
        """Their name on the forge."""
        ...

    @property
    def token(self) -> str:
        """What opens the forge and git to them."""
        ...

    @property
    def email(self) -> str:
        """The address that the forge maps to the account."""
        ...

    def comment(self, repository: str, number: int, text: str) -> str:
        """Write under a pull request; return the link."""
        ...

    def approve(self, repository: str, number: int) -> None:
        """Approve what the pull request holds now."""
        ...

    def merge(self, repository: str, number: int) -> str:
        """Merge, and return the commit. Raises `NotAllowed` when the forge says that a status does not let it."""
        ...

    def status(self, repository: str, number: int, context: str) -> tuple[str, str]:
        """What stands under the head in a context: pending, success or failure, and its words. Empty: nothing yet."""
        ...

    def comments(self, repository: str, number: int) -> Sequence[Said]:
        """Everything said under a pull request, oldest first."""
        ...

    def runs(self, repository: str) -> Sequence[Ran]:
        """Every run that a deploy has started."""
        ...
