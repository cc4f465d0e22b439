"""The demo's models: three recipes for the trainer of `examples/trainer`, trained here and now."""

import importlib.util
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import ModuleType

RECIPE = "recipe.toml"  # the trainer comes with the first one

BETTER = """\
model = "digits"
version = "1.1.0"
description = "Support vectors on every image"

[parameters]
estimator = "SVC"
gamma = 0.001
images = 1297
"""

WORSE = """\
model = "digits"
version = "1.2.0"
description = "Naive Bayes: small and fast"

[parameters]
estimator = "GaussianNB"
images = 1297
"""


@dataclass(frozen=True, slots=True)
class Trained:
    """A version as the trainer leaves it, ready to be registered."""

    version: str
    description: str
    folder: Path
    accuracy: float

    @property
    def facts(self) -> Path:
        """What `registrar register --from` reads."""
        return self.folder / "version.json"


def examples_dir() -> Path:
    """Beside the package in a wheel, at the top of the tree in a checkout."""
    packaged = Path(str(files("registrar"))) / "examples"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "examples"


def recipes() -> tuple[str, ...]:
    """A first version, a better one, and one that looks like progress and is not."""
    return ((examples_dir() / "trainer" / RECIPE).read_text(encoding="utf-8"), BETTER, WORSE)


def train(trainer: Path, folder: Path) -> Trained:
    """Run a checkout of the trainer; to start its program anew would cost a second each time."""
    recipe = tomllib.loads((trainer / RECIPE).read_text(encoding="utf-8"))
    metrics = program_of(trainer).train(recipe, folder)
    return Trained(recipe["version"], recipe["description"], folder, metrics["accuracy"])


def program_of(trainer: Path) -> ModuleType:
    """What a checkout of the trainer trains with."""
    spec = importlib.util.spec_from_file_location("trainer", trainer / "train.py")
    if spec is None or spec.loader is None:
        raise AssertionError(trainer)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    return program
