"""Which comments every adapter takes for its own, and how it keeps one."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from forges.replies import DROPPED, Reply, found
from forges.sides import SIDES, Side
from registrar.core.effects import RememberedEffects
from registrar.errors import ForgeUnavailable, NotConfirmed
from registrar.forges import github_limits, gitlab_limits
from registrar.forges.looking import one_look
from registrar.forges.shortening import size_of

MARKER = "<!-- registrar:metrics:main -->"
MARKED = f"{MARKER}\nbetter"
DELETED, GONE = Reply(204, b""), Reply(404, {"message": "Not Found"})
START = datetime(2026, 3, 1, tzinfo=UTC)
LONGEST = {"github": (github_limits.COMMENT, "GitHub"), "gitlab": (gitlab_limits.COMMENT, "GitLab")}


@pytest.fixture(params=SIDES)
def side(request: pytest.FixtureRequest) -> Side:
    return SIDES[request.param]


def a_memory() -> RememberedEffects:
    return RememberedEffects(lambda: START)


def written(comment: Mapping[str, object]) -> Reply:
    return Reply(201, comment)


@pytest.mark.fault(35, because="Which comment was read when is what each forge's own adapter asks for.")
def test_a_comment_that_the_listing_does_not_show_yet_is_not_written_again(side: Side) -> None:
    marked = side.comment(5, MARKED)

    with side.asking(found(side.bot), found([]), written(marked), found(marked)) as (forge, server):
        forge.keep_comment(7, "metrics", "better")
        forge.keep_comment(7, "metrics", "better")

        assert [asked.partition(" ")[0] for asked in server.asked[2:]] == ["POST", "GET"]
        assert server.asked[3].endswith("/5")


@pytest.mark.fault(35, because="What is not to be seen yet is so for each adapter.")
def test_what_another_replica_wrote_is_edited_though_it_is_not_to_be_seen_yet(side: Side) -> None:
    effects = a_memory()
    with side.asking(found(side.bot), found([]), written(side.comment(5, MARKED)), effects=effects) as (forge, _):
        forge.keep_comment(7, "metrics", "better")

    with side.asking(found(side.bot), GONE, found(side.comment(5, "worse")), effects=effects) as (forge, server):
        forge.keep_comment(7, "metrics", "worse")

        assert [asked.partition(" ")[0] for asked in server.asked[1:]] in (["GET", "PATCH"], ["GET", "PUT"])


@pytest.mark.fault(80, because="Each adapter is told of a comment that is gone by its own forge.")
def test_a_comment_that_a_person_deleted_is_written_anew_when_there_is_something_else_to_say(side: Side) -> None:
    replies = (found(side.bot), found([]), written(side.comment(5, MARKED)), GONE)
    anew = (GONE, GONE, found([]), written(side.comment(6, "worse")))

    with side.asking(*replies, *anew) as (forge, server):
        forge.keep_comment(7, "metrics", "better")
        forge.keep_comment(7, "metrics", "better")
        assert server.asked.count(f"POST {side.comments}") == 1

        assert forge.keep_comment(7, "metrics", "worse").endswith("6")
        assert server.asked.count(f"POST {side.comments}") == 2


@pytest.mark.fault(27, 28, because="How an answer is lost is the same for each adapter.")
@pytest.mark.parametrize("lost", [DROPPED, Reply(502, {})], ids=["a dropped connection", "a 502"])
def test_a_comment_whose_answer_was_lost_is_found_and_not_repeated(side: Side, lost: Reply) -> None:
    with side.asking(found(side.bot), found([]), lost, found([side.comment(5, MARKED)])) as (forge, server):
        with pytest.raises(ForgeUnavailable):
            forge.keep_comment(7, "metrics", "better")

        assert forge.keep_comment(7, "metrics", "better").endswith("5")
        assert server.asked.count(f"POST {side.comments}") == 1


@pytest.mark.fault(28, because="How an answer is lost is the same for each adapter.")
def test_a_comment_in_doubt_is_looked_for_once_more_in_the_look_that_did_not_find_it(side: Side) -> None:
    moments = iter(range(0, 600, 30))
    effects = RememberedEffects(lambda: START + timedelta(seconds=next(moments)))
    lists = [found([]), DROPPED, found([]), found([side.comment(5, MARKED)])]

    with side.asking(found(side.bot), *lists, effects=effects) as (forge, server):
        with pytest.raises(ForgeUnavailable):
            forge.keep_comment(7, "metrics", "better")
        with one_look():
            assert not forge.has_comment(7, "metrics")
            assert forge.keep_comment(7, "metrics", "better").endswith("5")

        assert server.asked.count(f"POST {side.comments}") == 1


@pytest.mark.fault(27, 30, because="How an answer is lost is the same for each adapter.")
def test_a_comment_that_does_not_show_is_written_once_more_and_then_left_to_a_person(side: Side) -> None:
    moments = iter(range(0, 600, 30))
    effects = RememberedEffects(lambda: START + timedelta(seconds=next(moments)))

    with side.asking(found(side.bot), *[found([]), DROPPED] * 2, found([]), effects=effects) as (forge, server):
        for _ in range(2):
            with pytest.raises(ForgeUnavailable, match="may still have been done"):
                forge.keep_comment(7, "metrics", "better")
        with pytest.raises(NotConfirmed, match="sent 2 times"):
            forge.keep_comment(7, "metrics", "better")

        assert server.asked.count(f"POST {side.comments}") == 2


@pytest.mark.fault(80, because="Each adapter takes the older one away by its own forge.")
def test_of_two_comments_the_newest_is_kept(side: Side) -> None:
    listed = [side.comment(6, f"{MARKER}\r\nbetter"), side.comment(5, f"{MARKER}\nold")]

    with side.asking(found(side.bot), found(listed), DELETED) as (forge, server):
        assert forge.keep_comment(7, "metrics", "better").endswith("6")

        [deletion] = server.asked[2:]
        assert deletion.startswith("DELETE /")
        assert deletion.endswith("/5")


def test_an_older_comment_that_is_gone_already_is_no_trouble(side: Side) -> None:
    listed = [side.comment(6, MARKED), side.comment(5, MARKED)]

    with side.asking(found(side.bot), found(listed), GONE) as (forge, _):
        assert forge.keep_comment(7, "metrics", "better").endswith("6")


def test_a_comment_that_says_something_else_is_edited(side: Side) -> None:
    old, new = side.comment(5, f"{MARKER}\nold"), side.comment(5, MARKED)

    with side.asking(found(side.bot), found([old]), found(new)) as (forge, server):
        forge.keep_comment(7, "metrics", "better")

        assert json.loads(server.sent[-1]) == {"body": MARKED}
        assert server.asked[-1].endswith("/5")


@pytest.mark.fault(79, because="Whose a comment is each adapter tells by its own forge.")
@pytest.mark.parametrize(
    ("body", "author"),
    [
        pytest.param(MARKED, "ana", id="copied by another person"),
        pytest.param(MARKED, None, id="of a deleted account"),
        pytest.param("<!-- registrar:metrics:test -->\nbetter", "bot", id="of another instance"),
        pytest.param("<!-- registrar:deploy:main -->\nbetter", "bot", id="of another topic"),
        pytest.param(f"> {MARKED}", "bot", id="quoted"),
    ],
)
def test_a_comment_that_is_not_ours_is_left_alone(side: Side, body: str, author: str | None) -> None:
    by = {"ana": side.ana, "bot": side.bot, None: None}[author]
    listed, new = side.comment(5, body, by=by), side.comment(9, "better")

    with side.asking(found(side.bot), found([listed]), written(new)) as (forge, _):
        assert forge.keep_comment(7, "metrics", "better").endswith("9")


@pytest.mark.fault(82, because="The marker is the same on each forge.")
def test_a_topic_cannot_end_the_marker(side: Side) -> None:
    with side.asking(found(side.bot), found([]), written(side.comment(9, "x"))) as (forge, server):
        forge.keep_comment(7, "--> <b>", "better")

        assert json.loads(server.sent[-1])["body"].splitlines()[0] == "<!-- registrar:-%2D%3E %3Cb%3E:main -->"


@pytest.mark.fault(81, because="Each forge has a limit of its own.")
def test_a_comment_that_is_too_long_is_sent_shortened(side: Side) -> None:
    limit, name = LONGEST[side.kind]

    with side.asking(found(side.bot), found([]), written(side.comment(9, "x"))) as (forge, server):
        forge.keep_comment(7, "metrics", "\U0001f680 rocket\n" * (limit // 9))

        body = json.loads(server.sent[-1])["body"]

    assert size_of(body) <= limit
    assert body.startswith(f"{MARKER}\n\U0001f680 rocket\n")
    files = {"github": "/pull/7/files", "gitlab": "/-/merge_requests/7/diffs"}[side.kind]
    assert f"*Shortened here: {name} takes no longer text.* The rest is in [the changed files](http://" in body
    assert body.endswith(f"/{side.repository}{files}).")
