"""Knows real clones of a registry in temporary folders."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PINNED = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "mei",
    "GIT_AUTHOR_EMAIL": "mei@example.org",
    "GIT_COMMITTER_NAME": "mei",
    "GIT_COMMITTER_EMAIL": "mei@example.org",
}


@dataclass(frozen=True, slots=True)
class Checkout:
    """A person's clone, and the bare repository that it came from."""

    folder: Path
    origin: Path

    def git(self, *words: str) -> str:
        done = subprocess.run(["git", "-C", self.folder, *words], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def write(self, files: Mapping[str, str | None]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text, encoding="utf-8")

    def commit(self, files: Mapping[str, str | None], message: str = "Change") -> str:
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    def land(self, files: Mapping[str, str | None], message: str = "Change") -> str:
        """Commit, and push to the branch that says what is true."""
        sha = self.commit(files, message)
        self.git("push", "--quiet", "origin", "HEAD:main")
        return sha


def a_checkout(root: Path, files: Mapping[str, str]) -> Checkout:
    """A clone whose origin holds these files on main."""
    origin, folder = root / "origin.git", root / "checkout"
    init = ["git", "init", "--quiet", "--initial-branch=main"]
    subprocess.run([*init, "--bare", str(origin)], check=True)
    subprocess.run([*init, str(folder)], check=True)
    made = Checkout(folder, origin)
    made.git("remote", "add", "origin", str(origin))
    made.land(files, "Start")
    return made
