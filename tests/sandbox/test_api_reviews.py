import pytest
from github import GithubException

from sandbox.scene import REGISTRY, Scene


def test_a_review_holds_the_head_it_was_about(scene: Scene) -> None:
    found = scene.pull_request()

    said = scene.registry("ana").get_pull(1).create_review(event="APPROVE", body="Good.")

    assert (said.user.login, said.state, said.commit_id) == ("ana", "APPROVED", found.head.sha)
    assert [each.id for each in found.get_reviews()] == [said.id]
    assert found.get_review(said.id).body == "Good."


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        pytest.param("APPROVE", "Can not approve your own pull request", id="approval"),
        pytest.param("REQUEST_CHANGES", "Can not request changes on your own pull request", id="changes"),
    ],
)
def test_an_author_may_not_judge_their_own(scene: Scene, event: str, complaint: str) -> None:
    found = scene.pull_request(author="raj")

    with pytest.raises(GithubException, match=complaint) as refused:
        found.create_review(event=event, body="I say so.")

    assert refused.value.status == 422


def test_an_author_may_comment(scene: Scene) -> None:
    assert scene.pull_request().create_review(event="COMMENT", body="Look here.").state == "COMMENTED"


def test_a_review_of_a_commit_that_is_not_in_it_is_refused(scene: Scene) -> None:
    found = scene.pull_request()

    body = {"event": "APPROVE", "commit_id": found.base.sha}
    answer = scene.answer("ana", "POST", f"/repos/{REGISTRY}/pulls/1/reviews", body)

    assert answer.status_code == 422


def test_a_dismissed_review_stays_and_no_longer_approves(scene: Scene) -> None:
    scene.pull_request()
    scene.sandbox.protect(REGISTRY, "main", approvals=1)
    found = scene.registry("ana").get_pull(1)
    said = found.create_review(event="APPROVE")
    assert found.update()
    assert found.mergeable_state == "clean"

    said.dismiss("Too soon.")

    assert [each.state for each in found.get_reviews()] == ["DISMISSED"]
    assert found.update()
    assert found.mergeable_state == "blocked"


def test_a_protected_branch_waits_for_its_status_and_its_approval(scene: Scene) -> None:
    found = scene.pull_request()
    scene.sandbox.protect(REGISTRY, "main", required_statuses=["registrar: main"], code_owner_review=True)

    with pytest.raises(GithubException, match=r"registrar: main.* is expected.*approving review") as refused:
        found.merge()
    scene.registry("registrar-bot").get_commit(found.head.sha).create_status("success", context="registrar: main")
    scene.registry("ana").get_pull(1).create_review(event="APPROVE")

    assert refused.value.status == 405
    assert found.merge().merged


@pytest.mark.parametrize(
    ("login", "event"),
    [
        pytest.param("mei", "APPROVE", id="an approval by a reader"),
        pytest.param("ana", "COMMENT", id="a comment"),
        pytest.param("ana", "REQUEST_CHANGES", id="a wish for changes"),
    ],
)
def test_what_is_no_approval_by_a_writer_opens_nothing(scene: Scene, login: str, event: str) -> None:
    found = scene.pull_request()
    scene.sandbox.protect(REGISTRY, "main", approvals=1)

    scene.registry(login).get_pull(1).create_review(event=event, body="So I say.")

    with pytest.raises(GithubException):
        found.merge()


def test_the_last_word_of_a_reviewer_counts(scene: Scene) -> None:
    found = scene.pull_request()
    scene.sandbox.protect(REGISTRY, "main", approvals=1)
    reviewed = scene.registry("ana").get_pull(1)

    reviewed.create_review(event="REQUEST_CHANGES", body="Not yet.")
    reviewed.create_review(event="APPROVE")

    assert found.merge().merged


def test_an_older_status_does_not_count(scene: Scene) -> None:
    found = scene.pull_request()
    scene.sandbox.protect(REGISTRY, "main", required_statuses=["ci"])
    commit = scene.registry("raj").get_commit(found.head.sha)
    commit.create_status("success", context="ci")
    commit.create_status("failure", context="ci")

    with pytest.raises(GithubException, match="failing"):
        found.merge()


def test_an_admin_is_held_too_unless_spared(scene: Scene) -> None:
    scene.pull_request()
    found = scene.registry("ana").get_pull(1)
    scene.sandbox.protect(REGISTRY, "main", approvals=1)

    with pytest.raises(GithubException):
        found.merge()
    scene.sandbox.protect(REGISTRY, "main", approvals=1, spares_admins=True)

    assert found.merge().merged


def test_a_reader_may_not_merge(scene: Scene) -> None:
    scene.pull_request()

    with pytest.raises(GithubException) as refused:
        scene.registry("mei").get_pull(1).merge()

    assert refused.value.status == 403


def test_an_admin_reads_the_protection_of_a_branch(scene: Scene) -> None:
    scene.pull_request()
    scene.sandbox.protect(REGISTRY, "main", required_statuses=["ci"], code_owner_review=True, approvals=2)

    branch = scene.registry("ana").get_branch("main")

    found = branch.get_protection()
    reviews = found.required_pull_request_reviews
    assert branch.protected
    assert (found.required_status_checks.contexts, found.enforce_admins) == (["ci"], True)
    assert (reviews.required_approving_review_count, reviews.require_code_owner_reviews) == (2, True)
    assert scene.answer("raj", "GET", f"/repos/{REGISTRY}/branches/main/protection").status_code == 403
