"""What people do with git: a working tree for each, and pushes in their name, with the real program."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from registrar.repository.processes import Credentials


@dataclass(frozen=True, slots=True)
class Author:
    """Who commits and pushes."""

    login: str
    token: str
    email: str

    def environment(self, forge: str) -> dict[str, str]:
        """The environment in which git acts as them on the forge at this address."""
        settings = {
            f"http.{forge}/.extraHeader": Credentials(self.login, self.token).header(),
            "user.name": self.login,
            "user.email": self.email,
        }
        pairs = {f"GIT_CONFIG_KEY_{number}": key for number, key in enumerate(settings)}
        pairs |= {f"GIT_CONFIG_VALUE_{number}": value for number, value in enumerate(settings.values())}
        return pairs | {"GIT_CONFIG_COUNT": str(len(settings))}


class Checkout:
    """A working tree of one repository, as one person has it."""

    def __init__(self, folder: Path, *, forge: str, clone_url: str, author: Author) -> None:
        self._folder = folder
        self._environment = author.environment(forge)
        if not folder.exists():
            folder.mkdir()
            self.git("init", "--quiet", "--initial-branch=main")
            self.git("remote", "add", "origin", clone_url)

    def git(self, *arguments: str, **environment: str) -> str:
        return git(self._folder, *arguments, environment=self._environment | environment)

    def written(self, content: str) -> str:
        """The id of a blob that holds this."""
        (self._folder / ".git" / "blob").write_text(content, encoding="utf-8")
        return self.git("hash-object", "-w", ".git/blob").strip()

    def push(self, files: Mapping[str, str | None], *, branch: str, onto: str, message: str) -> str:
        """Commit files onto a branch, or onto nothing, and push it as another; the sha is returned."""
        self.git("fetch", "--quiet", "origin")
        self.git("checkout", "--quiet", "-B", branch, *([f"origin/{onto}"] if onto else []))
        for path, text in files.items():
            target = self._folder / path
            if text is None:
                target.unlink()
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        self.git("push", "--quiet", "--force", "origin", branch)
        return self.git("rev-parse", "HEAD").strip()


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
