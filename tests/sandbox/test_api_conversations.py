import pytest
from github import GithubException, UnknownObjectException

from sandbox.scene import REGISTRY, Scene


def test_a_comment_can_be_read_changed_and_taken_away(scene: Scene) -> None:
    found = scene.pull_request()

    written = found.create_issue_comment("First words.")
    written.edit("Better words.")

    assert [(each.id, each.body, each.user.login) for each in found.get_issue_comments()] == [
        (written.id, "Better words.", "raj")
    ]
    assert found.get_issue_comment(written.id).html_url == f"{found.html_url}#issuecomment-{written.id}"
    written.delete()
    with pytest.raises(UnknownObjectException):
        found.get_issue_comment(written.id)


def test_an_app_that_was_given_no_right_to_write_cannot_comment(scene: Scene) -> None:
    scene.sandbox.add_bot("reader[bot]")
    scene.sandbox.grant(REGISTRY, "reader[bot]", "read")
    number = scene.pull_request().number

    refused = scene.answer("reader[bot]", "POST", f"/repos/{REGISTRY}/issues/{number}/comments", {"body": "Hers."})

    assert (refused.status_code, refused.json()["message"]) == (403, "Resource not accessible by integration")


def test_others_comments_are_changed_only_by_those_who_may_write(scene: Scene) -> None:
    written = scene.pull_request().create_issue_comment("Mine.")

    refused = scene.answer("mei", "PATCH", f"/repos/{REGISTRY}/issues/comments/{written.id}", {"body": "Hers."})
    taken = scene.answer("ana", "PATCH", f"/repos/{REGISTRY}/issues/comments/{written.id}", {"body": "Ours."})

    assert (refused.status_code, taken.json()["body"]) == (403, "Ours.")


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        pytest.param(" \n", "custom|invalid", id="blank"),
        pytest.param("x" * 65_537, "invalid", id="longer than GitHub takes"),
    ],
)
def test_a_comment_that_github_would_not_take_is_refused(scene: Scene, body: str, complaint: str) -> None:
    found = scene.pull_request()

    with pytest.raises(GithubException, match=complaint) as refused:
        found.create_issue_comment(body)

    assert refused.value.status == 422


def test_any_text_comes_back_as_it_was_written(scene: Scene) -> None:
    text = "né 🦆 <b>&amp;</b>\n\n| a | b |\r\n|---|---|\n\u2028"

    written = scene.pull_request().create_issue_comment(text)

    assert scene.registry("mei").get_issue(1).get_comment(written.id).body == text


def test_a_pull_request_is_an_issue_as_well(scene: Scene) -> None:
    found = scene.pull_request()

    issue = scene.registry("mei").get_issue(1)

    assert issue.pull_request is not None
    assert (issue.title, issue.pull_request.html_url) == (found.title, found.html_url)


def test_a_pull_request_tells_who_aimed_it_at_another_branch(scene: Scene) -> None:
    found = scene.pull_request()
    scene.work_tree("ana", name="release").push({"README.md": "Released\n"}, "Release", branch="release")

    found.edit(title="Promote it")
    found.edit(base="release")
    scene.registry("ana").get_pull(1).edit(base="main")

    events = list(scene.registry("mei").get_issue(1).get_events())
    assert [(each.event, each.actor.login) for each in events] == [
        ("base_ref_changed", "raj"),
        ("base_ref_changed", "ana"),
    ]


def test_an_edit_to_a_branch_that_is_not_there_is_no_event(scene: Scene) -> None:
    scene.pull_request()

    scene.answer("raj", "PATCH", f"/repos/{REGISTRY}/pulls/1", {"base": "nowhere"})

    assert scene.answer("mei", "GET", f"/repos/{REGISTRY}/issues/1/events").json() == []


def test_an_issue_is_no_pull_request(scene: Scene) -> None:
    issue = scene.registry("mei").create_issue("Please promote digits", body="When you can.")

    assert (issue.number, issue.user.login, issue.pull_request) == (1, "mei", None)
    assert [each.number for each in scene.registry("mei").get_issues()] == [1]
    assert not list(issue.get_events())
    with pytest.raises(UnknownObjectException):
        scene.registry("mei").get_pull(1)
