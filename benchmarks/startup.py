"""Knows how long `registrar --help` takes beside an interpreter that does nothing: three times is promised."""  # noqa: INP001 - a script

import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = 30
PROMISE = 3.0


def main() -> int:
    """Print both medians and their ratio; 1 when the promise is broken."""
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "registrar --help": [str(Path(sys.executable).with_name("registrar")), "--help"],
        "import click": [sys.executable, "-c", "import click"],
    }
    times = {name: statistics.median(_seconds(command) for _ in range(RUNS)) for name, command in commands.items()}
    for name, seconds in times.items():
        sys.stdout.write(f"{name:18} {seconds * 1000:6.1f} ms\n")
    ratio = times["registrar --help"] / times["python -c pass"]
    sys.stdout.write(f"{'ratio':18} {ratio:6.2f}, at most {PROMISE:g} promised\n")
    return 0 if ratio <= PROMISE else 1


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
