"""Knows what a job waits for before the action is of use, beside CML: at most half as long is promised."""  # noqa: INP001 - a script

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 3
PROMISE = 0.5
CML = "@dvcorg/cml"


def main() -> int:
    """Print medians of install and start, with caches and without; 1 when the promise is broken."""
    ratios: list[float] = []
    for is_kept in (False, True):
        how = "warm" if is_kept else "cold"
        ours = _median(_ours, keep_cache=is_kept)
        theirs = _median(_theirs, keep_cache=is_kept) if _has_cml() else None
        sys.stdout.write(f"{how}: action {ours:6.1f} s, CML {f'{theirs:6.1f} s' if theirs else 'not to be had here'}\n")
        ratios += [ours / theirs] if theirs else []
    if not ratios:
        sys.stdout.write(f"npm has no {CML} here, so nothing is compared\n")
        return 0
    sys.stdout.write(f"ratio at most {max(ratios):.2f}, {PROMISE:g} promised\n")
    return 0 if max(ratios) <= PROMISE else 1


def _median(work: Callable[[Path, Path], None], *, keep_cache: bool) -> float:
    """Of several jobs, each on a machine of its own as far as folders make one."""
    with tempfile.TemporaryDirectory() as kept:
        cache = Path(kept)
        if keep_cache:
            _timed(work, cache)
        return statistics.median(_timed(work, cache if keep_cache else None) for _ in range(RUNS))


def _timed(work: Callable[[Path, Path], None], cache: Path | None) -> float:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        work(Path(folder), cache or Path(folder) / "cache")
        return time.perf_counter() - start


def _ours(folder: Path, cache: Path) -> None:
    """Install; then judge a registry as `check` does, which is more than CML has to do before its first comment."""
    output = folder / "output"
    known = {"RUNNER_TEMP": str(folder), "GITHUB_OUTPUT": str(output), "REGISTRAR_INPUT_COMMAND": "check"}
    environment = {
        **known,
        "PIP_CACHE_DIR": str(cache),
        "REGISTRAR_INPUT_REGISTRY": str(_registry(folder / "registry")),
    }
    _run([sys.executable, str(ROOT / "bot/registrar/ci/installing.py")], environment)
    _run([output.read_text().strip().removeprefix("python="), "-m", "registrar", "ci"], environment)


def _theirs(folder: Path, cache: Path) -> None:
    """Install as its documentation says, and load what writes a comment."""
    _run(["npm", "install", "--global", f"--prefix={folder}", f"--cache={cache}", "--no-audit", "--no-fund", CML], {})
    _run([str(folder / "bin" / "cml"), "comment", "create", "--help"], {})


def _registry(folder: Path) -> Path:
    shutil.copytree(ROOT / "templates" / "registry", folder, ignore=shutil.ignore_patterns("*.jinja", "dvc"))
    _run(["git", "init", "--quiet", str(folder)], {})
    (folder / "CODEOWNERS").write_text("* @ana\n")
    return folder


def _has_cml() -> bool:
    if shutil.which("npm") is None:
        return False
    return subprocess.run(["npm", "view", CML, "version"], capture_output=True, check=False).returncode == 0


def _run(words: list[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(words, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{words[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
