"""What every adapter says under a pull request or a commit, and that it says it once."""

from datetime import UTC, datetime, timedelta

import pytest

from forges.contract import Place
from registrar.core.pull_requests import CommitStatus, Outcome
from registrar.errors import NotAllowed

CONTEXT = "registrar: main"


def test_a_comment_is_read_as_it_is_now(place: Place, number: int) -> None:
    written = place.write("raj", number, "/registrar help")

    comment = place.forge.comment(number, written)

    assert comment is not None
    assert (comment.body, comment.number, comment.author) == ("/registrar help", number, place.forge.person("raj"))


def test_a_comment_tells_whether_a_bot_wrote_it(place: Place, number: int) -> None:
    written = place.write(place.forge.myself().login, number, "/registrar help")

    comment = place.forge.comment(number, written)

    assert comment is not None
    assert comment.author == place.forge.myself()


def test_comments_are_told_from_a_moment_on(place: Place, number: int) -> None:
    written = place.write("raj", number, "/registrar help")
    now = datetime.now(UTC)

    for under in ([number], None):
        assert place.forge.comments_since(now - timedelta(minutes=1), under=under) == {
            (number, written): "/registrar help"
        }
        assert place.forge.comments_since(now + timedelta(minutes=1), under=under) == {}


def test_a_comment_that_was_deleted_is_none(place: Place, number: int) -> None:
    written = place.write("raj", number, "/registrar help")
    place.delete("raj", written)

    assert place.forge.comment(number, written) is None


def test_a_comment_of_another_pull_request_is_none(place: Place, number: int) -> None:
    written = place.write("raj", number, "/registrar help")

    assert place.forge.comment(number + 1, written) is None


def test_a_topic_keeps_one_comment_however_often_it_speaks(place: Place, number: int) -> None:
    first = place.forge.keep_comment(number, "metrics", "accuracy 0.97")
    second = place.forge.keep_comment(number, "metrics", "accuracy 0.98")
    third = place.restarted().keep_comment(number, "metrics", "accuracy 0.99")

    assert first == second == third
    [(author, body)] = place.comments(number)
    assert author == place.forge.myself().login
    assert body.endswith("accuracy 0.99")


def test_two_topics_keep_two_comments(place: Place, number: int) -> None:
    place.forge.keep_comment(number, "metrics", "accuracy 0.97")
    place.forge.keep_comment(number, "deploy", "started")

    assert len(place.comments(number)) == 2


@pytest.mark.fault(79)
def test_a_marker_that_a_person_copied_is_left_alone(place: Place, number: int) -> None:
    place.forge.keep_comment(number, "metrics", "accuracy 0.97")
    [(_, body)] = place.comments(number)
    place.write("raj", number, body)

    place.restarted().keep_comment(number, "metrics", "accuracy 0.98")

    assert [(author, text.splitlines()[-1]) for author, text in place.comments(number)] == [
        (place.forge.myself().login, "accuracy 0.98"),
        ("raj", "accuracy 0.97"),
    ]


def test_our_comment_is_found_behind_a_page_of_others(place: Place, number: int) -> None:
    for _ in range(101):
        place.write("raj", number, "well")
    place.forge.keep_comment(number, "metrics", "accuracy 0.97")

    place.restarted().keep_comment(number, "metrics", "accuracy 0.98")

    ours = [body for author, body in place.comments(number) if author != "raj"]
    assert [body.splitlines()[-1] for body in ours] == ["accuracy 0.98"]


@pytest.mark.fault(81)
def test_a_comment_too_long_for_the_forge_is_kept_all_the_same(place: Place, number: int) -> None:
    place.forge.keep_comment(number, "metrics", "<details>\n\n" + "| a metric | 0.97 |\n" * 200_000)

    [(_, body)] = place.comments(number)
    assert "| a metric | 0.97 |\n\n</details>\n" in body


def test_a_status_is_said_once(place: Place, number: int) -> None:
    sha = place.forge.pull_request(number).head_sha
    wanted = CommitStatus(CONTEXT, Outcome.PENDING, "waiting for ana", "http://localhost/7")
    place.forge.set_status(sha, wanted)
    [before] = place.forge.statuses(sha)

    place.forge.set_status(sha, wanted)

    [after] = place.forge.statuses(sha)
    assert before == after
    assert (after.outcome, after.description, after.url) == (Outcome.PENDING, "waiting for ana", "http://localhost/7")
    assert place.forge.myself().same_as(after.creator)


def test_the_newest_status_of_each_context_counts(place: Place, number: int) -> None:
    sha = place.forge.pull_request(number).head_sha
    place.forge.set_status(sha, CommitStatus("tests", Outcome.SUCCESS, "42 passed"))
    place.forge.set_status(sha, CommitStatus(CONTEXT, Outcome.PENDING, "waiting for ana"))
    place.forge.set_status(sha, CommitStatus(CONTEXT, Outcome.FAILURE, "gate missed"))

    said = {status.context: status.outcome for status in place.forge.statuses(sha)}

    assert said == {"tests": Outcome.SUCCESS, CONTEXT: Outcome.FAILURE}


def test_nothing_is_told_that_was_said_after_a_moment(place: Place, number: int) -> None:
    sha = place.forge.pull_request(number).head_sha
    place.forge.set_status(sha, CommitStatus(CONTEXT, Outcome.PENDING, "waiting for ana"))
    [first] = place.forge.statuses(sha)
    assert first.updated_at is not None

    told = [place.forge.statuses(sha, by=first.updated_at + timedelta(seconds=after)) for after in (-1, 0)]

    assert told == [(), (first,)]


@pytest.mark.fault(67)
def test_a_status_that_somebody_else_set_in_our_name_is_said_again(place: Place, number: int) -> None:
    sha = place.forge.pull_request(number).head_sha
    wanted = CommitStatus(CONTEXT, Outcome.SUCCESS, "approved")
    place.seen_by("raj").set_status(sha, wanted)

    place.forge.set_status(sha, wanted)

    last, first = place.forge.statuses(sha)
    assert place.forge.myself().same_as(last.creator)
    assert first.creator == place.forge.person("raj")


def test_a_long_description_ends_in_an_ellipsis_and_is_said_once(place: Place, number: int) -> None:
    sha = place.forge.pull_request(number).head_sha
    wanted = CommitStatus(CONTEXT, Outcome.PENDING, "waiting for " + ", ".join(["ana"] * 99))
    place.forge.set_status(sha, wanted)
    before = place.forge.statuses(sha)

    place.forge.set_status(sha, wanted)

    assert place.forge.statuses(sha) == before
    assert before[0].description.endswith("…")


def test_a_token_that_may_only_read_says_which_right_is_missing(place: Place, number: int) -> None:
    sha = place.forge.pull_request(number).head_sha

    with pytest.raises(NotAllowed, match="it needs"):
        place.seen_by("mei").set_status(sha, CommitStatus(CONTEXT, Outcome.SUCCESS, "approved"))
