"""GitLab a moment after a push, a move, or an end: what the sandbox forge shows before it has caught up, and after."""

from collections.abc import Iterator
from typing import Any

import pytest
from gitlab import GitlabAuthenticationError, GitlabCreateError, GitlabMRClosedError

from sandbox.gitlab_scene import REGISTRY, GitLabScene

MORE = {"status.yaml": "Production: 1.1.0\n"}


@pytest.fixture
def merge_request(gitlab_scene: GitLabScene) -> Any:
    """As raj sees it, who asked for it."""
    return gitlab_scene.merge_request()


@pytest.fixture
def behind(gitlab_scene: GitLabScene, merge_request: Any) -> Iterator[str]:
    """The commit of a push that the forge has not caught up with; ana approved what was there before."""
    settings = gitlab_scene.sandbox.store.repository(REGISTRY).settings
    settings.reset_approvals_on_push = True
    gitlab_scene.registry("ana").mergerequests.get(merge_request.iid).approve()
    gitlab_scene.sandbox.lag(None)
    yield gitlab_scene.push("raj", "promote", MORE)
    gitlab_scene.sandbox.lag(0)


def seen(scene: GitLabScene) -> Any:
    return scene.registry("mei").mergerequests.get(1)


def test_a_push_is_seen_a_moment_later(gitlab_scene: GitLabScene, merge_request: Any, behind: str) -> None:
    before = seen(gitlab_scene)
    assert (before.sha, len(before.diffs.list())) == (merge_request.sha, 1)

    gitlab_scene.sandbox.catch_up()

    assert (seen(gitlab_scene).sha, len(seen(gitlab_scene).diffs.list())) == (behind, 2)


def test_an_approval_is_listed_until_the_forge_has_looked_through_them(gitlab_scene: GitLabScene, behind: str) -> None:
    assert [each["user"]["username"] for each in seen(gitlab_scene).approvals.get().approved_by] == ["ana"]

    gitlab_scene.sandbox.catch_up()

    assert (seen(gitlab_scene).approvals.get().approved_by, seen(gitlab_scene).sha) == ([], behind)


def test_work_is_done_after_so_many_questions(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    gitlab_scene.sandbox.lag(2)
    sha = gitlab_scene.push("raj", "promote", MORE)

    answers = [seen(gitlab_scene) for _ in range(6)]

    assert [each.sha for each in answers] == [merge_request.sha] * 2 + [sha] * 4
    states = [each.detailed_merge_status for each in answers]
    assert states == ["mergeable", "mergeable", "checking", "checking", "mergeable", "mergeable"]


def test_a_new_merge_request_is_prepared_first(gitlab_scene: GitLabScene) -> None:
    gitlab_scene.sandbox.lag(None)

    found = gitlab_scene.merge_request()

    assert (found.detailed_merge_status, found.diff_refs, found.changes_count) == ("preparing", None, None)
    with pytest.raises(GitlabMRClosedError, match="405 Method Not Allowed"):
        found.merge(sha=found.sha)
    gitlab_scene.sandbox.catch_up()
    assert seen(gitlab_scene).detailed_merge_status == "mergeable"


def test_what_is_being_checked_is_not_merged(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    gitlab_scene.push("raj", "dev", {"other": "1\n"})
    gitlab_scene.sandbox.lag(None)
    merge_request.target_branch = "dev"
    merge_request.save()

    with pytest.raises(GitlabMRClosedError, match="Branch cannot be merged") as refused:
        merge_request.merge(sha=merge_request.sha)

    assert (refused.value.response_code, seen(gitlab_scene).detailed_merge_status) == (422, "checking")


def test_a_moved_project_is_found_by_its_old_name_to_be_read_alone(gitlab_scene: GitLabScene) -> None:
    gitlab_scene.sandbox.move_repository(REGISTRY, "acme/models")

    read = gitlab_scene.answer("ana", "GET", "/projects/acme%2Fml%2Fregistry/merge_requests?state=all")
    written = gitlab_scene.answer("ana", "PUT", "/projects/acme%2Fml%2Fregistry", json={"description": "x"})

    address = f"{gitlab_scene.sandbox.url}/api/v4/projects/1/merge_requests?state=all"
    assert (read.status_code, read.headers["Location"]) == (301, address)
    assert (written.status_code, written.json()) == (
        405,
        {"message": "Non GET methods are not allowed for moved projects"},
    )
    assert gitlab_scene.registry("ana").path_with_namespace == "acme/models"


def test_nobody_writes_to_an_archived_project(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    gitlab_scene.registry("ana").archive()

    with pytest.raises(GitlabCreateError, match="403 Forbidden"):
        merge_request.notes.create({"body": "Hello?"})

    assert gitlab_scene.registry("raj").archived
    tree = gitlab_scene.work_tree("raj", name="late")
    tree.commit({"late": "1\n"}, "Late")
    assert "archived" in tree.git("push", "origin", "HEAD:late", succeeds=False)


@pytest.mark.parametrize(("how", "words"), [("expired", "Token is expired"), ("revoked", "Token was revoked")])
def test_a_token_that_ended_says_so(gitlab_scene: GitLabScene, how: Any, words: str) -> None:
    gitlab_scene.sandbox.end_token("raj", how)

    with pytest.raises(GitlabAuthenticationError):
        gitlab_scene.registry("raj")

    answer = gitlab_scene.answer("raj", "GET", "/user")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    assert words in answer.json()["error_description"]


def test_a_deleted_fork_leaves_a_merge_request_without_a_source(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    gitlab_scene.sandbox.delete_fork_of(REGISTRY, merge_request.iid)

    assert (seen(gitlab_scene).source_project_id, seen(gitlab_scene).target_project_id) == (None, 1)
