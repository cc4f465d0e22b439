"""What is sent to GitLab to say something under a commit: as little as will do, and nothing that it refuses."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from forges.gitlab_replies import ANA, BOT, HEAD, OLDER, a_request, asking, at
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
        "ref": "topic",
    } | changes


def a_job(number: int, status: str, **changes: object) -> dict[str, object]:
    """A job of CI, which GitLab lists among the statuses, as said by whoever started it."""
    return a_status(number, status) | {"description": None, "target_url": None} | changes


def a_pipeline(number: int = 3, /, **changes: object) -> dict[str, object]:
    """As it is listed with those of a merge request."""
    return {"id": number, "sha": HEAD, "ref": "topic", "source": "push", "project_id": 4, "status": "running"} | changes


def sent(listed: Sequence[object], wanted: CommitStatus, *before: Reply) -> list[Mapping[str, Any]]:
    """What was posted, where GitLab had told of the merge requests, of what was asked about them, and of statuses."""
    with asking(found(BOT), *(before or [found([])]), found(listed), SAID, SAID) as (forge, server):
        forge.set_status(HEAD, wanted)
        return [json.loads(body) for body in server.sent if body]


def sent_for_request(
    listed: Sequence[object], *pipelines: object, wanted: CommitStatus = WAITING
) -> list[Mapping[str, Any]]:
    """The same for the head of an open merge request with these pipelines."""
    return sent(listed, wanted, found([a_request()]), found(pipelines))


def states(bodies: Sequence[Mapping[str, Any]]) -> list[str]:
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
    [body] = sent([], WAITING, found(requests), *([found([])] if ref else []))

    assert body.get("ref") == ref


OWN = {"source": "merge_request_event", "ref": "refs/merge-requests/7/head"}
MERGED = {"source": "merge_request_event", "ref": "refs/merge-requests/7/merge", "sha": "d" * 40}


def test_it_is_said_in_the_pipeline_that_the_merge_waits_for() -> None:
    newest = a_status(9, "running", name="tests", pipeline_id=8)

    [body] = sent_for_request([newest], a_pipeline(5, **OWN), a_pipeline(8))

    assert (body["state"], body["pipeline_id"], "ref" in body) == ("pending", 5, False)


def test_a_green_word_of_ours_in_another_pipeline_is_none_in_this_one() -> None:
    green = a_status(9, "success", "approved by ana", pipeline_id=8)

    [body] = sent_for_request([green], a_pipeline(5, **OWN), a_pipeline(8), wanted=APPROVED)

    assert (body["state"], body["pipeline_id"]) == ("success", 5)


def test_nothing_is_said_again_where_it_stands() -> None:
    listed = [a_status(1, "pending", pipeline_id=5), a_status(9, "success", "approved by ana", pipeline_id=8)]

    assert sent_for_request(listed, a_pipeline(5, **OWN), a_pipeline(8)) == []


def test_a_pipeline_of_an_older_head_is_passed_over() -> None:
    [body] = sent_for_request([], a_pipeline(9, **OWN, sha=OLDER), a_pipeline(4))

    assert body["pipeline_id"] == 4


def test_a_tag_s_pipeline_is_left_alone_where_the_branch_has_none_yet() -> None:
    of_tag = a_status(9, "success", name="tests", pipeline_id=8, ref="v1")

    [body] = sent_for_request([of_tag])

    assert (body["ref"], "pipeline_id" in body) == ("topic", False)


def test_a_fork_s_pipeline_is_the_fork_s() -> None:
    request = a_request(source_project_id=9)

    [body] = sent([], WAITING, found([request]), found([a_pipeline(5, project_id=9)]))

    assert (body["ref"], "pipeline_id" in body) == ("refs/merge-requests/7/head", False)


def test_what_was_said_of_a_fork_s_head_is_not_said_again() -> None:
    said = a_status(1, "pending", ref="refs/merge-requests/7/head")

    assert sent([said], WAITING, found([a_request(source_project_id=9)]), found([])) == []


def test_the_same_branch_on_its_way_elsewhere_is_left_alone() -> None:
    requests = [a_request(8, target_branch="release"), a_request()]

    [body] = sent([], WAITING, found(requests), found([a_pipeline(5, **OWN)]))

    assert body["pipeline_id"] == 5


def test_what_became_of_a_merge_holds_no_merge_request_from_its_branch() -> None:
    deployed = CommitStatus("registrar: deploy", Outcome.PENDING, "deploying")

    [body] = sent([a_status(9, "success", name="tests", pipeline_id=8)], deployed, found([a_request()]))

    assert not {"pipeline_id", "ref"} & body.keys()


def test_a_pipeline_of_merged_results_is_told_at_its_own_commit_and_so_is_the_head() -> None:
    commit = {"id": "d" * 40, "parent_ids": [OLDER, HEAD]}
    asked = found(BOT), found([a_request()]), found([a_pipeline(6, **MERGED)]), found(commit)

    with asking(*asked, found([]), SAID, found([]), SAID) as (forge, server):
        forge.set_status(HEAD, WAITING)

    said = [(path[-40:], json.loads(body)) for path, body in zip(server.asked, server.sent, strict=True) if body]
    assert [(sha, body.get("pipeline_id"), body.get("ref")) for sha, body in said] == [
        ("d" * 40, 6, None),
        (HEAD, None, "topic"),
    ]


def test_a_pipeline_of_merged_results_of_an_older_head_is_passed_over() -> None:
    commit = found({"id": "d" * 40, "parent_ids": [OLDER]})
    pipelines = [a_pipeline(6, **MERGED), a_pipeline(5, **(MERGED | {"sha": "e" * 40})), a_pipeline(4)]

    [body] = sent([], WAITING, found([a_request()]), found(pipelines), commit)

    assert body["pipeline_id"] == 4


def test_an_address_that_is_too_long_is_left_out() -> None:
    long = CommitStatus(CONTEXT, Outcome.SUCCESS, "approved", "https://forge.example/" + "a" * 255)

    [body] = sent([a_status(1, "pending")], long)

    assert "target_url" not in body


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((status, Outcome.PENDING) for status in ("created", "pending", "running", "manual", "scheduled", "whatever")),
        pytest.param("canceled", Outcome.PENDING, id="what was to be replaced, by whoever did not live to do it"),
        *((status, Outcome.FAILURE) for status in ("failed", "skipped")),
        ("success", Outcome.SUCCESS),
    ],
)
def test_only_success_is_success(status: str, outcome: Outcome) -> None:
    with asking(found([a_status(1, status)])) as (forge, _):
        assert forge.statuses(HEAD)[0].outcome is outcome


@pytest.mark.parametrize(
    ("by", "outcomes"),
    [
        pytest.param(at(0), [], id="before it was said"),
        pytest.param(at(2), [Outcome.PENDING], id="while it was open"),
        pytest.param(at(3), [Outcome.SUCCESS], id="once it was moved in place"),
        pytest.param(at(6), [Outcome.FAILURE], id="once another followed"),
    ],
)
def test_what_was_said_at_a_moment_is_told_whatever_was_said_since(by: str, outcomes: Sequence[Outcome]) -> None:
    first = a_status(1, "success", created_at=at(1), finished_at=at(3))
    second = a_status(2, "failed", created_at=at(5), finished_at=at(5))

    with asking(found([first, second])) as (forge, _):
        assert [said.outcome for said in forge.statuses(HEAD, by=datetime.fromisoformat(by))] == outcomes


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
