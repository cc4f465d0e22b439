"""What is sent to GitLab to say something under a commit: as little as will do, and nothing that it refuses."""

import json
from collections.abc import Mapping, Sequence

import pytest

from forges.gitlab_replies import ANA, BOT, HEAD, a_request, asking, at
from forges.replies import Reply, found
from registrar.core.pull_requests import CommitStatus, Outcome

CONTEXT = "registrar: main"
WAITING = CommitStatus(CONTEXT, Outcome.PENDING, "waiting for ana", "https://forge.example/7")
APPROVED = CommitStatus(CONTEXT, Outcome.SUCCESS, "approved by ana", "https://forge.example/7")
SAID = Reply(201, {})


def a_status(number: int, status: str, words: str = "waiting for ana", **changes: object) -> dict[str, object]:
    return {
        "id": number,
        "name": CONTEXT,
        "status": status,
        "description": words,
        "target_url": "https://forge.example/7",
        "author": BOT,
        "created_at": at(0),
        "pipeline_id": 3,
    } | changes


def a_job(number: int, status: str, **changes: object) -> dict[str, object]:
    """A job of CI, which GitLab lists among the statuses, as said by whoever started it."""
    return a_status(number, status) | {"description": None, "target_url": None} | changes


def sent(listed: Sequence[object], wanted: CommitStatus, *more: Reply) -> list[Mapping[str, str]]:
    """What was posted, where GitLab had told of the statuses."""
    with asking(found(BOT), found(listed), *more, SAID, SAID) as (forge, server):
        forge.set_status(HEAD, wanted)
        return [json.loads(body) for body in server.sent if body]


def states(bodies: Sequence[Mapping[str, str]]) -> list[str]:
    return [body["state"] for body in bodies]


@pytest.mark.parametrize(
    ("listed", "wanted", "posted"),
    [
        pytest.param([a_status(1, "pending")], WAITING, [], id="says so already"),
        pytest.param([a_status(1, "running")], WAITING, [], id="says so already, running"),
        pytest.param([a_status(1, "pending", "old words")], WAITING, ["running"], id="other words"),
        pytest.param([a_status(1, "running", "old words")], WAITING, ["canceled", "pending"], id="other words again"),
        pytest.param([a_status(1, "pending")], APPROVED, ["success"], id="a decision"),
        pytest.param([a_status(1, "running")], APPROVED, ["success"], id="a decision while it runs"),
        pytest.param([a_status(1, "success", "old words")], APPROVED, ["success"], id="another decision"),
        pytest.param([a_status(1, "success")], WAITING, ["pending"], id="a decision taken back"),
        pytest.param([a_status(1, "canceled")], WAITING, ["pending"], id="what was interrupted between two posts"),
        pytest.param([a_status(1, "success", author=ANA)], WAITING, ["pending"], id="another's word"),
        pytest.param([a_status(1, "success", author=None)], WAITING, ["pending"], id="a deleted account's word"),
        pytest.param([a_job(1, "running")], WAITING, ["pending"], id="a job of that name that we started"),
        pytest.param(
            [a_status(1, "pending"), a_status(2, "success", author=ANA)],
            WAITING,
            ["canceled", "pending"],
            id="ours below another's",
        ),
        pytest.param(
            [a_status(1, "pending"), a_status(2, "failed", author=ANA)],
            APPROVED,
            ["canceled", "success"],
            id="a decision below another's",
        ),
        pytest.param([a_status(1, "pending"), a_status(2, "success", name="tests")], WAITING, [], id="other contexts"),
        pytest.param(
            [a_status(1, "pending"), a_status(2, "running", name="tests", pipeline_id=4)],
            WAITING,
            ["pending"],
            id="a newer pipeline that knows nothing of it",
        ),
    ],
)
def test_no_more_is_sent_than_is_needed(listed: Sequence[object], wanted: CommitStatus, posted: Sequence[str]) -> None:
    assert states(sent(listed, wanted)) == posted


def test_what_is_sent_is_named_as_it_is_read() -> None:
    [body] = sent([a_status(1, "pending")], APPROVED)

    assert body == {
        "state": "success",
        "name": CONTEXT,
        "description": "approved by ana",
        "target_url": "https://forge.example/7",
    }


@pytest.mark.parametrize(
    ("requests", "ref"),
    [
        pytest.param([a_request()], "topic", id="a branch of the project"),
        pytest.param([a_request(source_project_id=9)], "refs/merge-requests/7/head", id="a branch of a fork"),
        pytest.param([a_request(source_project_id=None)], "refs/merge-requests/7/head", id="a deleted fork"),
        pytest.param([a_request(state="merged"), a_request(8, sha="c" * 40)], None, id="no request with this head"),
    ],
)
def test_the_first_status_goes_where_the_merge_request_looks(requests: Sequence[object], ref: str | None) -> None:
    [body] = sent([], WAITING, found(requests))

    assert body.get("ref") == ref


def test_an_address_that_is_too_long_is_left_out() -> None:
    long = CommitStatus(CONTEXT, Outcome.SUCCESS, "approved", "https://forge.example/" + "a" * 255)

    [body] = sent([a_status(1, "pending")], long)

    assert "target_url" not in body


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((status, Outcome.PENDING) for status in ("created", "pending", "running", "manual", "scheduled", "whatever")),
        *((status, Outcome.FAILURE) for status in ("failed", "canceled", "skipped")),
        ("success", Outcome.SUCCESS),
    ],
)
def test_only_success_is_success(status: str, outcome: Outcome) -> None:
    with asking(found([a_status(1, status)])) as (forge, _):
        assert forge.statuses(HEAD)[0].outcome is outcome


def test_nobody_hides_what_another_says() -> None:
    listed = [a_status(1, "failed"), a_status(3, "success", author=ANA), a_status(2, "success", "approved")]

    with asking(found(listed)) as (forge, server):
        said = [(status.creator and status.creator.id, status.description) for status in forge.statuses(HEAD)]

        assert said == [(2, "waiting for ana"), (1, "approved")]
        assert server.queries[0]["all"] == "true"


@pytest.mark.parametrize("words", [None, ""])
def test_a_job_of_ours_is_not_taken_for_what_we_say(words: str | None) -> None:
    listed = [a_job(2, "success", description=words), a_status(1, "pending")]

    with asking(found(listed)) as (forge, _):
        assert [status.outcome for status in forge.statuses(HEAD)] == [Outcome.PENDING]
