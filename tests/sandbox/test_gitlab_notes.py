"""Notes on GitLab's side of the sandbox forge, and the commands that lines of them are."""

from typing import Any

import pytest
from gitlab import GitlabCreateError, GitlabDeleteError, GitlabGetError, GitlabUpdateError

from sandbox.gitlab_scene import GitLabScene

NOTES = "/projects/1/merge_requests/1/notes"


@pytest.fixture
def merge_request(gitlab_scene: GitLabScene) -> Any:
    """As raj sees it, who asked for it."""
    return gitlab_scene.merge_request()


def seen_by(scene: GitLabScene, login: str) -> Any:
    return scene.registry(login).mergerequests.get(1)


def approvers(merge_request: Any) -> list[str]:
    return [each["user"]["username"] for each in merge_request.approvals.get().approved_by]


def test_a_note_is_written_edited_and_taken_away(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    note = seen_by(gitlab_scene, "mei").notes.create({"body": "Why?"})

    note.body = "Why not?"
    note.save()

    found = merge_request.notes.get(note.id)
    assert (found.body, found.author["username"], found.system) == ("Why not?", "mei", False)
    assert found.updated_at > found.created_at
    note.delete()
    with pytest.raises(GitlabGetError, match="404"):
        merge_request.notes.get(note.id)


def test_a_note_is_changed_by_its_author_alone(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    note = merge_request.notes.create({"body": "Mine"})

    theirs = seen_by(gitlab_scene, "mei").notes.get(note.id)

    theirs.body = "Yours"
    with pytest.raises(GitlabUpdateError, match="403"):
        theirs.save()
    with pytest.raises(GitlabDeleteError, match="403"):
        theirs.delete()


def test_a_note_of_commands_alone_is_obeyed_and_not_written(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    answer = gitlab_scene.answer("ana", "POST", NOTES, json={"body": "/approve"})

    assert (answer.status_code, answer.json()["summary"]) == (202, ["Approved the current merge request."])
    assert approvers(merge_request) == ["ana"]
    assert [each.body for each in merge_request.notes.list() if not each.system] == []


def test_a_command_among_words_is_obeyed_and_taken_away(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    note = seen_by(gitlab_scene, "ana").notes.create({"body": "Fine.\n/APPROVE\n/close\nThanks."})

    assert note.body == "Fine.\nThanks."
    assert approvers(merge_request) == ["ana"]
    assert seen_by(gitlab_scene, "mei").state == "closed"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("please /approve", id="within a line"),
        pytest.param("`/approve`", id="quoted as code"),
        pytest.param("```\n/approve\n```", id="in a block of code"),
        pytest.param("~~~text\n```\n/approve\n~~~", id="in a block of code that shows another"),
        pytest.param("\\/approve", id="escaped"),
        pytest.param("/registrar approve", id="of somebody else's"),
    ],
)
def test_what_only_looks_like_a_command_is_said(gitlab_scene: GitLabScene, merge_request: Any, text: str) -> None:
    note = seen_by(gitlab_scene, "ana").notes.create({"body": text})

    assert (note.body, approvers(merge_request)) == (text, [])


def test_a_command_needs_the_right_to_do_it_oneself(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    with pytest.raises(GitlabCreateError, match="Could not apply approve command") as refused:
        seen_by(gitlab_scene, "mei").notes.create({"body": "/approve"})

    assert (refused.value.response_code, approvers(merge_request)) == (400, [])


def test_a_description_is_obeyed_as_well(merge_request: Any) -> None:
    merge_request.description = "Digits 1.0.0\n/approve\nread digits"
    merge_request.save()

    assert merge_request.description == "Digits 1.0.0\nread digits"
    assert approvers(merge_request) == ["raj"]


def test_a_merge_by_command_says_what_it_merges(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    with pytest.raises(GitlabCreateError, match="Could not apply merge command"):
        merge_request.notes.create({"body": "/merge"})

    merge_request.notes.create({"body": "/merge", "merge_request_diff_head_sha": merge_request.sha})

    assert seen_by(gitlab_scene, "mei").state == "merged"


def test_a_command_changes_the_target_branch(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    gitlab_scene.push("raj", "dev", {"other": "1\n"})

    merge_request.notes.create({"body": "/target_branch dev"})

    assert seen_by(gitlab_scene, "mei").target_branch == "dev"
    notes = [each.body for each in merge_request.notes.list(sort="asc") if each.system]
    assert notes == ["changed target branch from `main` to `dev`"]


def test_gitlab_notes_who_approved_and_what_was_pushed(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    seen_by(gitlab_scene, "ana").approve()
    sha = gitlab_scene.push("raj", "promote", {"status.yaml": "Production: 1.1.0\n"})
    seen_by(gitlab_scene, "ana").unapprove()

    notes = merge_request.notes.list(sort="asc", activity_filter="only_activity")

    assert [(each.author["username"], each.body.partition("\n")[0]) for each in notes] == [
        ("ana", "approved this merge request"),
        ("raj", "added 1 commit"),
        ("ana", "unapproved this merge request"),
    ]
    assert sha[:8] in notes[1].body


def test_an_internal_note_is_for_members(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    note = merge_request.notes.create({"body": "Between us", "internal": True})

    assert note.internal
    assert [each.id for each in seen_by(gitlab_scene, "mei").notes.list()] == [note.id]
    assert seen_by(gitlab_scene, "eve").notes.list() == []


@pytest.mark.parametrize(
    ("size", "status_code"), [pytest.param(1_000_000, 201, id="fits"), pytest.param(1_000_001, 400, id="too long")]
)
def test_a_note_has_a_million_characters_at_most(
    gitlab_scene: GitLabScene, merge_request: Any, size: int, status_code: int
) -> None:
    answer = gitlab_scene.answer("raj", "POST", NOTES, json={"body": "ü" * size})

    assert (answer.status_code, merge_request.iid) == (status_code, 1)
