import pytest
from github import GithubException

from sandbox.scene import REGISTRY, Scene


def test_a_pull_request_says_what_it_brings_where(scene: Scene) -> None:
    found = scene.pull_request(author="raj")

    assert (found.number, found.state, found.user.login) == (1, "open", "raj")
    assert (found.head.ref, found.base.ref, found.merged) == ("promote", "main", False)
    assert (found.mergeable, found.mergeable_state) == (True, "clean")
    assert (found.commits, found.changed_files, found.additions, found.deletions) == (1, 1, 1, 1)
    assert found.html_url == f"{scene.sandbox.url}/{REGISTRY}/pull/1"


def test_its_commits_name_the_accounts_that_wrote_them(scene: Scene) -> None:
    found = scene.pull_request(author="raj")

    (commit,) = found.get_commits()

    assert (commit.author.login, commit.committer.login, commit.sha) == ("raj", "raj", found.head.sha)


def test_a_commit_of_an_unknown_address_names_no_account(scene: Scene) -> None:
    tree = scene.work_tree()
    tree.push({"a": "a"}, "Start")
    tree.git("-c", "user.name=x", "commit", "--quiet", "--allow-empty", "-m", "Two", "--author=Kim <kim@else.where>")
    tree.git("push", "--quiet", "origin", "HEAD:topic")

    commit = scene.registry("ana").get_commit("topic")

    assert commit.author is None
    assert (commit.commit.author.name, commit.committer.login) == ("Kim", "raj")


def test_its_files_tell_how_each_changed(scene: Scene) -> None:
    found = scene.pull_request(files={"status.yaml": "Production: 1.0.0\n", "models/new.yaml": "description: x\n"})

    files = {each.filename: each for each in found.get_files()}

    assert {name: each.status for name, each in files.items()} == {
        "models/new.yaml": "added",
        "status.yaml": "modified",
    }
    assert files["status.yaml"].patch == "@@ -1 +1 @@\n-Staging: 1.0.0\n+Production: 1.0.0"


def test_a_renamed_file_keeps_its_old_name_in_mind(scene: Scene) -> None:
    tree = scene.work_tree()
    tree.push({"old.yaml": "a: 1\nb: 2\nc: 3\n"}, "Start")
    tree.git("mv", "old.yaml", "new.yaml")
    tree.push({}, "Rename", branch="topic")

    found = scene.registry("raj").create_pull(base="main", head="topic", title="Rename")

    assert [(each.status, each.previous_filename) for each in found.get_files()] == [("renamed", "old.yaml")]


@pytest.mark.parametrize(
    ("head", "base", "complaint"),
    [
        pytest.param("nowhere", "main", "invalid", id="no such head"),
        pytest.param("promote", "nowhere", "invalid", id="no such base"),
        pytest.param("promote", "main", "already exists for acme:promote", id="asked for already"),
        pytest.param("main", "main", "No commits between main and main", id="nothing in it"),
        pytest.param("kim:promote", "main", "invalid", id="from a fork"),
    ],
)
def test_a_pull_request_that_cannot_be_is_refused(scene: Scene, head: str, base: str, complaint: str) -> None:
    scene.pull_request()

    with pytest.raises(GithubException, match=complaint) as refused:
        scene.registry("raj").create_pull(base=base, head=head, title="Again")

    assert refused.value.status == 422


def test_pull_requests_are_listed_by_state_and_branches(scene: Scene) -> None:
    scene.pull_request().edit(state="closed")
    registry = scene.registry("raj")
    again = registry.create_pull(base="main", head="acme:promote", title="Again")

    listed = {
        "open": [each.number for each in registry.get_pulls()],
        "all": [each.number for each in registry.get_pulls(state="all", head="acme:promote", base="main")],
        "closed": [each.number for each in registry.get_pulls(state="closed")],
        "elsewhere": [each.number for each in registry.get_pulls(state="all", base="dev")],
        "oldest first": [each.number for each in registry.get_pulls(state="all", direction="asc")],
        "by change": [each.number for each in registry.get_pulls(state="all", sort="updated", direction="desc")],
    }

    assert again.number == 2
    assert listed == {
        "open": [2],
        "all": [2, 1],
        "closed": [1],
        "elsewhere": [],
        "oldest first": [1, 2],
        "by change": [2, 1],
    }


def test_a_reader_may_not_close_what_another_opened(scene: Scene) -> None:
    scene.pull_request(author="raj")

    with pytest.raises(GithubException) as refused:
        scene.registry("mei").get_pull(1).edit(state="closed")

    assert refused.value.status == 403


def test_a_pull_request_whose_branch_is_gone_is_closed(scene: Scene) -> None:
    scene.pull_request()
    scene.work_tree("ana", name="other").git("push", "origin", ":promote")

    found = scene.registry("ana").get_pull(1)

    assert (found.state, found.merged) == ("closed", False)


def test_branches_that_conflict_cannot_be_merged(scene: Scene) -> None:
    scene.pull_request(files={"status.yaml": "Production: 1.0.0\n"})
    other = scene.work_tree("ana", name="other")
    other.git("pull", "--quiet", "origin", "main")
    other.push({"status.yaml": "Production: 2.0.0\n"}, "Meanwhile")

    found = scene.registry("ana").get_pull(1)

    assert (found.mergeable, found.mergeable_state) == (False, "dirty")
    with pytest.raises(GithubException) as refused:
        found.merge()
    assert refused.value.status == 405


@pytest.mark.parametrize(
    ("method", "parents", "subject"),
    [
        pytest.param("merge", 2, "Merge pull request #1 from acme/promote", id="merge"),
        pytest.param("squash", 1, "Promote 1.0.0 (#1)", id="squash"),
        pytest.param("rebase", 1, "Promote 1.0.0", id="rebase"),
    ],
)
def test_a_merge_lands_by_the_method_asked_for(scene: Scene, method: str, parents: int, subject: str) -> None:
    scene.pull_request()
    registry = scene.registry("ana")

    landed = registry.get_pull(1).merge(merge_method=method)

    found, commit = registry.get_pull(1), registry.get_commit(landed.sha)
    assert (found.merged, found.merge_commit_sha, found.merged_by.login) == (True, landed.sha, "ana")
    assert (len(commit.parents), commit.commit.message.splitlines()[0]) == (parents, subject)
    assert registry.get_branch("main").commit.sha == landed.sha
    assert registry.get_contents("status.yaml").decoded_content == b"Production: 1.0.0\n"  # type: ignore[union-attr] # a file
    assert found.is_merged()


def test_a_merge_of_another_head_than_meant_is_refused(scene: Scene) -> None:
    found = scene.pull_request()

    with pytest.raises(GithubException) as refused:
        found.merge(sha=found.base.sha)

    assert refused.value.status == 409


def test_what_is_merged_is_not_merged_again(scene: Scene) -> None:
    found = scene.pull_request()
    found.merge()

    with pytest.raises(GithubException) as refused:
        found.merge()

    assert refused.value.status == 405


def test_a_head_that_reached_its_base_another_way_is_merged_too(scene: Scene) -> None:
    scene.pull_request()
    other = scene.work_tree("ana", name="other")
    other.git("fetch", "--quiet", "origin", "promote")
    other.git("push", "--quiet", "origin", "FETCH_HEAD:main")

    found = scene.registry("ana").get_pull(1)

    assert (found.merged, found.merged_by.login, found.merge_commit_sha) == (True, "ana", found.head.sha)


def test_the_pull_request_of_a_commit_is_found(scene: Scene) -> None:
    found = scene.pull_request()
    landed = found.merge()
    registry = scene.registry("raj")

    assert [each.number for each in registry.get_commit(landed.sha).get_pulls()] == [1]
    assert [each.number for each in registry.get_commit(found.head.sha).get_pulls()] == [1]
    assert not list(registry.get_commit(found.base.sha).get_pulls())


def test_a_draft_cannot_be_merged(scene: Scene) -> None:
    scene.pull_request().edit(state="closed")

    draft = scene.registry("raj").create_pull(base="main", head="promote", title="Not yet", draft=True)

    assert (draft.draft, draft.mergeable_state) == (True, "draft")
    with pytest.raises(GithubException, match="draft"):
        draft.merge()


def test_what_is_merged_is_not_opened_again(scene: Scene) -> None:
    found = scene.pull_request()
    found.merge()

    with pytest.raises(GithubException) as refused:
        found.edit(state="open")

    assert refused.value.status == 422


@pytest.mark.parametrize(
    "edit", [pytest.param({"base": "nowhere"}, id="base"), pytest.param({"state": "gone"}, id="state")]
)
def test_an_edit_that_cannot_be_changes_nothing(scene: Scene, edit: dict[str, str]) -> None:
    scene.pull_request()

    answer = scene.answer("raj", "PATCH", f"/repos/{REGISTRY}/pulls/1", edit | {"title": "Another"})

    assert answer.status_code == 422
    assert scene.registry("raj").get_pull(1).title == "Promote 1.0.0"


def test_commits_that_conflict_one_by_one_cannot_be_rebased(scene: Scene) -> None:
    scene.pull_request()
    mine, other = scene.work_tree("raj", name="mine"), scene.work_tree("ana", name="other")
    mine.git("pull", "--quiet", "origin", "promote")
    mine.push({"status.yaml": "Staging: 1.0.0\n"}, "Take it back", branch="promote")
    other.git("pull", "--quiet", "origin", "main")
    other.push({"status.yaml": "QA: 1.0.0\n"}, "Meanwhile")

    with pytest.raises(GithubException, match="can't be rebased"):
        scene.registry("ana").get_pull(1).merge(merge_method="rebase")


def test_a_merge_within_a_branch_is_left_out_when_it_is_rebased(scene: Scene) -> None:
    scene.pull_request()
    mine, other = scene.work_tree("raj", name="mine"), scene.work_tree("ana", name="other")
    other.git("pull", "--quiet", "origin", "main")
    other.push({"other.yaml": "a"}, "Meanwhile")
    mine.git("pull", "--quiet", "origin", "promote")
    mine.git("pull", "--quiet", "--no-rebase", "--no-edit", "origin", "main")
    mine.git("push", "--quiet", "origin", "HEAD:promote")

    landed = scene.registry("ana").get_pull(1).merge(merge_method="rebase")

    subjects = [each.commit.message for each in scene.registry("ana").get_commits(sha=landed.sha)]
    assert subjects == ["Promote 1.0.0", "Meanwhile", "Start"]
