"""Every test here runs under a pinned identity and home, against a remote of its own."""

import os
import subprocess
from pathlib import Path

import pytest

from repository.upstream import Upstream


@pytest.fixture(autouse=True)
def _pinned_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "ana",
        "GIT_AUTHOR_EMAIL": "ana@example.org",
        "GIT_AUTHOR_DATE": "2026-03-01T12:00:00+00:00",
        "GIT_COMMITTER_NAME": "ana",
        "GIT_COMMITTER_EMAIL": "ana@example.org",
        "GIT_COMMITTER_DATE": "2026-03-01T12:00:00+00:00",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def upstream(tmp_path: Path) -> Upstream:
    bare, checkout = tmp_path / "upstream.git", tmp_path / "checkout"
    run = ["git", "init", "--quiet", "--initial-branch=main"]
    subprocess.run([*run, "--bare", str(bare)], check=True)
    subprocess.run([*run, str(checkout)], check=True)
    upstream = Upstream(bare, checkout)
    upstream.git("remote", "add", "origin", str(bare))
    return upstream
