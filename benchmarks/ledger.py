"""Knows what one more entry costs a ledger of 100,000 notes, beside plain git that does the same."""  # noqa: INP001 - a script

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from long_registry import make  # type: ignore[import-not-found] # it is found beside the script that runs

from registrar.core.ledger import Pushed
from registrar.core.ledger_text import written
from registrar.repository.commit_log import Signature
from registrar.repository.ledger import REF, Ledger
from registrar.repository.mirror import mirror

MODELS = 250
AT = datetime(2026, 3, 1, tzinfo=UTC)
WRITER = {
    f"GIT_{role}_{key}": said
    for role in ("AUTHOR", "COMMITTER")
    for key, said in {"NAME": "registrar-bot", "EMAIL": "bot@example.org", "DATE": AT.isoformat()}.items()
}


def main() -> int:
    """Print what each costs, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transitions", type=int, default=150_000, help="two for each three make a note")
    parser.add_argument("--entries", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="registrar-") as folder:
        ours, theirs = Path(folder) / "ours.git", Path(folder) / "theirs.git"
        make(ours, transitions=max(1, asked.transitions), models=MODELS)
        shutil.copytree(ours, theirs)
        notes = git(ours, "ls-tree", "-r", "--name-only", REF).count("\n")
        sys.stdout.write(f"{notes} notes, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n")
        append, plain = by_registrar(ours, Path(folder) / "mirror.git"), by_git(theirs, Path(folder) / "clone")
        commits = git(ours, "rev-list", "--first-parent", f"--max-count={asked.entries + 1}", "main").split()
        costs = [(cost(append, commit), cost(plain, commit)) for commit in commits][1:]  # the first one warms up
        for name, (wall, processor) in zip(("registrar", "git"), map(typical, zip(*costs, strict=True)), strict=True):
            sys.stdout.write(f"{name:12} {wall:6.3f} s an entry, processors {processor:6.3f} s\n")
    return 0


def by_registrar(origin: Path, place: Path) -> Callable[[str], None]:
    """As the bot does it: fetched, looked through for what is there already, added to, pushed with a lease."""
    clone = mirror(str(origin), place)
    clone.fetch()
    ledger = Ledger(clone, lambda: Signature("registrar-bot", "bot@example.org", AT))
    return lambda commit: ledger.append(commit, an_entry(commit))


def by_git(origin: Path, place: Path) -> Callable[[str], None]:
    """By three commands: fetch, add, push."""
    subprocess.run(["git", "clone", "--quiet", "--bare", origin, place], check=True)

    def append(commit: str) -> None:
        git(place, "fetch", "--quiet", str(origin), f"{REF}:{REF}")
        git(place, "notes", f"--ref={REF}", "append", "-m", written([an_entry(commit)]), commit)
        git(place, "push", "--quiet", str(origin), f"{REF}:{REF}")

    return append


def an_entry(commit: str) -> Pushed:
    """One that no note holds yet."""
    return Pushed(commit, commit, AT, (), ("registry.yaml",), None)


def cost(append: Callable[[str], None], commit: str) -> tuple[float, float]:
    """Seconds on the clock, and of the processors."""
    before, start = processors(), time.perf_counter()
    append(commit)
    return time.perf_counter() - start, processors() - before


def processors() -> float:
    """Seconds that this process and those it waited for have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def typical(costs: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    """The median of each."""
    walls, used = zip(*costs, strict=True)
    return median(walls), median(used)


def git(folder: Path, *words: str) -> str:
    """What git prints there."""
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **WRITER}).stdout


if __name__ == "__main__":
    sys.exit(main())
