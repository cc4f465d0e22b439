"""What an approval on GitLab is taken to be of: its time tells, and what its time cannot tell approves nothing."""

from collections.abc import Mapping, Sequence

import pytest

from forges.gitlab_replies import ANA, BOT, GHOST, HEAD, OLDER, a_request, asking, at
from forges.replies import Reply, found
from registrar.core.pull_requests import Review, ReviewState
from registrar.errors import NotAllowed
from registrar.forges.looking import one_look

RAJ = {"id": 3, "username": "raj", "state": "active"}


def a_version(number: int, sha: str, second: int) -> dict[str, object]:
    return {"id": number, "head_commit_sha": sha, "created_at": at(second)}


def an_approval(second: int | None, *, by: Mapping[str, object] | None = ANA) -> dict[str, object]:
    return {"user": by, "approved_at": at(second) if second is not None else None}


def a_reviewer(state: str, *, by: Mapping[str, object] = ANA) -> dict[str, object]:
    return {"user": by, "state": state, "created_at": at(0)}


def a_system_note(number: int, body: str, second: int, **changes: object) -> dict[str, object]:
    times = {"created_at": at(second), "updated_at": at(second)}
    return {"id": number, "body": body, "author": ANA, "system": True, "noteable_iid": 7} | times | changes


def told(
    approvals: Sequence[object],
    versions: Sequence[object],
    *,
    reviewers: Sequence[object] = (),
    notes: Sequence[object] = (),
) -> list[Review]:
    replies = [found({"approved_by": approvals}), found(reviewers), found(notes)]
    with asking(*replies, found(versions)) as (forge, _):
        return list(forge.reviews(7))


FIRST, PUSHED, BACK = a_version(1, HEAD, 10), a_version(2, OLDER, 20), a_version(3, HEAD, 30)
ONE_HEAD = [a_version(5, HEAD, 20), a_version(4, OLDER, 10)]


@pytest.mark.parametrize(
    ("versions", "second", "state", "sha"),
    [
        pytest.param(ONE_HEAD, 21, "approved", HEAD, id="of the newest version"),
        pytest.param(ONE_HEAD[::-1], 21, "approved", HEAD, id="of the newest version, listed last"),
        pytest.param(ONE_HEAD, 19, "approved", OLDER, id="of the version before a push"),
        pytest.param(ONE_HEAD, 20, "approved", OLDER, id="in the same moment as a push"),
        pytest.param(ONE_HEAD, 10, "approved", "", id="in the moment of the first version"),
        pytest.param([], 21, "approved", "", id="of no version"),
        pytest.param([FIRST, PUSHED, BACK], 31, "approved", HEAD, id="after the head came back"),
        pytest.param([FIRST, PUSHED, BACK], 25, "approved", OLDER, id="while another was there"),
        pytest.param([FIRST, PUSHED, BACK], 15, "dismissed", HEAD, id="before the head went away and came back"),
        pytest.param([FIRST, a_version(2, HEAD, 20)], 15, "dismissed", HEAD, id="before the target branch changed"),
    ],
)
def test_an_approval_is_of_the_newest_version_before_it(
    versions: Sequence[object], second: int, state: str, sha: str
) -> None:
    [review] = told([an_approval(second)], versions)

    assert (review.state.value, review.sha) == (state, sha)
    assert bool(review.why_void) == (state == "dismissed")


def test_a_version_that_was_pushed_after_others_were_read_is_what_a_later_approval_is_of() -> None:
    opinions = [found({"approved_by": [an_approval(21)]}), found([]), found([])]
    replies = [found(a_request()), found([FIRST]), *opinions, found([PUSHED, FIRST])]
    with asking(*replies) as (forge, _), one_look():
        forge.former_heads(7)
        [review] = forge.reviews(7)

    assert review.sha == OLDER


def test_an_approval_without_a_time_is_as_old_as_what_gitlab_noted_of_it() -> None:
    notes = [
        a_system_note(1, "approved this merge request", 15),
        a_system_note(2, "unapproved this merge request", 16),
        a_system_note(3, "approved this merge request", 21),
        a_system_note(4, "approved this merge request", 22, author=RAJ),
    ]

    [review] = told([an_approval(None)], ONE_HEAD, notes=notes)

    assert (review.sha, review.submitted_at.second) == (HEAD, 21)


@pytest.mark.parametrize(
    "note",
    [
        pytest.param(a_system_note(1, "approved this merge request", 21, system=False), id="a comment that says so"),
        pytest.param(a_system_note(1, "approved this merge request", 21, author=RAJ), id="what somebody else did"),
        pytest.param(a_system_note(1, "approved this merge request", 21, author=None), id="what nobody did"),
        pytest.param(a_system_note(1, "mentioned in merge request !8", 21), id="another note"),
    ],
)
def test_an_approval_without_a_time_that_nothing_tells_is_of_nothing(note: Mapping[str, object]) -> None:
    [review] = told([an_approval(None)], ONE_HEAD, notes=[note])

    assert (review.state, review.sha) == (ReviewState.APPROVED, "")


def test_who_requests_changes_approves_nothing() -> None:
    [review] = told([an_approval(21)], ONE_HEAD, reviewers=[a_reviewer("requested_changes")])

    assert (review.state, review.submitted_at.second) == (ReviewState.CHANGES_REQUESTED, 0)


@pytest.mark.parametrize(
    ("second", "states"),
    [
        pytest.param(25, ["approved", "changes requested"], id="after the approval"),
        pytest.param(21, ["changes requested"], id="in the same moment"),
        pytest.param(15, ["changes requested"], id="before it, and not taken back"),
    ],
)
def test_changes_are_requested_when_gitlab_noted_it(second: int, states: list[str]) -> None:
    notes = [a_system_note(1, "requested changes", second)]

    reviews = told([an_approval(21)], ONE_HEAD, reviewers=[a_reviewer("requested_changes")], notes=notes)

    assert [review.state.value for review in reviews] == states
    assert reviews[-1].submitted_at.second == second


def test_an_objection_leaves_the_approval_of_others() -> None:
    reviewers = [a_reviewer("requested_changes", by=RAJ), a_reviewer("approved"), a_reviewer("reviewed", by=BOT)]

    reviews = told([an_approval(21)], ONE_HEAD, reviewers=reviewers)

    assert [(review.reviewer and review.reviewer.login, review.state.value) for review in reviews] == [
        ("raj", "changes requested"),
        ("ana", "approved"),
    ]


@pytest.mark.parametrize(
    "reviewers",
    [
        pytest.param([], id="taken off the reviewers, or never one"),
        pytest.param([a_reviewer("unreviewed")], id="asked to review once more"),
        pytest.param([a_reviewer("reviewed")], id="with a comment since"),
    ],
)
def test_an_objection_outlasts_what_others_do_to_its_reviewer(reviewers: Sequence[object]) -> None:
    notes = [a_system_note(1, "requested changes", 25)]

    [approval, objection] = told([an_approval(21, by=RAJ)], ONE_HEAD, reviewers=reviewers, notes=notes)

    assert approval.state is ReviewState.APPROVED
    assert (objection.state, objection.submitted_at.second) == (ReviewState.CHANGES_REQUESTED, 25)
    assert objection.reviewer is not None
    assert objection.reviewer.login == "ana"


@pytest.mark.parametrize(
    ("second", "states"),
    [
        pytest.param(22, ["approved"], id="later"),
        pytest.param(21, ["changes requested"], id="in the same moment"),
        pytest.param(20, ["changes requested"], id="earlier"),
    ],
)
def test_only_a_later_approval_takes_a_noted_objection_back(second: int, states: list[str]) -> None:
    notes = [a_system_note(1, "requested changes", 21)]

    reviews = told([an_approval(second)], [a_version(1, HEAD, 10)], notes=notes)

    assert [review.state.value for review in reviews][-1:] == states


def test_an_approval_that_was_withdrawn_again_has_taken_the_objection_before_it_back() -> None:
    notes = [
        a_system_note(1, "requested changes", 15),
        a_system_note(2, "approved this merge request", 21),
        a_system_note(3, "unapproved this merge request", 22),
    ]

    assert told([], ONE_HEAD, notes=notes) == []


@pytest.mark.parametrize(
    "note",
    [
        pytest.param(a_system_note(1, "requested changes", 25, system=False), id="a comment that says so"),
        pytest.param(a_system_note(1, "requested changes", 25, author=None), id="nobody's"),
    ],
)
def test_what_no_account_was_noted_to_have_said_is_no_objection(note: Mapping[str, object]) -> None:
    assert told([], ONE_HEAD, notes=[note]) == []


def test_an_objection_is_never_dismissed() -> None:
    notes = [a_system_note(1, "requested changes", 15)]

    [review] = told([], [FIRST, PUSHED, BACK], reviewers=[a_reviewer("requested_changes")], notes=notes)

    assert (review.state, review.sha) == (ReviewState.CHANGES_REQUESTED, HEAD)


def test_reviews_come_in_the_order_in_which_they_were_given() -> None:
    reviews = told([an_approval(22), an_approval(21, by=RAJ)], ONE_HEAD)

    assert [review.submitted_at.second for review in reviews] == [21, 22]


@pytest.mark.parametrize("account", [GHOST, None], ids=["the ghost", "nobody"])
def test_the_approval_of_a_deleted_account_is_nobodys(account: Mapping[str, object] | None) -> None:
    [review] = told([an_approval(21, by=account)], ONE_HEAD)

    assert review.reviewer is None


def test_the_approval_of_a_token_is_a_bots() -> None:
    [review] = told([an_approval(21, by=BOT)], ONE_HEAD)

    assert review.reviewer is not None
    assert review.reviewer.is_bot


def test_without_an_opinion_nothing_more_is_asked() -> None:
    with asking(found({"approved_by": []}), found([a_reviewer("unreviewed")]), found([])) as (forge, server):
        assert forge.reviews(7) == ()

        assert len(server.asked) == 3


def test_versions_that_cannot_be_read_leave_no_approval_standing() -> None:
    refused = Reply(403, {"message": "403 Forbidden"})

    with (
        asking(found({"approved_by": [an_approval(21)]}), found([]), found([]), refused) as (forge, _),
        pytest.raises(NotAllowed, match="list the versions"),
    ):
        forge.reviews(7)


def test_the_versions_are_read_after_the_approvals() -> None:
    replies = [found({"approved_by": [an_approval(21)]}), found([]), found([]), found(ONE_HEAD)]

    with asking(*replies) as (forge, server):
        forge.reviews(7)

    assert [asked.rpartition("/")[2] for asked in server.asked] == ["approvals", "reviewers", "notes", "versions"]
