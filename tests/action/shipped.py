"""Knows every pipeline that we ship or generate, and of which kind each is: found by what it holds, not by a list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from registrar.cli.scaffold import Wishes, write_scaffold

ROOT = Path(__file__).parents[2]
ACTION, WORKFLOW, GITLAB = "an action", "a workflow", "a pipeline of GitLab's"

_LOOKED_INTO = (".github", "deploy", "examples", "templates")
_OTHERS = {"kind", "groups", "repos"}  # a manifest, rules of alerts, hooks before a commit
_JOB = {"script", "trigger", "extends"}


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One file, and what reads it."""

    path: Path
    kind: str


def shipped(folder: Path) -> Iterator[Pipeline]:
    """Those of this repository, and those that `registrar init` writes into the folder."""
    looked_into = [*ROOT.glob("*.y*ml"), *(file for each in _LOOKED_INTO for file in (ROOT / each).rglob("*.y*ml"))]
    for forge in ("github", "gitlab"):
        for server in (True, False):
            registry = folder / f"{forge}-{'server' if server else 'job'}"
            wishes = Wishes(
                directory=registry, remote="/srv", admins=("ana",), forge=forge, base="release/it's", server=server
            )
            registry.mkdir()
            write_scaffold(wishes)
            looked_into += registry.rglob("*.y*ml")
    for path in sorted(looked_into):
        kind = _kind(path)
        if kind:
            yield Pipeline(path, kind)


def _kind(path: Path) -> str:
    """What the file is by what it holds; empty: something else that is known. Fails for what nobody knows."""
    documents = [each for each in yaml.safe_load_all(path.read_text()) if isinstance(each, Mapping)]
    if any("runs" in each and "name" in each for each in documents):
        return ACTION
    if any("jobs" in each and (True in each or "on" in each) for each in documents):
        return WORKFLOW
    parts = [part for each in documents for part in each.values() if isinstance(part, Mapping)]
    if any("include" in each for each in documents) or any(_JOB & part.keys() for part in parts):
        return GITLAB
    assert path.name == "registry.yaml" or any(_OTHERS & each.keys() for each in documents), (
        f"{path} is of no kind that is known"
    )
    return ""
