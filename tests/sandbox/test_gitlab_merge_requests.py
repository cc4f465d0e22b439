"""Merge requests on GitLab's side of the sandbox forge: asked for, changed, approved and merged."""

from typing import Any

import pytest
from gitlab import GitlabAuthenticationError, GitlabCreateError, GitlabMRApprovalError, GitlabMRClosedError

from sandbox.gitlab_scene import REGISTRY, GitLabScene


@pytest.fixture
def merge_request(gitlab_scene: GitLabScene) -> Any:
    """As raj sees it, who asked for it."""
    return gitlab_scene.merge_request()


def statuses_of(scene: GitLabScene, number: int = 1) -> str:
    return str(scene.registry("mei").mergerequests.get(number).detailed_merge_status)


def test_a_merge_request_says_what_it_brings_and_where(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    found = gitlab_scene.registry("mei").mergerequests.get(merge_request.iid)

    assert (found.state, found.source_branch, found.target_branch) == ("opened", "promote", "main")
    assert (found.author["username"], found.sha) == ("raj", found.diff_refs["head_sha"])
    assert found.web_url == f"{gitlab_scene.sandbox.url}/{REGISTRY}/-/merge_requests/1"
    assert [each.title for each in found.commits()] == ["Promote 1.0.0"]
    assert found.detailed_merge_status == "mergeable"


def test_one_branch_has_one_open_merge_request(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    again = {"source_branch": "promote", "target_branch": "main", "title": "Again"}

    with pytest.raises(GitlabCreateError, match="Another open merge request already exists") as refused:
        gitlab_scene.registry("raj").mergerequests.create(again)

    assert (refused.value.response_code, merge_request.iid) == (409, 1)


def test_a_reporter_may_talk_but_not_ask_for_a_merge(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    registry = gitlab_scene.registry("mei")

    with pytest.raises(GitlabCreateError, match="403 Forbidden"):
        registry.mergerequests.create({"source_branch": "promote", "target_branch": "x", "title": "Mine"})

    assert registry.mergerequests.get(merge_request.iid).notes.create({"body": "Why?"}).author["username"] == "mei"


def test_the_title_says_whether_it_is_a_draft(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    merge_request.title = "Draft: Promote"
    merge_request.save()
    assert (merge_request.draft, statuses_of(gitlab_scene)) == (True, "draft_status")

    merge_request.title = "Promote"
    merge_request.save()

    assert (merge_request.draft, statuses_of(gitlab_scene)) == (False, "mergeable")


def test_merge_requests_are_found_by_branch_and_state(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    requests = gitlab_scene.registry("mei").mergerequests

    found = requests.list(source_branch="promote", target_branch="main", state="opened")

    assert [each.iid for each in found] == [merge_request.iid]
    assert requests.list(state="merged") == requests.list(source_branch="other") == []


def test_every_push_and_every_other_target_makes_a_version(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    first = merge_request.sha
    second = gitlab_scene.push("raj", "promote", {"status.yaml": "Production: 1.1.0\n"})
    gitlab_scene.push("raj", "dev", {"other": "1\n"})

    merge_request.target_branch = "dev"
    merge_request.save()

    versions = gitlab_scene.registry("mei").mergerequests.get(1).diffs.list()
    assert [each.head_commit_sha for each in versions] == [second, second, first]
    assert versions[0].start_commit_sha != versions[1].start_commit_sha
    assert [each.created_at for each in versions] == sorted((each.created_at for each in versions), reverse=True)


def test_an_approval_says_since_when_and_can_be_taken_back(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    of_ana = gitlab_scene.registry("ana").mergerequests.get(1)

    of_ana.approve()

    [approval] = merge_request.approvals.get().approved_by
    assert approval["user"]["username"] == "ana"
    assert approval["approved_at"] > merge_request.diffs.list()[0].created_at
    of_ana.unapprove()
    assert merge_request.approvals.get().approved_by == []


def test_nobody_approves_twice_or_something_else_than_they_mean(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    of_ana = gitlab_scene.registry("ana").mergerequests.get(1)
    with pytest.raises(GitlabMRApprovalError, match="SHA does not match HEAD of source branch"):
        of_ana.approve(sha="0" * 40)
    of_ana.approve(sha=merge_request.sha)

    with pytest.raises(GitlabAuthenticationError, match="401 Unauthorized"):
        gitlab_scene.registry("ana").mergerequests.get(1).approve()


def test_whoever_asks_may_approve_on_gitlab(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    merge_request.approve()

    approvals = gitlab_scene.registry("mei").mergerequests.get(1).approvals.get()

    assert [each["user"]["username"] for each in approvals.approved_by] == ["raj"]


def test_on_the_free_tier_nothing_is_left_to_approve(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    approvals = merge_request.approvals.get()

    assert (approvals.approved, approvals.approvals_left, approvals.approved_by) == (True, 0, [])
    assert merge_request.approval_state.get().rules == []
    assert statuses_of(gitlab_scene) == "mergeable"


def test_a_code_owner_rule_without_a_valid_owner_approves_itself(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    gitlab_scene.sandbox.protect(REGISTRY, "main", code_owner_review=True)
    settings = gitlab_scene.sandbox.store.repository(REGISTRY).settings
    settings.is_premium, settings.code_owners = True, ("ana",)
    assert statuses_of(gitlab_scene) == "not_approved"

    settings.code_owners = ("eve",)

    assert (statuses_of(gitlab_scene), merge_request.approvals.get().approved_by) == ("mergeable", [])


def test_approvals_go_with_a_push_where_the_project_is_set_so(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    gitlab_scene.sandbox.store.repository(REGISTRY).settings.reset_approvals_on_push = True
    gitlab_scene.registry("ana").mergerequests.get(1).approve()

    gitlab_scene.push("raj", "promote", {"status.yaml": "Production: 1.1.0\n"})

    assert merge_request.approvals.get().approved_by == []


def test_changes_are_requested_by_a_quick_action(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    of_ana = gitlab_scene.registry("ana").mergerequests.get(1)
    of_ana.approve()

    gitlab_scene.registry("ana").mergerequests.get(1).notes.create({"body": "/request_changes"})

    [reviewer] = gitlab_scene.answer("mei", "GET", "/projects/1/merge_requests/1/reviewers").json()
    assert (reviewer["user"]["username"], reviewer["state"]) == ("ana", "requested_changes")
    assert merge_request.approvals.get().approved_by == []


def test_a_merge_says_what_it_merges(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    with pytest.raises(GitlabMRClosedError, match="SHA must be provided when merging"):
        merge_request.merge()
    with pytest.raises(GitlabMRClosedError, match="SHA does not match HEAD of source branch") as refused:
        merge_request.merge(sha="0" * 40)
    assert refused.value.response_code == 409

    merge_request.merge(sha=merge_request.sha)

    found = gitlab_scene.registry("mei").mergerequests.get(1)
    assert (found.state, found.merged_by["username"]) == ("merged", "raj")
    commit = gitlab_scene.registry("mei").commits.get("main")
    assert (found.merge_commit_sha, found.squash_commit_sha) == (commit.id, None)
    assert commit.parent_ids == [found.diff_refs["start_sha"], found.sha]


@pytest.mark.parametrize(
    ("method", "squash", "shas"),
    [
        pytest.param("merge", True, (True, True), id="merge commit of a squash commit"),
        pytest.param("ff", True, (False, True), id="squash commit alone"),
        pytest.param("ff", False, (False, False), id="fast-forward"),
        pytest.param("rebase_merge", False, (True, False), id="semi-linear"),
    ],
)
def test_a_project_says_how_its_merge_requests_land(
    gitlab_scene: GitLabScene, merge_request: Any, method: str, squash: object, shas: tuple[bool, bool]
) -> None:
    registry = gitlab_scene.registry("ana")
    registry.merge_method = method
    registry.save()

    merge_request.merge(sha=merge_request.sha, squash=squash)

    found = registry.mergerequests.get(1)
    assert (found.merge_commit_sha is not None, found.squash_commit_sha is not None) == shas
    tip = registry.commits.get("main").id
    assert tip == (found.merge_commit_sha or found.squash_commit_sha or found.sha)


def test_a_branch_that_is_behind_is_rebased_before_it_moves_forward(
    gitlab_scene: GitLabScene, merge_request: Any
) -> None:
    registry = gitlab_scene.registry("ana")
    registry.merge_method = "ff"
    registry.save()
    gitlab_scene.push("raj", "main", {"README.md": "# More\n"})
    assert statuses_of(gitlab_scene) == "need_rebase"
    with pytest.raises(GitlabMRClosedError, match="Branch cannot be merged") as refused:
        merge_request.merge(sha=merge_request.sha)
    assert refused.value.response_code == 422

    merge_request.rebase()

    found = gitlab_scene.registry("raj").mergerequests.get(1)
    assert found.sha != merge_request.sha
    assert (len(found.diffs.list()), statuses_of(gitlab_scene)) == (2, "mergeable")


def test_what_lands_by_another_way_is_merged_without_a_commit(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    gitlab_scene.land("raj", "promote")

    found = gitlab_scene.registry("mei").mergerequests.get(1)

    assert (found.state, found.merge_commit_sha, found.squash_commit_sha) == ("merged", None, None)
    assert found.sha == merge_request.sha
