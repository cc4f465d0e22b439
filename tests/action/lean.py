"""Knows a Python in which nothing can be imported but what one lock names: as after the action has installed it."""

import json
import re
import sysconfig
import venv
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]

_GUARD = """\
import sys

FORBIDDEN = frozenset({forbidden})


class Refusing:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in FORBIDDEN:
            raise ModuleNotFoundError(f"{{name}} is not in the lock", name=name)


sys.meta_path.insert(0, Refusing)
"""


def make_python(place: Path, lock: Path) -> None:
    """An environment as `installing.py` makes it, without fetching anything."""
    venv.create(place, symlinks=True)
    [packages] = place.glob("lib/python*/site-packages")
    (packages / "guard.py").write_text(_GUARD.format(forbidden=json.dumps(sorted(_unnamed(lock)))))
    ours = (ROOT / "bot", ROOT, sysconfig.get_path("purelib"))
    (packages / "registrar.pth").write_text("".join(f"{each}\n" for each in ours) + "import guard\n")
    (place / "installed").touch()


def _unnamed(lock: Path) -> set[str]:
    named = {_normal(found) for found in re.findall(r"(?m)^([A-Za-z0-9._-]+)", lock.read_text())}
    ours = {"registrar", "registry_schema"}
    return {module for module, packages in _installed().items() if not {*packages} & named} - ours


@cache
def _installed() -> dict[str, set[str]]:
    found = packages_distributions()
    return {module: {_normal(package) for package in packages} for module, packages in found.items()}


def _normal(package: str) -> str:
    return re.sub(r"[._-]+", "-", package).lower()
