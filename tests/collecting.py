"""Knows what pytest would run: from the run that asks, as far as that has collected it whole, else from another one."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from parity import Collected, as_collected

TESTS = Path(__file__).parent
PARTS = sorted({"/".join(file.relative_to(TESTS.parent).parts[:2]) for file in TESTS.rglob("test_*.py")})
GATHERED = pytest.StashKey[Sequence[pytest.Item]]()  # by the run itself, before anything is deselected


def collected(config: pytest.Config, *paths: str, marked: str = "", unmarked: str = "") -> list[Collected]:
    """Every test below these paths, or those with one mark and without another."""
    here = {path: _gathered(config, TESTS.parent / path) for path in paths}
    unknown = [path for path, items in here.items() if items is None]
    known = (each for items in here.values() for each in items or ())
    chosen = (each for each in known if not marked or each.get_closest_marker(marked) is not None)
    return [
        *(as_collected(each) for each in chosen if not unmarked or each.get_closest_marker(unmarked) is None),
        *_asked(*_worth_asking(unknown, marked), marked=marked, unmarked=unmarked),
    ]


def _gathered(config: pytest.Config, path: Path) -> list[pytest.Item] | None:
    """What this run has gathered there; None when that is not all: it was started for less."""
    if any("::" in argument for argument in config.args):
        return None
    found = [item for item in config.stash[GATHERED] if path in (item.path, *item.path.parents)]
    return found if set(_files(path)) <= {item.path for item in found} else None


def _files(path: Path) -> Iterator[Path]:
    yield from path.rglob("test_*.py") if path.is_dir() else (path,)


def _worth_asking(paths: Sequence[str], marked: str) -> Sequence[str]:
    """The files below these paths that hold the mark: another pytest takes long over the rest."""
    if not marked:
        return paths
    files = (file for path in paths for file in _files(TESTS.parent / path))
    return sorted(str(file) for file in files if f"mark.{marked}" in file.read_text(encoding="utf-8"))


def _asked(*paths: str, marked: str, unmarked: str) -> list[Collected]:
    """What another pytest would run; nothing of nothing."""
    if not paths:
        return []
    wish = " and ".join([*([marked] if marked else []), *([f"not {unmarked}"] if unmarked else [])])
    options = ["--collect-only", "-qq", "-p", "parity", "-p", "no:randomly", "-m", wish]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *paths],
        cwd=TESTS.parent,
        env=os.environ | {"PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}, done.stdout + done.stderr
    return [Collected(**json.loads(line)) for line in done.stdout.splitlines() if line.startswith("{")]
