"""The trainer on GitLab: a merge request is told how good it would be, and what is merged is registered."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from component.scene import PUSH, Project
from examples.gitlab_ci import HELD, PIPELINE, a_clone, hold_component
from examples.stage import REGISTRY, TRAINING, Stage, a_stage
from nodes import Node, node
from registrar.demo.training import BETTER
from registrar.sandbox import git
from registry_schema import Source, read_version

__all__ = ["node"]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with a_stage(tmp_path, "gitlab") as found:
        hold_component(found)
        yield found


@pytest.fixture
def project(stage: Stage, node: Node) -> Project:
    clone = a_clone(stage, node, TRAINING, REGISTRY_TOKEN=stage.token("registrar-bot"))
    clone.fetch(HELD)
    return clone


@pytest.mark.slow
def test_a_merge_request_from_a_fork_is_told_how_good_it_would_be(stage: Stage, project: Project) -> None:
    number = stage.propose_better()
    project.check_out("better")
    fork = {"CI_PROJECT_PATH": "eve/digits-training", "CI_MERGE_REQUEST_PROJECT_PATH": TRAINING}
    project.variables.pop("REGISTRY_TOKEN")  # a fork has the variables of the fork

    ran = project.run((project.folder / PIPELINE).read_text(), project.merge_request(number) | fork)

    assert ran.code == 0, ran.log
    said = ran.artifact("registrar-compare", "summary.md")
    assert "| **accuracy** | 0.908 | 0.968 | +0.06 (+6.61%) | 🟢 better |" in said
    assert f"Left out: a comment; the merge request is one of `{TRAINING}`" in said
    assert ran.ended("registrar-register") == ""


def test_what_is_merged_is_trained_and_registered(stage: Stage, project: Project) -> None:
    commit = stage.push(TRAINING, {"recipe.toml": BETTER}, by="mei")
    project.check_out()

    ran = project.run((project.folder / PIPELINE).read_text(), PUSH, "--evaluate-rule-changes=false")

    assert ran.code == 0, ran.log
    [opened] = stage.repository(REGISTRY).pull_requests
    assert (opened.title, opened.author.login) == ("Register digits 1.1.0", "registrar-bot")
    path = "models/digits/versions/1.1.0/version.yaml"
    found = git.read(stage.repository(REGISTRY).path, opened.head_sha, path)
    assert found is not None
    assert read_version(found[1], path).source == Source(f"{stage.sandbox.url}/{TRAINING}", commit)
    assert ran.ended("registrar-compare") == ""
