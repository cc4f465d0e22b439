"""Statuses of commits on GitLab's side of the sandbox forge, and the pipelines that they are part of."""

from typing import Any

import pytest
from gitlab import GitlabCreateError, GitlabMRClosedError

from sandbox.gitlab_scene import GitLabScene


@pytest.fixture
def merge_request(gitlab_scene: GitLabScene) -> Any:
    """As raj sees it, who asked for it."""
    return gitlab_scene.merge_request()


def say(scene: GitLabScene, sha: str, state: str, words: str = "", *, login: str = "registrar-bot", **more: str) -> Any:
    wish = {"state": state, "name": "registrar", "description": words} | more
    return scene.registry(login).commits.get(sha, lazy=True).statuses.create(wish)


def told(scene: GitLabScene, sha: str, *, everything: bool = False) -> list[tuple[str, str]]:
    wish = {"all": everything}  # to the client itself, `all` means all pages
    found = scene.registry("mei").commits.get(sha, lazy=True).statuses.list(query_parameters=wish)
    return [(each.status, each.description) for each in found]


@pytest.mark.parametrize(
    ("states", "refusal"),
    [
        pytest.param(["pending", "pending"], ":enqueue from :pending", id="pending again"),
        pytest.param(["running", "running"], ":run from :running", id="running again"),
        pytest.param(["running", "pending"], ":enqueue from :running", id="back to pending"),
    ],
)
def test_a_status_that_goes_on_does_not_go_back(
    gitlab_scene: GitLabScene, merge_request: Any, states: list[str], refusal: str
) -> None:
    for state in states[:-1]:
        say(gitlab_scene, merge_request.sha, state, "as before")

    with pytest.raises(GitlabCreateError, match=f"Cannot transition status via {refusal}") as refused:
        say(gitlab_scene, merge_request.sha, states[-1], "other words")

    assert refused.value.response_code == 400
    assert told(gitlab_scene, merge_request.sha) == [(states[0], "as before")]


def test_a_status_moves_on_in_place(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    ids = {say(gitlab_scene, merge_request.sha, state, state).id for state in ("pending", "running", "success")}

    assert len(ids) == 1
    assert told(gitlab_scene, merge_request.sha) == [("success", "success")]


def test_a_status_that_ended_begins_anew(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    for state in ("success", "success", "pending"):
        say(gitlab_scene, merge_request.sha, state, state)

    assert told(gitlab_scene, merge_request.sha) == [("pending", "pending")]
    assert [state for state, _ in told(gitlab_scene, merge_request.sha, everything=True)] == [
        "success",
        "success",
        "pending",
    ]


def test_everyone_speaks_for_themselves_and_the_last_one_counts(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    say(gitlab_scene, merge_request.sha, "pending", "waiting for ana")

    say(gitlab_scene, merge_request.sha, "success", "all fine", login="raj")

    assert told(gitlab_scene, merge_request.sha) == [("success", "all fine")]
    assert len(told(gitlab_scene, merge_request.sha, everything=True)) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"description": "x" * 256}, id="too many words"),
        pytest.param({"target_url": "javascript:alert(1)"}, id="no address"),
        pytest.param({"state": "perfect"}, id="no state"),
    ],
)
def test_a_status_that_makes_no_sense_is_refused(
    gitlab_scene: GitLabScene, merge_request: Any, wrong: dict[str, str]
) -> None:
    state = wrong.pop("state", "success")

    with pytest.raises(GitlabCreateError) as refused:
        say(gitlab_scene, merge_request.sha, state, **wrong)

    assert (refused.value.response_code, told(gitlab_scene, merge_request.sha)) == (400, [])


def test_a_commit_on_no_branch_has_no_status(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    with pytest.raises(GitlabCreateError, match="404 Commit Not Found"):
        say(gitlab_scene, "0" * 40, "success")

    assert merge_request.iid == 1


def test_a_status_makes_the_pipeline_that_a_merge_waits_for(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    registry = gitlab_scene.registry("ana")
    registry.only_allow_merge_if_pipeline_succeeds = True
    registry.save()
    seen = [registry.mergerequests.get(1).detailed_merge_status]
    for state in ("pending", "failed", "pending"):
        say(gitlab_scene, merge_request.sha, state)
        seen.append(registry.mergerequests.get(1).detailed_merge_status)
    with pytest.raises(GitlabMRClosedError, match="405 Method Not Allowed"):
        merge_request.merge(sha=merge_request.sha)
    say(gitlab_scene, merge_request.sha, "success")

    merge_request.merge(sha=merge_request.sha)

    assert seen == ["ci_must_pass", "ci_still_running", "ci_must_pass", "ci_still_running"]
    [pipeline] = registry.pipelines.list(sha=merge_request.sha)
    assert (pipeline.source, pipeline.status, pipeline.ref) == ("external", "success", "promote")


def test_a_status_on_a_protected_branch_is_for_who_may_merge_into_it(
    gitlab_scene: GitLabScene, merge_request: Any
) -> None:
    registry = gitlab_scene.registry("ana")
    tip = registry.branches.get("main").commit["id"]
    registry.protectedbranches.create({"name": "main", "push_access_level": 0, "merge_access_level": 40})

    with pytest.raises(GitlabCreateError, match="403 Forbidden"):
        say(gitlab_scene, tip, "success", ref="main")

    assert say(gitlab_scene, tip, "success", login="ana", ref="main").ref == "main"
    assert say(gitlab_scene, merge_request.sha, "success").ref == "promote"
