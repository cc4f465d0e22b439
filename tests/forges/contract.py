"""What a forge must let a test do, so that every adapter is held to one contract, `test_contract_*.py`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from registrar.core.pipelines import Target
from registrar.core.pull_requests import ReviewState
from registrar.forges.port import Forge

REGISTRY = "acme/registry"
APPLICATION = "acme/digits-ui"  # its pipeline `deploy` titles each run with the input `operation`


class Place(Protocol):
    """A forge on which ana administers the registry, raj writes to it, mei reads it; team acme/ml-admins is ana's.

    `main` of the registry holds one commit. The account of Registrar writes to the registry and to the application.
    """

    @property
    def forge(self) -> Forge:
        """The registry as Registrar's token sees it."""
        ...

    @property
    def registry(self) -> str:
        """What the registry is called here."""
        ...

    @property
    def pipeline(self) -> Target:
        """The application's pipeline."""
        ...

    @property
    def no_pipeline(self) -> Target:
        """A pipeline that does not exist."""
        ...

    @property
    def folder(self) -> Path:
        """Where a clone may lie."""
        ...

    def restarted(self) -> Forge:
        """The registry as Registrar sees it once it has forgotten everything."""
        ...

    def seen_by(self, login: str | None) -> Forge:
        """The registry as the token of an account sees it; None: a token that nobody has."""
        ...

    def push(
        self, login: str, branch: str, files: Mapping[str, str], *, message: str = "Change", author: str = ""
    ) -> str:
        """Commit onto a branch, made from main where it does not exist, and push it. Returns the commit.

        `author` is a name and an address, where it is not the one who pushes.
        """
        ...

    def force(self, login: str, branch: str, sha: str) -> None:
        """Put a branch at a commit, whatever it held; at an empty one, delete it."""
        ...

    def propose(self, login: str, branch: str, *, base: str = "main", title: str = "Promote") -> int:
        """Open a pull request. Returns its number."""
        ...

    def review(self, login: str, number: int, state: ReviewState) -> None:
        """Say something about a pull request as it is."""
        ...

    def write(self, login: str, number: int, body: str) -> int:
        """Comment on a pull request. Returns the id of the comment."""
        ...

    def delete(self, login: str, comment: int) -> None:
        """Take a comment away."""
        ...

    def comments(self, number: int) -> list[tuple[str, str]]:
        """Who wrote what on a pull request, oldest first."""
        ...

    def retarget(self, login: str, number: int, base: str) -> None:
        """Aim a pull request at another branch."""
        ...

    def merge(self, login: str, number: int) -> str:
        """Merge a pull request. Returns the commit that landed."""
        ...

    def close(self, login: str, number: int) -> None:
        """Decline a pull request."""
        ...

    def settle(self) -> None:
        """Wait until every pipeline has ended."""
        ...
