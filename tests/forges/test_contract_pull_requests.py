"""What every adapter says of the registry, its pull requests and their reviews."""

from datetime import UTC, datetime

import pytest

from forges.contract import Place
from registrar.core.pull_requests import PullRequestState, ReviewState
from registrar.errors import ForgeRefused, NotAllowed, Unknown


def test_the_registry_says_what_it_is(place: Place) -> None:
    assert place.forge.repository == place.registry
    assert place.forge.default_branch() == "main"
    assert place.forge.clone_url().endswith(f"/{place.registry}.git")
    assert "@" not in place.forge.clone_url()
    assert place.forge.commit_url("4f2a91c").endswith("/commit/4f2a91c")


def test_a_pull_request_is_read_as_it_is_now(place: Place, number: int) -> None:
    head = place.push("raj", "promote", {"status.yaml": "Production: 1.0.0\nStaging: 1.1.0\n"})

    pull = place.forge.pull_request(number)

    assert (pull.number, pull.title, pull.state, pull.is_draft) == (
        number,
        "Promote 1.0.0",
        PullRequestState.OPEN,
        False,
    )
    assert (pull.head_sha, pull.head_ref, pull.base_ref) == (head, "promote", "main")
    assert (pull.merge_commit, pull.merged_at) == (None, None)
    assert pull.author == place.forge.person("raj")


def test_a_pull_request_that_does_not_exist_is_unknown(place: Place) -> None:
    with pytest.raises(Unknown):
        place.forge.pull_request(404)


def test_a_merged_pull_request_names_the_commit_that_landed(place: Place, number: int) -> None:
    landed = place.merge("ana", number)

    pull = place.forge.pull_request(number)

    assert (pull.state, pull.merge_commit) == (PullRequestState.MERGED, landed)
    assert pull.merged_at is not None


def test_a_merged_pull_request_names_who_merged_it(place: Place, number: int) -> None:
    before = place.forge.pull_request(number).merged_by

    place.merge("ana", number)

    assert (before, place.forge.pull_request(number).merged_by) == (None, place.forge.person("ana"))


def test_a_pull_request_is_closed_once_and_its_branch_stays(place: Place, number: int) -> None:
    head = place.forge.pull_request(number).head_sha

    place.forge.close_pull_request(number)
    place.forge.close_pull_request(number)

    pull = place.forge.pull_request(number)
    assert (pull.state, pull.merged_by) == (PullRequestState.CLOSED, None)
    assert place.push("raj", "promote", {"status.yaml": "Production: 1.1.0\n"}) != head


def test_a_merged_pull_request_is_left_as_it_is(place: Place, number: int) -> None:
    place.merge("ana", number)

    place.forge.close_pull_request(number)

    assert place.forge.pull_request(number).state is PullRequestState.MERGED


def test_who_may_not_close_a_pull_request_is_told(place: Place, number: int) -> None:
    with pytest.raises(NotAllowed, match="close"):
        place.seen_by("mei").close_pull_request(number)


def test_the_heads_of_before_are_told_newest_first(place: Place, number: int) -> None:
    first = place.forge.pull_request(number).head_sha
    none = place.forge.former_heads(number)
    second = place.push("raj", "promote", {"status.yaml": "Production: 1.1.0\n"})
    place.push("raj", "promote", {"status.yaml": "Production: 1.2.0\n"})

    assert (none, place.forge.former_heads(number)) == ((), (second, first))


def test_a_head_that_came_back_was_there_before(place: Place, number: int) -> None:
    first = place.forge.pull_request(number).head_sha
    second = place.push("raj", "promote", {"status.yaml": "Production: 1.1.0\n"})

    place.force("raj", "promote", first)

    assert place.forge.pull_request(number).head_sha == first
    assert place.forge.former_heads(number) == (second, first)


def test_a_commit_names_the_pull_request_that_brought_it(place: Place, number: int) -> None:
    landed = place.merge("ana", number)

    assert place.forge.pull_requests_of_commit(landed) == (number,)


def test_a_commit_pushed_past_all_pull_requests_was_brought_by_none(place: Place) -> None:
    pushed = place.push("ana", "main", {"status.yaml": "Production: 1.0.0\n"})

    assert place.forge.pull_requests_of_commit(pushed) == ()


def test_a_commit_that_does_not_exist_is_unknown(place: Place) -> None:
    with pytest.raises(Unknown):
        place.forge.pull_requests_of_commit("0" * 39 + "1")


def test_open_pull_requests_are_those_into_the_branch(place: Place, number: int) -> None:
    place.push("raj", "release", {"README.md": "Released\n"})
    place.push("raj", "other", {"README.md": "Other\n"})
    place.propose("raj", "other", base="release")
    place.push("raj", "declined", {"README.md": "Declined\n"})
    place.close("raj", place.propose("raj", "declined"))

    assert place.forge.open_pull_requests("main") == (number,)


def test_a_pull_request_is_opened_and_found_by_its_branch(place: Place) -> None:
    place.push("raj", "promote", {"status.yaml": "Production: 1.0.0\n"})

    opened = place.forge.open_pull_request(title="Promote", body="For ana", branch="promote", base="main")

    assert place.forge.myself().same_as(opened.author)
    assert opened.body == "For ana"
    assert place.forge.pull_request_for_branch("promote", "main") == opened


@pytest.mark.usefixtures("number")
def test_a_branch_without_a_pull_request_has_none(place: Place) -> None:
    assert place.forge.pull_request_for_branch("promote-more", "main") is None
    assert place.forge.pull_request_for_branch("promote", "release") is None


def test_a_declined_pull_request_is_found_by_its_branch(place: Place, number: int) -> None:
    place.close("ana", number)

    found = place.forge.pull_request_for_branch("promote", "main")

    assert found is not None
    assert (found.number, found.state) == (number, PullRequestState.CLOSED)


def test_every_pull_request_of_a_branch_that_was_declined_is_found(place: Place, number: int) -> None:
    place.close("ana", number)
    second = place.propose("raj", "promote")
    place.close("ana", second)
    merged = place.propose("raj", "promote")
    place.merge("ana", merged)

    found = place.forge.closed_pull_requests("promote")

    assert sorted(pull.number for pull in found) == [number, second]
    assert place.forge.closed_pull_requests("promote-more") == ()


@pytest.mark.usefixtures("number")
def test_a_second_pull_request_from_one_branch_is_refused_with_the_reason(place: Place) -> None:
    with pytest.raises(ForgeRefused, match="already exists"):
        place.forge.open_pull_request(title="Again", body="", branch="promote", base="main")


def test_a_review_tells_the_content_it_judges(place: Place, number: int) -> None:
    before = place.forge.pull_request(number).head_sha
    place.review("ana", number, ReviewState.CHANGES_REQUESTED)
    [objection] = place.forge.reviews(number)
    after = place.push("raj", "promote", {"status.yaml": "Production: 1.1.0\n"})
    place.review("ana", number, ReviewState.APPROVED)

    approval = place.forge.reviews(number)[-1]

    assert (objection.state, objection.sha) == (ReviewState.CHANGES_REQUESTED, before)
    assert (approval.state, approval.sha) == (ReviewState.APPROVED, after)
    assert objection.reviewer == approval.reviewer == place.forge.person("ana")


@pytest.mark.fault(42)
def test_an_approval_of_what_was_there_before_a_push_is_of_that(place: Place, number: int) -> None:
    before = place.forge.pull_request(number).head_sha
    place.review("ana", number, ReviewState.APPROVED)

    place.push("raj", "promote", {"status.yaml": "Production: 1.1.0\n"})

    assert [review.sha for review in place.forge.reviews(number)] == [before]


def test_an_approval_is_no_longer_one_when_changes_are_requested(place: Place, number: int) -> None:
    place.review("ana", number, ReviewState.APPROVED)

    place.review("ana", number, ReviewState.CHANGES_REQUESTED)

    assert place.forge.reviews(number)[-1].state is ReviewState.CHANGES_REQUESTED


@pytest.mark.fault(36)
def test_reviews_are_read_to_the_last_page(place: Place, number: int) -> None:
    for _ in range(101):
        place.review("ana", number, ReviewState.COMMENTED)
    place.review("ana", number, ReviewState.APPROVED)

    assert place.forge.reviews(number)[-1].state is ReviewState.APPROVED


@pytest.mark.fault(44)
def test_an_approval_given_before_the_base_changed_is_told_as_dismissed(place: Place, number: int) -> None:
    place.push("ana", "release", {"README.md": "Released\n"})
    place.review("ana", number, ReviewState.APPROVED)

    place.retarget("raj", number, "release")

    assert [review.state for review in place.forge.reviews(number)] == [ReviewState.DISMISSED]


def test_an_objection_stands_when_the_base_changes(place: Place, number: int) -> None:
    place.push("ana", "release", {"README.md": "Released\n"})
    place.review("ana", number, ReviewState.CHANGES_REQUESTED)

    place.retarget("raj", number, "release")

    assert [review.state for review in place.forge.reviews(number)] == [ReviewState.CHANGES_REQUESTED]


def test_an_approval_stands_when_something_else_is_edited(place: Place, number: int) -> None:
    place.review("ana", number, ReviewState.APPROVED)

    place.retarget("raj", number, "main")  # where it is aimed already

    assert [review.state for review in place.forge.reviews(number)] == [ReviewState.APPROVED]


def test_changes_of_base_are_read_to_the_last_page(place: Place, number: int) -> None:
    place.push("ana", "release", {"README.md": "Released\n"})
    for base in ("release", "main") * 51:
        place.retarget("raj", number, base)
    place.review("ana", number, ReviewState.APPROVED)

    place.retarget("raj", number, "release")

    assert [review.state for review in place.forge.reviews(number)] == [ReviewState.DISMISSED]


def test_whatever_dropped_commits_of_a_branch_is_told(place: Place) -> None:
    first = place.push("raj", "dev", {"a": "1"})
    second = place.push("raj", "dev", {"a": "2"})
    place.force("raj", "dev", first)
    third = place.push("raj", "dev", {"a": "3"})
    place.force("raj", "dev", "")
    place.push("raj", "dev", {"a": "4"})

    moves = place.forge.moves_of("dev", since=datetime(2026, 1, 1, tzinfo=UTC))

    assert {(second, first), (third, "0" * 40)} <= set(moves)
    assert place.forge.moves_of("main", since=datetime(9999, 1, 1, tzinfo=UTC)) == ()
