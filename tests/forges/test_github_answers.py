"""What GitHub's answers mean to us, above all those that say less than they seem to."""

import pytest

from forges.github_replies import ANA, BOT, a_pull, asking
from forges.replies import Reply, found
from registrar.core.people import Permission, Person
from registrar.core.pipelines import Target
from registrar.core.pull_requests import CommitStatus, Outcome
from registrar.errors import NotAllowed, Unknown


@pytest.mark.parametrize(
    ("answer", "permission"),
    [
        pytest.param({"permission": "admin", "role_name": "admin", "user": ANA}, Permission.ADMIN, id="admin"),
        pytest.param({"permission": "write", "role_name": "maintain", "user": ANA}, Permission.MAINTAIN, id="maintain"),
        pytest.param({"permission": "read", "role_name": "triage", "user": ANA}, Permission.READ, id="triage"),
        pytest.param({"permission": "write", "role_name": "deployers", "user": ANA}, Permission.WRITE, id="own role"),
        pytest.param(
            {"permission": "write", "role_name": "admin", "user": ANA}, Permission.MAINTAIN, id="a role named admin"
        ),
        pytest.param({"permission": "all", "role_name": "all", "user": ANA}, Permission.NONE, id="a word nobody knows"),
        pytest.param(
            {"permission": "admin", "role_name": "admin", "user": ANA | {"id": 3}},
            Permission.NONE,
            id="login taken over",
        ),
        pytest.param({"permission": "admin", "role_name": "admin", "user": None}, Permission.NONE, id="nobody"),
    ],
)
def test_a_permission_is_never_read_as_more_than_it_is(answer: dict[str, object], permission: Permission) -> None:
    with asking(found(answer)) as (forge, _):
        assert forge.permission(Person(2, "ana")) is permission


@pytest.mark.parametrize(
    "gone",
    [Reply(404, {"message": "Not Found"}), Reply(403, {"message": "Must have admin rights"})],
    ids=["404", "403"],
)
def test_a_team_that_cannot_be_seen_has_no_members(gone: Reply) -> None:
    with asking(gone) as (forge, _):
        assert forge.code_owners("@acme/owners") == ()


def test_a_repository_that_moved_is_named() -> None:
    moved = {"id": 4, "full_name": "acme/models", "default_branch": "main"}

    with asking(found(moved)) as (forge, _), pytest.raises(Unknown, match="is now acme/models"):
        forge.default_branch()


def test_a_pull_request_of_a_deleted_account_and_fork_is_readable() -> None:
    head = {"ref": "topic", "sha": "a" * 40, "repo": None}
    ghost = {"id": 10137, "login": "ghost", "type": "User"}

    with asking(found(a_pull(head=head, user=ghost, body=None))) as (forge, _):
        pull = forge.pull_request(7)

    assert (pull.author, pull.head_ref, pull.body) == (None, "topic", "")


def test_the_trial_merge_of_an_open_pull_request_is_not_its_merge_commit() -> None:
    with asking(found(a_pull(merge_commit_sha="c" * 40))) as (forge, _):
        assert forge.pull_request(7).merge_commit is None


def test_an_unsubmitted_review_and_a_state_nobody_knows_approve_nothing() -> None:
    submitted = "2026-01-01T00:00:00Z"
    answers = [
        {"id": 1, "user": ANA, "state": "PENDING", "commit_id": "a" * 40},
        {"id": 2, "user": ANA, "state": "APPROVED_SOMEHOW", "commit_id": "a" * 40, "submitted_at": submitted},
        {"id": 3, "user": None, "state": "COMMENTED", "commit_id": None, "submitted_at": submitted},
    ]

    with asking(found(answers)) as (forge, _):
        reviews = forge.reviews(7)

    assert [(review.id, review.state.value) for review in reviews] == [(2, "commented"), (3, "commented")]


@pytest.mark.parametrize(
    ("events", "state"),
    [
        pytest.param([("base_ref_changed", "12:00:01")], "dismissed", id="a change after it"),
        pytest.param([("base_ref_changed", "12:00:00")], "dismissed", id="a change in the same second"),
        pytest.param([("base_ref_changed", "11:59:59")], "approved", id="a change before it"),
        pytest.param(
            [("base_ref_changed", "12:00:01"), ("base_ref_changed", "11:59:59")], "dismissed", id="the newest, anywhere"
        ),
        pytest.param([("automatic_base_change_succeeded", "12:00:01")], "dismissed", id="a change by GitHub"),
        pytest.param([("automatic_base_change_failed", "12:00:01")], "approved", id="a change that failed"),
        pytest.param([("renamed", "12:00:01")], "approved", id="another event"),
        pytest.param([], "approved", id="no event"),
    ],
)
def test_an_approval_is_good_for_the_base_that_it_was_given_for(events: list[tuple[str, str]], state: str) -> None:
    review = {"id": 1, "user": ANA, "state": "APPROVED", "commit_id": "a" * 40, "submitted_at": "2026-01-01T12:00:00Z"}
    happened = [{"id": 2, "event": event, "created_at": f"2026-01-01T{at}Z"} for event, at in events]

    with asking(found([review]), found(happened)) as (forge, _):
        reviews = forge.reviews(7)

    assert [review.state.value for review in reviews] == [state]


def test_events_that_cannot_be_read_leave_no_approval_standing() -> None:
    review = {"id": 1, "user": ANA, "state": "APPROVED", "commit_id": "a" * 40, "submitted_at": "2026-01-01T12:00:00Z"}
    refusal = Reply(403, {"message": "Resource not accessible by personal access token"})

    with asking(found([review]), refusal) as (forge, _), pytest.raises(NotAllowed, match="list the events"):
        forge.reviews(7)


def test_an_enterprise_server_that_knows_no_run_details_is_asked_without() -> None:
    refusal = Reply(422, {"message": '"return_run_details" is not a permitted key.'})

    with asking(refusal, Reply(204, b"")) as (forge, server):
        assert forge.start_pipeline(Target("acme/digits-ui", "deploy.yml"), {"version": "1.0.0"}) is None

        assert len(server.asked) == 2


def test_a_status_that_another_account_set_in_our_name_is_said_again() -> None:
    said = {"context": "registrar: main", "state": "success", "description": "approved", "target_url": None}

    with asking(found([said | {"creator": ANA}]), found(BOT), Reply(201, said)) as (forge, server):
        forge.set_status("a" * 40, CommitStatus("registrar: main", Outcome.SUCCESS, "approved"))

        assert server.asked[-1].startswith("POST")


def test_a_commit_that_the_forge_does_not_know_yet_is_unknown() -> None:
    reply = Reply(422, {"message": f"No commit found for SHA: {'a' * 40}"})

    with asking(reply) as (forge, _), pytest.raises(Unknown, match="no commit"):
        forge.pull_requests_of_commit("a" * 40)
