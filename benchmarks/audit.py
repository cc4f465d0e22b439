"""Knows what an audit of 100,000 changes costs beside plain git that reads the same: twice as much is promised.

The cost is the time of the processors, git's own included, in the cheapest of several runs in turn: the clock on the
wall tells as much of what else the machine did.
"""  # noqa: INP001 - a script

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from long_registry import make  # type: ignore[import-not-found] # it is found beside the script that runs

RUNS = 3
PROMISE = 2.0
PROMISED = 100_000  # a short history is read before Python has begun
MODELS = 250
_LEAST = 0.001  # seconds that can be told apart
NOTES = "refs/notes/registrar:refs/notes/registrar"
REGISTRAR = str(Path(sys.executable).with_name("registrar"))
ONE = "team-0/model-0"
LOG = ["git", "log", "--first-parent", "-p", "--notes=registrar", "main", "--"]
LEANEST = [
    *("git", "log", "--first-parent", "-z", "--raw", "--no-abbrev", "--no-renames", "--notes=registrar"),
    *("--format=%x00%H%x00%P%x00%ct%x00%an%x00%B%x00%N", "main"),
]
PAIRS = {  # what we run, beside plain git that reads the same
    "audit": ([REGISTRAR, "audit"], [*LOG, "models/**/status.yaml"]),
    f"history {ONE}": ([REGISTRAR, "history", ONE], [*LOG, f"models/{ONE}/status.yaml"]),
}
PROOF = [REGISTRAR, "audit", "--verify", "--unsigned"]
ASIDE = {  # measured, not promised: they write several times what plain git does
    "audit --format csv": [REGISTRAR, "audit", "--format", "csv"],
    "audit --json": [REGISTRAR, "audit", "--json"],
    "the git of our audit": LEANEST,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: seconds on the clock, seconds of the processors, and the memory of its own that it held at most."""

    wall: float
    processor: float
    megabytes: float


def main() -> int:
    """Print every figure and ratio; 1 when the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transitions", type=int, default=PROMISED)
    transitions: int = max(1, parser.parse_args().transitions)
    with tempfile.TemporaryDirectory(prefix="registrar-") as folder:
        small = a_clone(Path(folder) / "small", max(1, transitions // 10))
        large = a_clone(Path(folder) / "large", transitions)
        load = os.getloadavg()[0]
        _say(f"{transitions} changes of status of {MODELS} models, {os.cpu_count()} processors, load {load:.1f}")
        commands = {name: ours for name, (ours, _) in PAIRS.items()} | ASIDE
        plain = {f"git beside {name}": theirs for name, (_, theirs) in PAIRS.items()}
        found = measured({**plain, **commands}, large)
        for name, each in found.items():
            beside = each.processor / max(found["git beside audit"].processor, _LEAST)
            _say(f"{name:34} {each.wall:7.2f} s, processors {each.processor:7.2f} s, {beside:5.2f} of git's")
        ratios = {name: found[name].processor / max(found[f"git beside {name}"].processor, _LEAST) for name in PAIRS}
        for name, ratio in ratios.items():
            _say(f"{name:34} {ratio:7.2f} times plain git, at most {PROMISE:g} promised")
        for name in PAIRS:
            least = run(PAIRS[name][0], small).megabytes
            _say(f"{name:34} {found[name].megabytes:7.1f} MB at most, {least:.1f} MB with a tenth of the history")
        say_proofs({transitions // 10: small, transitions // 5: a_clone(Path(folder) / "middle", transitions // 5)})
    return 0 if max(ratios.values()) <= PROMISE or transitions < PROMISED else 1


def say_proofs(clones: Mapping[int, Path]) -> None:
    """Print what a proof of each history costs: every change is judged again, with all the files that it touched."""
    for transitions, clone in clones.items():
        found = run(PROOF, clone)
        each = 1000 * found.processor / max(transitions, 1)
        _say(f"audit --verify of {transitions:<17} processors {found.processor:7.2f} s, {each:.2f} ms each")
        _say(f"audit --verify of {transitions:<17} {found.megabytes:7.1f} MB at most")


def a_clone(folder: Path, transitions: int) -> Path:
    """A person's clone of a long registry, with its ledger."""
    origin = folder.with_suffix(".git")
    make(origin, transitions=transitions, models=MODELS)
    subprocess.run(["git", "clone", "--quiet", origin, folder], check=True)
    subprocess.run(["git", "-C", folder, "fetch", "--quiet", "origin", NOTES], check=True)
    return folder


def measured(commands: dict[str, list[str]], folder: Path) -> dict[str, Measured]:
    """The cheapest run of each, all of them in turn, so that none has the machine to itself."""
    runs: dict[str, list[Measured]] = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            runs[name].append(run(command, folder))
    return {name: min(each, key=lambda one: one.processor) for name, each in runs.items()}


def run(command: Sequence[str], folder: Path) -> Measured:
    """Run it once, with its output thrown away."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    most = 0.0
    while process.poll() is None:
        most = max(most, _own_memory(process.pid))
        time.sleep(0.02)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Measured(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, most)


def _own_memory(pid: int) -> float:
    """In megabytes; the packs of git that it looks into are the system's to keep or to drop."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    lines = (line.split() for line in status.splitlines())
    return next((int(words[1]) / 1024 for words in lines if words and words[0] == "RssAnon:"), 0.0)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
