"""Knows what a job waits for before the action has commented, beside CML: at most half as long is promised."""  # noqa: INP001 - a script

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.commented import Proposal, Registry, a_registry

ROOT = Path(__file__).resolve().parents[1]
PROMISE = 0.5
PUBLISHED = "@dvcorg/cml"
# Of the npm package, as its documentation says to install it where no image of CML's is used:
# https://cml.dev/doc/self-hosted-runners, https://dvc.org/doc/cml/cml-with-npm. Its own action, iterative/setup-cml@v2,
# fetches one built program from GitHub instead, and installs these beside it unless it is told `vega: false`.
VEGA = ("canvas@2", "vega@5", "vega-cli@5", "vega-lite@5")
NPM = ("npm", "install", "--global", "--no-audit", "--no-fund")


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of one job."""

    install: float
    comment: float = 0.0

    @property
    def whole(self) -> float:
        """What the job waits for."""
        return self.install + self.comment


@dataclass(frozen=True, slots=True)
class Side:
    """One way to a comment on a pull request."""

    install: Callable[[Path, Path], str]  # into a folder, by a cache; the program
    comment: Callable[[str, Path, Proposal], None]

    def job(self, registry: Registry, kept: Path | None) -> Took:
        """One job on a machine of its own, as far as folders make one; it may keep the cache of the last."""
        with tempfile.TemporaryDirectory() as folder:
            home, proposal = Path(folder), registry.proposal()
            start = time.perf_counter()
            program = self.install(home, kept or home / "cache")
            installed = time.perf_counter()
            self.comment(program, home, proposal)
            took = Took(installed - start, time.perf_counter() - installed)
            if not registry.comments(proposal):
                raise SystemExit(f"{program} left no comment")
            return took


def main() -> int:
    """Print medians of install and first comment, with caches and without; 1 when the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="jobs of each kind, of which the median counts")
    runs = parser.parse_args().runs
    package = os.environ.get("CML") or PUBLISHED  # what npm installs it from: a folder, an archive, a version
    sides = {"action": Side(_install_ours, _comment_ours)}
    if _is_to_be_had(package):
        sides["CML"] = Side(partial(_install_theirs, [package]), _comment_theirs)
        # npm builds two add-ons of ssh2's where there is a compiler, as on GitHub's machines; CML comments without them
        sides["unbuilt"] = Side(partial(_install_theirs, ["--ignore-scripts", package]), _comment_theirs)
    _tell_versions()
    ratios = []
    with a_registry() as registry:
        for how in ("cold", "warm"):
            took = _jobs(sides, registry, runs, keeps_cache=how == "warm")
            for name, each in took.items():
                sys.stdout.write(f"{how} {name:7} {_text(each)}\n")
            ratios += [_median(took["action"]) / _median(took["CML"])] if "CML" in took else []
    if not ratios:
        sys.stdout.write(f"npm has no {package} here, so nothing is compared; say CML=PLACE where one is\n")
        return 0
    _tell_of_vega(runs)
    sys.stdout.write(f"ratio at most {max(ratios):.2f}, {PROMISE:g} promised\n")
    return 0 if max(ratios) <= PROMISE else 1


def _tell_versions() -> None:
    """Of what installs: an old pip takes almost twice as long."""
    for words in (["python3", "-m", "pip", "--version"], ["npm", "--version"]):
        if shutil.which(words[0]):
            said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
            sys.stdout.write(f"{words[0]}: {said.partition(' from ')[0].strip()}\n")


def _jobs(sides: Mapping[str, Side], registry: Registry, runs: int, *, keeps_cache: bool) -> dict[str, list[Took]]:
    """In turns, so that what else the machine does slows all alike."""
    with ExitStack() as stack:
        kept = {name: Path(stack.enter_context(tempfile.TemporaryDirectory())) for name in sides if keeps_cache}
        for name, cache in kept.items():
            sides[name].job(registry, cache)
        took: dict[str, list[Took]] = {name: [] for name in sides}
        for _ in range(runs):
            for name, side in sides.items():
                took[name].append(side.job(registry, kept.get(name)))
        return took


def _median(took: Sequence[Took]) -> float:
    return statistics.median(each.whole for each in took)


def _text(took: Sequence[Took]) -> str:
    install = statistics.median(each.install for each in took)
    comment = statistics.median(each.comment for each in took)
    return f"{_median(took):6.1f} s to the comment: install {install:6.1f} s, then {comment:5.1f} s"


def _install_ours(folder: Path, cache: Path) -> str:
    output = folder / "output"
    known = {"RUNNER_TEMP": str(folder), "GITHUB_OUTPUT": str(output), "REGISTRAR_INPUT_COMMAND": "compare"}
    words = ["python3", "-I", str(ROOT / "bot/registrar/ci/installing.py")]
    _run(words, {**os.environ, **known, "PIP_CACHE_DIR": str(cache)})
    return output.read_text().strip().removeprefix("python=")


def _comment_ours(program: str, folder: Path, proposal: Proposal) -> None:
    inputs = {"REGISTRAR_INPUT_COMMAND": "compare", "REGISTRAR_INPUT_COMMENT": "true"}
    environment = {**proposal.environment(folder), **inputs, "GITHUB_TOKEN": proposal.token}
    _run([program, "-I", "-m", "registrar", "ci"], environment, proposal.checkout)


def _install_theirs(words: Sequence[str], folder: Path, cache: Path) -> str:
    _run([*NPM, f"--prefix={folder}", f"--cache={cache}", *words], os.environ)
    return str(folder / "bin" / "cml")


def _comment_theirs(program: str, folder: Path, proposal: Proposal) -> None:
    """A finished report is posted: CML compares nothing. It speaks to github.com or to an address that has TLS."""
    (folder / "report.md").write_text("| accuracy | 0.9 | 0.95 |\n| --- | --- | --- |\n")
    quiet = {"ITERATIVE_DO_NOT_TRACK": "1", "NODE_EXTRA_CA_CERTS": str(proposal.certificate)}
    environment = {**proposal.environment(folder), **quiet, "REPO_TOKEN": proposal.token}
    where = ["--driver=github", f"--repo={proposal.encrypted}"]
    _run([program, "comment", "create", *where, str(folder / "report.md")], environment, proposal.checkout)


def _tell_of_vega(runs: int) -> None:
    """What CML's own action installs beside its program; nothing is built, so it takes longer in truth."""

    def install() -> float:
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            _run([*NPM, "--ignore-scripts", f"--prefix={folder}", f"--cache={folder}/cache", *VEGA], os.environ)
            return time.perf_counter() - start

    seconds = statistics.median(install() for _ in range(runs))
    sys.stdout.write(f"cold: what setup-cml@v2 installs beside its program takes at least {seconds:.1f} s\n")


def _is_to_be_had(package: str) -> bool:
    if shutil.which("npm") is None:
        return False
    looked = subprocess.run(["npm", "view", package, "version"], capture_output=True, check=False)
    return Path(package).exists() or looked.returncode == 0


def _run(words: Sequence[str], environment: Mapping[str, str], folder: Path | None = None) -> None:
    done = subprocess.run(words, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{words[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
