"""Which comments every adapter takes for its own, and how it keeps one."""

import json
from collections.abc import Mapping

import pytest

from forges.replies import Reply, found
from forges.sides import SIDES, Side
from registrar.forges import github_limits, gitlab_limits
from registrar.forges.shortening import size_of

MARKER = "<!-- registrar:metrics:main -->"
MARKED = f"{MARKER}\nbetter"
DELETED = Reply(204, b"")
LONGEST = {"github": (github_limits.COMMENT, "GitHub"), "gitlab": (gitlab_limits.COMMENT, "GitLab")}


@pytest.fixture(params=SIDES)
def side(request: pytest.FixtureRequest) -> Side:
    return SIDES[request.param]


def written(comment: Mapping[str, object]) -> Reply:
    return Reply(201, comment)


def test_a_comment_that_the_listing_does_not_show_yet_is_not_written_again(side: Side) -> None:
    marked = side.comment(5, MARKED)

    with side.asking(found(side.bot), found([]), written(marked), found(marked)) as (forge, server):
        forge.keep_comment(7, "metrics", "better")
        forge.keep_comment(7, "metrics", "better")

        assert [asked.partition(" ")[0] for asked in server.asked[2:]] == ["POST", "GET"]
        assert server.asked[3].endswith("/5")


def test_a_comment_that_a_person_deleted_is_written_anew(side: Side) -> None:
    marked, gone = side.comment(5, MARKED), Reply(404, {"message": "Not Found"})
    replies = (found(side.bot), found([]), written(marked), gone, found([]), written(marked))

    with side.asking(*replies) as (forge, server):
        forge.keep_comment(7, "metrics", "better")
        forge.keep_comment(7, "metrics", "better")

        assert server.asked.count(f"POST {side.comments}") == 2


def test_of_two_comments_the_newest_is_kept(side: Side) -> None:
    listed = [side.comment(6, f"{MARKER}\r\nbetter"), side.comment(5, f"{MARKER}\nold")]

    with side.asking(found(side.bot), found(listed), DELETED) as (forge, server):
        assert forge.keep_comment(7, "metrics", "better").endswith("6")

        [deletion] = server.asked[2:]
        assert deletion.startswith("DELETE /")
        assert deletion.endswith("/5")


def test_an_older_comment_that_is_gone_already_is_no_trouble(side: Side) -> None:
    listed = [side.comment(6, MARKED), side.comment(5, MARKED)]
    gone = Reply(404, {"message": "Not Found"})

    with side.asking(found(side.bot), found(listed), gone) as (forge, _):
        assert forge.keep_comment(7, "metrics", "better").endswith("6")


def test_a_comment_that_says_something_else_is_edited(side: Side) -> None:
    old, new = side.comment(5, f"{MARKER}\nold"), side.comment(5, MARKED)

    with side.asking(found(side.bot), found([old]), found(new)) as (forge, server):
        forge.keep_comment(7, "metrics", "better")

        assert json.loads(server.sent[-1]) == {"body": MARKED}
        assert server.asked[-1].endswith("/5")


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


def test_a_topic_cannot_end_the_marker(side: Side) -> None:
    with side.asking(found(side.bot), found([]), written(side.comment(9, "x"))) as (forge, server):
        forge.keep_comment(7, "--> <b>", "better")

        assert json.loads(server.sent[-1])["body"].splitlines()[0] == "<!-- registrar:-%2D%3E %3Cb%3E:main -->"


def test_a_comment_that_is_too_long_is_sent_shortened(side: Side) -> None:
    limit, name = LONGEST[side.kind]

    with side.asking(found(side.bot), found([]), written(side.comment(9, "x"))) as (forge, server):
        forge.keep_comment(7, "metrics", "\U0001f680 rocket\n" * (limit // 9))

        body = json.loads(server.sent[-1])["body"]

    assert size_of(body) <= limit
    assert body.startswith(f"{MARKER}\n\U0001f680 rocket\n")
    assert body.endswith(f"*Shortened here: {name} takes no longer comment.*")
