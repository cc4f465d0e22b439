"""Knows a sandbox forge that holds a registry, and a person's clone of it."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.checkouts import Checkout
from registrar.repository.processes import Credentials
from registrar.sandbox import Sandbox
from registrar.sandbox.forge import DialectName

REGISTRY = "acme/registry"


@dataclass(frozen=True, slots=True)
class Town:
    """The forge, and mei's clone; mei may write."""

    sandbox: Sandbox
    checkout: Checkout
    tokens: Mapping[str, str]

    def land(self, files: Mapping[str, str | None]) -> None:
        """Commit to main as ana, who may."""
        self.checkout.commit(files)
        header = Credentials("ana", self.tokens["ana"]).header()
        self.checkout.git(
            "-c", f"http.{self.sandbox.url}/.extraHeader={header}", "push", "--quiet", "origin", "HEAD:main"
        )

    def branches(self) -> list[str]:
        """What the forge holds."""
        listed = self._bare("for-each-ref", "--format=%(refname:short)", "refs/heads")
        return sorted(listed.split())

    def read(self, branch: str, path: str) -> str:
        """A file as the forge holds it."""
        return self._bare("show", f"{branch}:{path}")

    def log(self, branch: str) -> str:
        """The messages of a branch beyond main."""
        return self._bare("log", "--format=%B", f"main..{branch}")

    def changed(self, branch: str) -> list[str]:
        """The files that a branch changes."""
        return self._bare("diff", "--name-only", f"main...{branch}").split()

    def _bare(self, *words: str) -> str:
        bare = self.checkout.origin
        return subprocess.run(["git", "-C", str(bare), *words], check=True, capture_output=True, text=True).stdout


@contextmanager
def a_town(root: Path, files: Mapping[str, str], *, dialect: DialectName = "github") -> Iterator[Town]:
    """A forge whose registry holds these files on main, where mei may write and eve may only read."""
    with Sandbox.serve(root / "forge", dialect=dialect) as sandbox:
        sandbox.add_organization("acme")
        accounts = {login: sandbox.add_user(login) for login in ("mei", "eve", "ana")}
        repository = sandbox.add_repository(REGISTRY)
        sandbox.grant(REGISTRY, "mei", "write")
        sandbox.grant(REGISTRY, "eve", "read")
        sandbox.grant(REGISTRY, "ana", "admin")
        folder = root / "checkout"
        subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(folder)], check=True)
        checkout = Checkout(folder, repository.path)
        address = f"{sandbox.url}/{REGISTRY}.git"
        checkout.git("remote", "add", "origin", address)
        town = Town(sandbox, checkout, {login: account.token for login, account in accounts.items()})
        town.land(files)
        yield town
