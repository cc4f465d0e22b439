"""What GitLab's webhooks of the sandbox forge tell of pipelines, jobs and deployments."""

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sandbox.gitlab_ci_scene import furnished
from sandbox.gitlab_ci_texts import DEPLOY
from sandbox.gitlab_scene import REGISTRY, GitLabScene
from sandbox.scene import Receiver

PUBLISHED = Path(__file__).parents[1] / "forges" / "schemas" / "gitlab-payloads.json.gz"
WAITING = DEPLOY.replace("  stage: deploy\n", "  stage: deploy\n  rules: [{when: manual}]\n")


def payloads(receiver: Receiver, kind: str) -> list[dict[str, Any]]:
    return [each.payload for each in receiver.received if each.payload["object_kind"] == kind]


def test_every_step_of_a_pipeline_s_life_is_told(gitlab_scene: GitLabScene, told: Receiver) -> None:
    ci = furnished(gitlab_scene, WAITING)
    pipeline = ci.ended(ci.start(inputs={"model": "digits", "operation": "deploy-7"}))

    ci.job(pipeline, "deploy").play()

    ci.ended(pipeline)
    attributes = [each["object_attributes"] for each in payloads(told, "pipeline")]
    assert [each["status"] for each in attributes] == ["manual", "pending", "running", "success"]
    assert {(each["id"], each["name"]) for each in attributes} == {(pipeline.id, "Deploy digits [deploy-7]")}
    assert [each["build_status"] for each in payloads(told, "build")] == ["created", "pending", "running", "success"]
    assert [each["status"] for each in payloads(told, "deployment")] == ["running", "success"]
    assert {each.headers["X-Gitlab-Event"] for each in told.received} >= {
        "Pipeline Hook",
        "Job Hook",
        "Deployment Hook",
    }


def test_a_job_names_its_pipeline(gitlab_scene: GitLabScene, told: Receiver) -> None:
    ci = furnished(gitlab_scene, DEPLOY)
    pipeline = ci.ended(ci.start(inputs={"model": "digits"}))

    found = payloads(told, "build")[-1]

    assert (found["pipeline_id"], found["commit"]["id"]) == (pipeline.id, pipeline.id)
    assert found["commit"]["name"] == "Deploy digits [none]"
    assert found["project"]["path_with_namespace"] == REGISTRY


def test_a_pipeline_tells_what_it_was_started_with(gitlab_scene: GitLabScene, told: Receiver) -> None:
    ci = furnished(gitlab_scene, "deploy: {script: 'true'}")
    ci.ended(ci.start(variables=[{"key": "REGISTRAR_OPERATION", "value": "deploy-7"}]))

    found = payloads(told, "pipeline")[-1]

    assert found["object_attributes"]["variables"] == [{"key": "REGISTRAR_OPERATION", "value": "deploy-7"}]


@pytest.mark.parametrize("kind", ["pipeline", "build", "deployment"])
def test_what_is_told_has_the_shape_that_is_published(gitlab_scene: GitLabScene, told: Receiver, kind: str) -> None:
    ci = furnished(gitlab_scene, DEPLOY)
    ci.ended(ci.start(inputs={"model": "digits"}))

    published = json.loads(gzip.decompress(PUBLISHED.read_bytes()))[kind]

    assert sorted(differences(published, payloads(told, kind)[-1], kind)) == []


def differences(published: object, ours: object, where: str) -> Iterator[str]:
    """Where ours lacks something, or has another kind of thing; nothing may stand for everything."""
    if published is None or ours is None:
        return
    if isinstance(published, Mapping) and isinstance(ours, Mapping):
        for key, value in published.items():
            if key in ours:
                yield from differences(value, ours[key], f"{where}.{key}")
            else:
                yield f"{where}.{key} is missing"
    elif isinstance(published, list) and isinstance(ours, list):
        for each in ours:
            yield from differences(published[0], each, f"{where}[]")
    elif type(published) is not type(ours):
        yield f"{where} is {ours!r}, not like {published!r}"
