"""What the parser makes of webhooks of pipelines that were really sent."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registrar.core.events import BranchChecked, BranchPushed, Event, JobChanged, RunChanged
from registrar.forges.gitlab_webhook import delivery_id, parse, verify
from registrar.forges.payloads import Ignored
from sandbox.gitlab_ci_scene import Ci, furnished
from sandbox.gitlab_ci_texts import DEPLOY
from sandbox.gitlab_scene import REGISTRY, GitLabScene, opened
from sandbox.scene import Receiver, receiving

SECRET = "the secret of the hook"
KEY = "deploy-7-0123456789abcdef"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[GitLabScene]:
    with opened(tmp_path) as found:
        yield found


@pytest.fixture
def receiver(scene: GitLabScene) -> Iterator[Receiver]:
    with receiving() as found:
        scene.sandbox.add_webhook(REGISTRY, found.url, SECRET)
        yield found
        scene.sandbox.drain()


def told(receiver: Receiver) -> set[Event]:
    """What the webhooks so far mean, but for the push that began it all; each proved and named."""
    results = []
    for received in receiver.received:
        verify(received.headers, received.body, [SECRET], now=datetime.now(UTC))
        results.append(parse(received.headers, received.body))
    names = [delivery_id(received.headers, received.body) for received in receiver.received]
    assert len(set(names)) == len(names)
    assert [result for result in results if isinstance(result, Ignored) and result.is_odd] == []
    return {result for result in results if not isinstance(result, Ignored | BranchPushed)}


def jobs_of(ci: Ci, pipeline: int) -> set[int]:
    return {job.id for job in ci.project().pipelines.get(pipeline).jobs.list(all=True)}


def test_a_deploy_with_inputs_is_known_by_the_name_of_its_pipeline(scene: GitLabScene, receiver: Receiver) -> None:
    ci = furnished(scene, DEPLOY)
    pipeline = ci.ended(ci.start(inputs={"model": "digits", "operation": KEY}))

    events = told(receiver)

    assert RunChanged(REGISTRY, pipeline.id, f"Deploy digits [{KEY}]") in events
    assert {type(event) for event in events} == {RunChanged, JobChanged}  # the job is that of the deployment


def test_a_deploy_with_variables_is_known_by_one_of_them(scene: GitLabScene, receiver: Receiver) -> None:
    ci = furnished(scene, "deploy: {script: 'true'}")
    pipeline = ci.ended(ci.start(variables=[{"key": "REGISTRAR_OPERATION", "value": KEY}]))

    events = told(receiver)

    jobs = {JobChanged(REGISTRY, job) for job in jobs_of(ci, pipeline.id)}
    assert events == {RunChanged(REGISTRY, pipeline.id, KEY), *jobs}


def test_another_pipeline_is_a_check_of_its_branch(scene: GitLabScene, receiver: Receiver) -> None:
    ci = furnished(scene, "workflow: {name: Tests}\ntest: {script: 'true'}")
    ci.ended(ci.start())

    assert told(receiver) == {BranchChecked(REGISTRY, "main")}
