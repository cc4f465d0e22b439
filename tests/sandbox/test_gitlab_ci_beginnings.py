"""The pipelines that GitLab begins by itself, and the one of them that a merge waits for."""

from textwrap import dedent
from typing import Any

import pytest
from gitlab import GitlabCreateError, GitlabMRClosedError

from registrar.sandbox.pipelines import JobState
from sandbox.gitlab_ci_texts import a_job
from sandbox.gitlab_scene import REGISTRY, GitLabScene
from sandbox.scene import Receiver

OF_REQUESTS = "rules: [{if: $CI_PIPELINE_SOURCE == 'merge_request_event'}]"
OF_BRANCHES = "rules: [{if: $CI_COMMIT_BRANCH}]"
OF_BOTH = "rules: [{if: $CI_PIPELINE_SOURCE == 'merge_request_event'}, {if: $CI_COMMIT_BRANCH}]"
TOLD = (
    "echo merge request $CI_MERGE_REQUEST_IID into $CI_MERGE_REQUEST_TARGET_BRANCH_NAME, on branch [$CI_COMMIT_BRANCH]"
)
OWN = ("merge_request_event", "refs/merge-requests/1/head")
OF_BRANCH = ("push", "promote")


def asked(scene: GitLabScene, configuration: str) -> Any:
    """A merge request of a project with this configuration; its branch is `promote`."""
    scene.work_tree("ana").push({".gitlab-ci.yml": configuration, "status.yaml": "Production: 1.0.0\n"}, "Start")
    scene.push("raj", "promote", {"status.yaml": "Production: 1.1.0\n"})
    wish = {"source_branch": "promote", "target_branch": "main", "title": "Promote"}
    request = scene.registry("raj").mergerequests.create(wish)
    scene.sandbox.drain()
    return scene.registry("raj").mergerequests.get(request.iid)


def begun(scene: GitLabScene) -> list[tuple[str, str]]:
    """Source and ref of each pipeline but those of the main branch, oldest first."""
    found = scene.registry("ana").pipelines.list(sort="asc", get_all=True)
    return [(each.source, each.ref) for each in found if each.ref != "main"]


def say(scene: GitLabScene, sha: str, state: str, **more: Any) -> Any:
    said = {"state": state, "name": "registrar", **more}
    return scene.registry("registrar-bot").commits.get(sha, lazy=True).statuses.create(said)


def held(scene: GitLabScene) -> Any:
    """The merge request, where pipelines must succeed, as it is when everything has come to rest."""
    scene.sandbox.drain()
    scene.sandbox.store.repository(REGISTRY).settings.only_allow_merge_if_pipeline_succeeds = True
    return scene.registry("raj").mergerequests.get(1)


@pytest.mark.parametrize(
    ("configuration", "pipelines"),
    [
        pytest.param(a_job(OF_REQUESTS), [OWN], id="of merge requests"),
        pytest.param(a_job(OF_BRANCHES), [OF_BRANCH], id="of branches"),
        pytest.param(a_job(OF_BOTH), [OF_BRANCH, OWN], id="of both"),
        pytest.param(a_job(), [OF_BRANCH], id="without rules: not of merge requests"),
        pytest.param(
            "workflow: {rules: [{if: $CI_MERGE_REQUEST_IID}]}\n" + a_job(), [OWN], id="as the workflow's rules say"
        ),
        pytest.param(a_job("rules: [{if: $CI_COMMIT_TAG}]"), [], id="of tags"),
    ],
)
def test_a_pipeline_begins_where_the_configuration_asks_for_it(
    gitlab_scene: GitLabScene, configuration: str, pipelines: list[tuple[str, str]]
) -> None:
    asked(gitlab_scene, configuration)

    assert begun(gitlab_scene) == pipelines


def test_a_project_without_a_configuration_has_no_pipelines(gitlab_scene: GitLabScene) -> None:
    gitlab_scene.merge_request()

    assert gitlab_scene.registry("ana").pipelines.list() == []


def test_a_configuration_that_nobody_can_read_is_a_pipeline_that_failed(gitlab_scene: GitLabScene) -> None:
    request = asked(gitlab_scene, "deploy: {stage: nowhere, script: 'true'}")

    assert (request.head_pipeline["status"], held(gitlab_scene).detailed_merge_status) == ("failed", "ci_must_pass")
    assert "nowhere" in gitlab_scene.registry("ana").pipelines.get(request.head_pipeline["id"]).yaml_errors


def test_the_pipeline_of_a_merge_request_knows_whose_it_is_and_has_no_branch(gitlab_scene: GitLabScene) -> None:
    request = asked(gitlab_scene, a_job(OF_REQUESTS, script=TOLD))

    registry = gitlab_scene.registry("ana")
    [job] = registry.pipelines.get(request.head_pipeline["id"]).jobs.list()
    assert "merge request 1 into main, on branch []" in registry.jobs.get(job.id).trace().decode()


def test_webhooks_tell_whose_a_pipeline_is(gitlab_scene: GitLabScene, told: Receiver) -> None:
    asked(gitlab_scene, a_job(OF_BOTH))

    payloads = [each.payload for each in told.received if each.payload["object_kind"] == "pipeline"]
    whose = {(each["object_attributes"]["source"], (each["merge_request"] or {}).get("iid")) for each in payloads}
    assert whose == {("merge_request_event", 1), ("push", None)}
    assert {each["object_attributes"]["ref"] for each in payloads} == {"main", "promote"}


def test_a_push_begins_a_pipeline_for_the_new_head_a_moment_later(gitlab_scene: GitLabScene) -> None:
    asked(gitlab_scene, a_job(OF_REQUESTS))
    gitlab_scene.sandbox.lag(None)

    sha = gitlab_scene.push("raj", "promote", {"status.yaml": "Production: 1.2.0\n"})
    before = [each.sha for each in gitlab_scene.registry("ana").pipelines.list(source="merge_request_event")]
    gitlab_scene.sandbox.catch_up()

    assert sha not in before
    assert held(gitlab_scene).head_pipeline["sha"] == sha


def test_a_merge_waits_for_its_own_pipeline_whatever_its_branch_s_later_ones_say(gitlab_scene: GitLabScene) -> None:
    request = asked(gitlab_scene, a_job(OF_BOTH))
    own = request.head_pipeline
    later = gitlab_scene.registry("raj").pipelines.create({"ref": "promote"})
    gitlab_scene.sandbox.drain()

    say(gitlab_scene, request.sha, "pending", pipeline_id=own["id"])

    assert (own["source"], own["id"] < later.id) == ("merge_request_event", True)
    assert held(gitlab_scene).head_pipeline["id"] == own["id"]
    assert held(gitlab_scene).detailed_merge_status == "ci_still_running"
    with pytest.raises(GitlabMRClosedError, match="405"):
        request.merge(sha=request.sha)


def test_a_status_goes_into_the_newest_pipeline_of_the_commit_unless_one_is_named(gitlab_scene: GitLabScene) -> None:
    request = asked(gitlab_scene, a_job(OF_BOTH))
    later = gitlab_scene.registry("raj").pipelines.create({"ref": "promote"})
    own = request.head_pipeline["id"]

    said = [
        say(gitlab_scene, request.sha, "pending"),
        say(gitlab_scene, request.sha, "pending", pipeline_id=own),
        say(gitlab_scene, request.sha, "pending", ref="refs/merge-requests/1/head", name="other"),
    ]

    assert [each.pipeline_id for each in said] == [later.id, own, own]


@pytest.mark.parametrize("wrong", [{"pipeline_id": 999}, {"pipeline_id": 1, "ref": "other"}])
def test_no_status_goes_into_a_pipeline_that_is_not_there(gitlab_scene: GitLabScene, wrong: dict[str, Any]) -> None:
    request = asked(gitlab_scene, a_job(OF_REQUESTS))

    with pytest.raises(GitlabCreateError, match="404 Pipeline for pipeline_id, sha and ref Not Found"):
        say(gitlab_scene, request.sha, "pending", **wrong)


def test_a_pipeline_that_is_over_goes_on_with_a_status_and_is_told_of(
    gitlab_scene: GitLabScene, told: Receiver
) -> None:
    request = asked(gitlab_scene, a_job(OF_REQUESTS))
    for state in ("pending", "success"):
        say(gitlab_scene, request.sha, state)

    gitlab_scene.sandbox.drain()

    payloads = [
        each.payload["object_attributes"] for each in told.received if each.payload["object_kind"] == "pipeline"
    ]
    states = [each["status"] for each in payloads if each["source"] == "merge_request_event"]
    assert states[-3:] == ["success", "running", "success"]


def test_a_merge_request_is_given_another_pipeline_by_whoever_asks(gitlab_scene: GitLabScene) -> None:
    request = asked(gitlab_scene, a_job(OF_REQUESTS))

    request.pipelines.create()

    assert begun(gitlab_scene) == [OWN, OWN]
    newest = held(gitlab_scene).head_pipeline
    assert newest["id"] > request.head_pipeline["id"]
    assert [each.id for each in request.pipelines.list()] == [newest["id"], request.head_pipeline["id"]]


def test_who_may_not_push_to_the_branch_begins_no_pipeline(gitlab_scene: GitLabScene) -> None:
    asked(gitlab_scene, a_job(OF_REQUESTS))

    with pytest.raises(GitlabCreateError):
        gitlab_scene.registry("mei").mergerequests.get(1).pipelines.create()


def test_own_jobs_that_fail_hold_the_merge(gitlab_scene: GitLabScene) -> None:
    request = asked(gitlab_scene, a_job(OF_REQUESTS, script="exit 1"))

    say(gitlab_scene, request.sha, "success")

    assert request.head_pipeline["status"] == JobState.FAILED
    assert held(gitlab_scene).detailed_merge_status == "ci_must_pass"


def test_the_same_branch_into_another_one_has_a_pipeline_of_its_own(gitlab_scene: GitLabScene) -> None:
    first = asked(gitlab_scene, a_job(OF_REQUESTS))
    registry = gitlab_scene.registry("raj")
    registry.branches.create({"branch": "release", "ref": "main"})

    second = registry.mergerequests.create({"source_branch": "promote", "target_branch": "release", "title": "Too"})

    told = registry.mergerequests.get(second.iid)
    assert (told.sha, told.head_pipeline["ref"]) == (first.sha, "refs/merge-requests/2/head")
    assert registry.mergerequests.get(1).head_pipeline["id"] == first.head_pipeline["id"]


def test_the_scaffold_s_pipeline_is_the_merge_request_s_own(gitlab_scene: GitLabScene) -> None:
    scaffold = dedent("""\
        variables:
          REGISTRY_BASE: {value: main, expand: false}
        registrar check:
          rules:
            - if: $CI_PIPELINE_SOURCE == "merge_request_event"
            - if: $CI_COMMIT_BRANCH == $REGISTRY_BASE
          script: [echo checked]
        """)

    asked(gitlab_scene, scaffold)

    assert begun(gitlab_scene) == [OWN]
