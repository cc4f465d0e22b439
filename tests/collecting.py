"""Asks pytest what it would run."""

import json
import os
import subprocess
import sys
from pathlib import Path

from parity import Collected

TESTS = Path(__file__).parent


def collected(*arguments: str) -> list[Collected]:
    """What pytest would run for these arguments."""
    command = ["-m", "pytest", "--collect-only", "-qq", "-p", "parity", "-p", "no:randomly", *arguments]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=TESTS.parent,
        env=os.environ | {"PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [Collected(**json.loads(line)) for line in done.stdout.splitlines() if line.startswith("{")]
