"""Knows a repository whose models GTO keeps, as a team has it before it moves: tags, annotations, weights in DVC."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gto.api import show

from cli.checkouts import PINNED
from registrar.artifacts.tracking import track

ADDRESS = "https://github.com/acme/churn"
FIRST = 1_772_366_400  # 2026-03-01 12:00 UTC
INDEX = """\
churn: {path: models/churn.pkl, type: model, labels: [risk], description: Says who will leave}
notes: {path: notes.txt, type: model}
rows: {path: rows.csv, type: dataset}
net: {path: nets, type: model}
"""
DVC_INDEX = "artifacts:\n  fraud: {path: fraud.bin, type: model, desc: Says what is none of ours}\n"


@dataclass
class OldRegistry:
    """The repository; every tag is made a minute after the one before it, by ana."""

    folder: Path
    _minutes: int = 0

    def git(self, *words: str, **more: str) -> str:
        people = {"HOME": str(self.folder.parent), **PINNED, **more}
        done = subprocess.run(
            ["git", "-C", self.folder, *words], check=True, capture_output=True, text=True, env=os.environ | people
        )
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str]) -> str:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "Train")
        return self.git("rev-parse", "HEAD")

    def train(self, weights: str) -> str:
        """A commit whose churn.pkl is tracked by DVC, and pushed to its remote."""
        made = self.folder.with_name("churn.pkl")
        made.write_text(weights)
        return self.commit({"models/churn.pkl.dvc": track(made, checkout=self.folder).dvc_text.decode()})

    def tag(self, name: str, commit: str) -> None:
        self._minutes += 1
        when = f"{FIRST + 60 * self._minutes} +0000"
        people = {"GIT_COMMITTER_NAME": "ana", "GIT_COMMITTER_EMAIL": "ana@example.org", "GIT_COMMITTER_DATE": when}
        self.git("tag", "--annotate", "--message", f"Say {name}", name, commit, **people)

    def stages(self, artifact: str) -> Mapping[str, tuple[str, ...]]:
        """What GTO itself shows: the stages of each version."""
        shown: list[dict[str, Any]] = show(str(self.folder), artifact)
        return {each["version"]: tuple(stage["stage"] for stage in each["stages"]) for each in shown}


def an_old_registry(root: Path) -> OldRegistry:
    """Two versions of churn, of which the first is in production and the second in staging; and what cannot come."""
    folder = root / "old"
    folder.mkdir()
    old = OldRegistry(folder)
    old.git("init", "--quiet", "--initial-branch=main")
    old.git("remote", "add", "origin", ADDRESS)
    old.commit(
        {
            "artifacts.yaml": INDEX,
            "notes.txt": "weights that git keeps\n",
            "rows.csv": "1,2\n",
            "nets/b.bin": "the other half\n",
            "nets/a.bin": "one half\n",
            "risk/dvc.yaml": DVC_INDEX,
            "risk/fraud.bin": "weights beside their dvc.yaml\n",
            ".dvc/config": "[core]\n    remote = store\n['remote \"store\"']\n    url = ../../old-storage\n",
        }
    )
    first, second = old.train("weights of 1.0.0\n"), old.train("weights of 1.1.0\n")
    third = old.commit({"notes.txt": "other weights\n"})
    for name, commit in {
        "churn@v1.0.0": first,
        "churn#staging#1": first,
        "churn#prod#2": first,
        "churn#staging!#3": first,
        "notes@v0.1.0": first,
        "net@v0.1.0": first,
        "risk=fraud@v0.1.0": first,
        "churn@v1.1.0": second,
        "churn#staging#4": second,
        "churn@v1.2.0": third,
        "churn@v1.2.0!#5": third,
        "rows@v1.0.0": second,
        "older@v1.0.0": first,
        "older@deprecated": first,
    }.items():
        old.tag(name, commit)
    return old
