"""What several examples say of one thing agrees, and agrees with what is tested here."""

import json
import re
import tomllib

import pytest
import yaml

from examples.places import EXAMPLES, ROOT, TRAINER
from registrar import __version__
from registrar.demo.training import BETTER, program_of


def requirements(example: str) -> dict[str, str]:
    lines = (EXAMPLES / example / "requirements.txt").read_text().splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def test_weights_are_loaded_by_the_library_that_saved_them() -> None:
    trainer, application = requirements("trainer"), requirements("application")

    assert trainer == {name: application[name] for name in trainer}


def test_what_the_examples_install_is_what_is_tested() -> None:
    locked = dict(re.findall(r"(?m)^([\w-]+)==(\S+)", (ROOT / "requirements" / "demo.txt").read_text()))

    known = locked | {"model-registrar": __version__}

    assert {**requirements("trainer"), **requirements("application")}.items() <= known.items()


def test_the_examples_use_the_release_that_they_are_part_of() -> None:
    texts = [path.read_text() for path in EXAMPLES.rglob("*.yml")]
    used = {found for text in texts for found in re.findall(r"\S+/registrar@\S+", text)}

    assert used == {
        f"model-registrar/registrar@v{__version__}",
        f"$CI_SERVER_FQDN/model-registrar/registrar/registrar@{__version__}",
    }


@pytest.mark.parametrize(
    "workflow", ["trainer/.github/workflows/register.yml", "application/.github/workflows/deploy.yml"]
)
def test_no_run_is_dropped_for_another_that_does_something_else(workflow: str) -> None:
    said = yaml.safe_load((EXAMPLES / workflow).read_text())

    group = said.get(
        "concurrency", "${{ github.run_id }}"
    )  # of a group GitHub keeps one run waiting, and drops the others

    assert re.search(r"\$\{\{ (inputs\.operation|github\.run_id) \}\}", group)


def test_the_documentation_shows_what_the_trainer_writes() -> None:
    [shown] = re.findall(r"```json\n(.*?)```", (ROOT / "docs/examples.md").read_text(), re.DOTALL)

    recipe = tomllib.loads(BETTER)

    assert json.loads(shown) == json.loads(json.dumps(program_of(TRAINER).facts(recipe)))
