"""What people do with git: a clone for each, and pushes in their name, with the real program."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pygit2

from committing import committed
from registrar.repository.processes import Credentials


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

    def __init__(self, folder: Path, *, source: Path, forge: str, clone_url: str, author: Author) -> None:
        self._folder = folder
        self._source = source  # where the forge keeps it
        self._author = author
        self._environment = author.environment(forge)
        if not folder.exists():
            pygit2.init_repository(str(folder), initial_head="main", origin_url=clone_url)

    def git(self, *arguments: str, **environment: str) -> str:
        return git(self._folder, *arguments, environment=self._environment | environment)

    def written(self, content: str) -> str:
        """The id of a blob that holds this."""
        (self._folder / ".git" / "blob").write_text(content, encoding="utf-8")
        return self.git("hash-object", "-w", ".git/blob").strip()

    def push(self, files: Mapping[str, str | None], *, branch: str, onto: str, message: str) -> str:
        """Commit files onto a branch, or onto nothing, and push it as another; the sha is returned.

        Only the push is the real program's: what comes before it costs six processes, and nothing here is about them.
        """
        clone = pygit2.Repository(str(self._folder))
        clone.remotes.create_anonymous(str(self._source)).fetch(["+refs/heads/*:refs/remotes/origin/*"])
        tip = str(clone.references[f"refs/remotes/origin/{onto}"].target) if onto else ""
        sha = committed(clone, files, onto=tip, message=message, by=self._author.signature)
        self.git("push", "--quiet", "--force", "origin", f"{sha}:refs/heads/{branch}")
        return sha


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
