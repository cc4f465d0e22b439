"""Knows what a run without a server costs where nothing is to do, beside git that fetches and reads the same."""  # noqa: INP001 - a script

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from long_registry import make  # type: ignore[import-not-found] # it is found beside the script that runs

from registrar.sandbox import Sandbox
from registrar.sandbox.faults import Spot

REGISTRY, BOT = "acme/registry", "registrar-bot"
LEDGER = "refs/notes/registrar"

Cost = tuple[float, float]  # seconds on the clock, and of the processors


def main() -> int:
    """Print what each costs, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transitions", type=int, default=10_000)
    parser.add_argument("--models", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="registrar-") as folder, Sandbox.serve(Path(folder) / "forge") as sandbox:
        token, address = a_registry(sandbox, Path(folder) / "made.git", asked.transitions, asked.models)
        kept, anew = by_registrar(sandbox, token, Path(folder) / "kept"), by_registrar(sandbox, token, None)
        cost(kept)  # which makes what it keeps
        count = sandbox.faults.begin(Spot(by=BOT))
        cost(anew)
        sys.stdout.write(f"{asked.transitions} changes of {asked.models} models, {count.met} requests of a run, ")
        sys.stdout.write(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n")
        places = iter(range(10**6))
        plain = by_git(address, lambda: Path(folder) / f"clone-{next(places)}")
        say(asked.runs, {"git, a new clone": plain, "registrar, a new clone": anew, "registrar, --state kept": kept})
    return 0


def say(runs: int, deeds: dict[str, Callable[[], None]]) -> None:
    """Each in turn, so often; the first one is what the others are measured by."""
    costs: dict[str, list[Cost]] = {name: [] for name in deeds}
    for _ in range(runs):
        for name, deed in deeds.items():
            costs[name].append(cost(deed))
    least = typical(costs[next(iter(deeds))])[0]
    for name, found in costs.items():
        wall, used = typical(found)
        sys.stdout.write(f"{name:24} {wall:7.2f} s, processors {used:6.2f} s, {wall / least:5.1f} times git\n")


def a_registry(sandbox: Sandbox, made: Path, transitions: int, models: int) -> tuple[str, str]:
    """A registry on the forge, of a long history; the bot's token, and where git finds it."""
    sandbox.add_organization("acme")
    token = sandbox.add_bot(BOT).token
    address = sandbox.add_repository(REGISTRY).clone_url
    sandbox.grant(REGISTRY, BOT, "write")
    make(made, transitions=transitions, models=models)
    git(sandbox.store.repository(REGISTRY).path, "fetch", "--quiet", str(made), "+refs/*:refs/*")
    return token, address


def by_registrar(sandbox: Sandbox, token: str, state: Path | None) -> Callable[[], None]:
    """As a job does it."""
    words = [sys.executable, "-m", "registrar", "reconcile", "--json", "--follow", "0"]
    words += ["--state", str(state)] if state is not None else []
    settings = {"REGISTRAR_FORGE": "github", "REGISTRAR_FORGE_URL": sandbox.url, "REGISTRAR_REPOSITORY": REGISTRY}

    def run() -> None:
        environment = {**os.environ, **settings, "REGISTRAR_TOKEN": token}
        done = subprocess.run(words, env=environment, cwd=sandbox.store.root, stdout=subprocess.PIPE, check=True)
        if said := json.loads(done.stdout)["failed"]:
            raise SystemExit(str(said))

    return run


def by_git(address: str, place: Callable[[], Path]) -> Callable[[], None]:
    """The branches and the ledger, and the log of the base."""

    def read() -> None:
        folder = place()
        subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
        git(folder, "fetch", "--quiet", address, "+refs/heads/*:refs/heads/*", f"+{LEDGER}:{LEDGER}")
        git(folder, "log", "--first-parent", "--format=%H", "main")

    return read


def cost(deed: Callable[[], None]) -> Cost:
    """Of this process and of those that it waited for."""
    before, start = processors(), time.perf_counter()
    deed()
    return time.perf_counter() - start, processors() - before


def processors() -> float:
    """Seconds that those which this process waited for have used: the forge lives in this one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def typical(costs: Sequence[Cost]) -> Cost:
    """The median of each."""
    walls, used = zip(*costs, strict=True)
    return median(walls), median(used)


def git(folder: Path, *words: str) -> str:
    """What git prints there."""
    return subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
