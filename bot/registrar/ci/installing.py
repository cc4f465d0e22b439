"""Installs what a command needs, from the locks alone: jobs run this file before ours can be imported.

For the action Registrar itself is not installed, so that nothing has to be built: it runs from where the action lies.
GitLab gives a component's job no file beside the template, so there it comes first, alone, by its version.
"""

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[3]
_IN_WHEEL = Path(__file__).parents[1] / "requirements"
LOCKS = _IN_WHEEL if _IN_WHEEL.is_dir() else ROOT / "requirements"
OLDEST = (3, 11)
NEEDS_DVC = frozenset({"register", "pull"})
TELLS = "reconcile"  # whom the registry's rules name, over channels that need a library of their own
# A lock names everything, so there is nothing to resolve; and nothing is run that a source package would bring.
_PIP = ("install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-compile", "--no-deps")
_LOCKED = ("--require-hashes", "--only-binary", ":all:", "--requirement")
_AT_ONCE = 4  # as many as GitHub's machines have processors
_NAMED = re.compile(r"^[^\s#].*\n(?:[ \t].*\n)*", re.MULTILINE)  # a package of a lock, with its hashes below it


class CannotInstall(Exception):
    """What a person must change before anything can be installed."""


def main(environment: Mapping[str, str]) -> int:
    """Install, and tell the steps that follow where Python is."""
    try:
        _refuse_old_python()
        python = installed(lock_of(environment), Path(environment["RUNNER_TEMP"]))
    except CannotInstall as error:
        sys.stdout.write(f"::error title=Registrar::{' '.join(str(error).split()).replace('%', '%25')}\n")
        return 1
    with Path(environment["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.write(f"python={python}\n")
    return 0


def main_of_component(environment: Mapping[str, str], python: Path) -> int:
    """Install into the Python of an environment that holds Registrar already, and nothing that it needs."""
    try:
        _fill(python, lock_of(environment), python.parents[1])
    except CannotInstall as error:
        sys.stderr.write(f"registrar: error: {error}\n")
        return 1
    return 0


def lock_of(environment: Mapping[str, str]) -> Path:
    """What the command needs. Raises `CannotInstall` for a storage that there is no lock for."""
    command = environment.get("REGISTRAR_INPUT_COMMAND", "").strip()
    if command not in NEEDS_DVC:
        return LOCKS / ("action-notices.txt" if command == TELLS else "action.txt")
    storage = environment.get("REGISTRAR_INPUT_DVC", "").strip()
    lock = {file.stem.partition("-")[2]: file for file in LOCKS.glob("dvc*.txt")}
    if storage not in lock:
        raise CannotInstall(f"dvc is {storage!r}: it must be empty or one of {', '.join(sorted(filter(None, lock)))}")
    return lock[storage]


def installed(lock: Path, folder: Path) -> Path:
    """The Python of an environment that holds the lock alone; an earlier step of the job may have made it."""
    place = place_of(lock, folder)
    python, done = place / "bin" / "python", place / "installed"
    if not done.exists():
        _ended("venv", [_start(sys.executable, "-m", "venv", "--clear", "--without-pip", str(place))])
        _fill(python, lock, place)
        packages = place / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
        (packages / "registrar.pth").write_text(f"{ROOT / 'bot'}\n{ROOT}\n", encoding="utf-8")
        done.touch()
    return python


def _fill(python: Path, lock: Path, place: Path) -> None:
    _ended("pip", [_start(str(python), str(_pip()), *_PIP, *_LOCKED, str(part)) for part in _parts(lock, place)])


def place_of(lock: Path, folder: Path, *, root: Path = ROOT) -> Path:
    """Where the environment of a lock is, for this Python and this release: a job may use two of them."""
    name = hashlib.sha256(b"\0".join([lock.read_bytes(), sys.version.encode(), bytes(root)])).hexdigest()[:16]
    return folder / f"registrar-{name}"


def _refuse_old_python() -> None:
    if sys.version_info[:2] < OLDEST:
        found = sys.version.split()[0]
        raise CannotInstall(f"Python is {found}, and 3.11 or newer is needed: run actions/setup-python before this")


def parts_of(lock: str, count: int) -> list[str]:
    """A lock in so many locks of about the same length: what an index lists most of has most hashes here."""
    parts = [""] * count
    for each in sorted(_NAMED.findall(lock), key=len, reverse=True):
        shortest = parts.index(min(parts, key=len))
        parts[shortest] += each
    return [part for part in parts if part]


def _parts(lock: Path, place: Path) -> list[Path]:
    """Locks to be installed at once: most of pip's time goes by over all that the index lists of one package."""
    count = min(_AT_ONCE, os.cpu_count() or 1)
    found = []
    for number, text in enumerate(parts_of(lock.read_text(encoding="utf-8"), count)):
        found.append(place / f"part-{number}.txt")
        found[-1].write_text(text, encoding="utf-8")
    return found


def _pip() -> Path:
    """What pip runs in another Python by itself when it is told of one, by `--python`: so it is loaded but once."""
    found = importlib.util.find_spec("pip")
    if found is None or found.origin is None:
        raise CannotInstall("this Python has no pip: run actions/setup-python before this")
    return Path(found.origin).with_name("__pip-runner__.py")


def _start(python: str, *words: str) -> subprocess.Popen[bytes]:
    # -I: the folder that the job stands in is a checkout, and may hold what it calls `pip`
    return subprocess.Popen([python, "-I", *words])


def _ended(program: str, started: Sequence[subprocess.Popen[bytes]]) -> None:
    codes = [each.wait() for each in started]
    if any(codes):
        raise CannotInstall(f"{program} ended with {next(filter(None, codes))}; the log says why")


if __name__ == "__main__":
    sys.exit(main_of_component(os.environ, Path(sys.argv[1])) if sys.argv[1:] else main(os.environ))
