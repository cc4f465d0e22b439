"""What people do with git: a clone for each, and pushes in their name, by the real program wherever it matters."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pygit2

from committing import committed
from registrar.repository.processes import Credentials
from registrar.sandbox.accounts import Role
from registrar.sandbox.forge import Forge
from registrar.sandbox.git import ABSENT
from registrar.sandbox.git import branch as tip_of
from registrar.sandbox.protection import refs_closed_to
from registrar.sandbox.pushes import Move, record_moves
from registrar.sandbox.store import Repository


@dataclass(frozen=True, slots=True)
class Author:
    """Who commits and pushes."""

    login: str
    token: str
    email: str

    @property
    def signature(self) -> pygit2.Signature:
        """Under a commit that they make now."""
        return pygit2.Signature(self.login, self.email)

    def environment(self, forge: str) -> dict[str, str]:
        """The environment in which git acts as them on the forge at this address."""
        settings = {
            f"http.{forge}/.extraHeader": Credentials(self.login, self.token).header(),
            "maintenance.auto": "false",
            "user.name": self.login,
            "user.email": self.email,
        }
        pairs = {f"GIT_CONFIG_KEY_{number}": key for number, key in enumerate(settings)}
        pairs |= {f"GIT_CONFIG_VALUE_{number}": value for number, value in enumerate(settings.values())}
        return pairs | {"GIT_CONFIG_COUNT": str(len(settings))}


class Checkout:
    """A clone of one repository, as one person has it. Its working tree shows what they last checked out, if at all."""

    def __init__(self, folder: Path, forge: Forge, repository: Repository, *, author: Author) -> None:
        self._folder = folder
        self._forge = forge
        self._repository = repository
        self._author = author
        self._environment = author.environment(forge.url)
        if not folder.exists():
            pygit2.init_repository(str(folder), initial_head="main", origin_url=forge.clone_url(repository))

    def git(self, *arguments: str, **environment: str) -> str:
        return git(self._folder, *arguments, environment=self._environment | environment)

    def written(self, content: str) -> str:
        """The id of a blob that holds this."""
        (self._folder / ".git" / "blob").write_text(content, encoding="utf-8")
        return self.git("hash-object", "-w", ".git/blob").strip()

    def push(self, files: Mapping[str, str | None], *, branch: str, onto: str, message: str) -> str:
        """Commit files onto a branch, or onto nothing, and push it as another; the sha is returned.

        Where nothing holds the push up it costs no process: the real program takes twenty, and nothing here is about
        them. Where something does, it is the real program that is refused.
        """
        clone = pygit2.Repository(str(self._folder))
        origin = clone.remotes.create_anonymous(str(self._repository.path))
        origin.fetch(["+refs/heads/*:refs/remotes/origin/*"])
        tip = str(clone.references[f"refs/remotes/origin/{onto}"].target) if onto else ""
        sha = committed(clone, files, onto=tip, message=message, by=self._author.signature)
        ref = f"refs/heads/{branch}"
        if not self._may_push(ref):
            self.git("push", "--quiet", "--force", "origin", f"{sha}:{ref}")
            return sha
        before = tip_of(self._repository.path, branch) or ABSENT
        if before != sha:
            clone.references.create("refs/pushed", sha, force=True)
            origin.push([f"+refs/pushed:{ref}"])
            account = self._forge.store.account(self._author.login)
            record_moves(self._forge, self._repository, actor=account, moves=[Move(ref, before, sha)])
        return sha

    def _may_push(self, ref: str) -> bool:
        store, repository = self._forge.store, self._repository
        account = store.account(self._author.login)
        has_role = store.role_of(account, repository) >= Role.WRITE and store.account_of_token(self._author.token)
        is_closed = repository.settings.archived or ref in refs_closed_to(self._forge, repository, account)
        return bool(has_role) and not is_closed


def git(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """What git answers; the test fails when it fails."""
    clean = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=clean | dict(environment or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
