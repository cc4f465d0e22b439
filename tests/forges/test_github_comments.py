"""Which comments the adapter takes for its own, and how it keeps one."""

import json

import pytest

from forges.github_replies import ANA, BOT, a_comment, asking
from forges.replies import Reply, found
from registrar.forges.github_limits import COMMENT
from registrar.forges.shortening import size_of


def test_a_comment_that_the_listing_does_not_show_yet_is_not_written_again() -> None:
    marked = a_comment(5, "<!-- registrar:metrics:main -->\nbetter")

    with asking(found(BOT), found([]), Reply(201, marked), found(marked)) as (forge, server):
        forge.keep_comment(7, "metrics", "better")
        forge.keep_comment(7, "metrics", "better")

        assert server.asked[2:] == [
            "POST /repos/acme/registry/issues/7/comments",
            "GET /repos/acme/registry/issues/comments/5",
        ]


def test_a_comment_that_a_person_deleted_is_written_anew() -> None:
    marked, gone = a_comment(5, "<!-- registrar:metrics:main -->\nbetter"), Reply(404, {"message": "Not Found"})

    with asking(found(BOT), found([]), Reply(201, marked), gone, found([]), Reply(201, marked)) as (forge, server):
        forge.keep_comment(7, "metrics", "better")
        forge.keep_comment(7, "metrics", "better")

        assert server.asked.count("POST /repos/acme/registry/issues/7/comments") == 2


def test_of_two_comments_the_newest_is_kept() -> None:
    marker = "<!-- registrar:metrics:main -->"
    listed = [a_comment(6, f"{marker}\r\nbetter"), a_comment(5, f"{marker}\nold")]

    with asking(found(BOT), found(listed), Reply(204, b"")) as (forge, server):
        assert forge.keep_comment(7, "metrics", "better") == "https://forge.example/6"

        assert server.asked[2:] == ["DELETE /repos/acme/registry/issues/comments/5"]


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param(a_comment(5, "<!-- registrar:metrics:main -->\nbetter", by=ANA), id="copied by another person"),
        pytest.param(a_comment(5, "<!-- registrar:metrics:main -->\nbetter", by=None), id="of a deleted account"),
        pytest.param(a_comment(5, "<!-- registrar:metrics:test -->\nbetter"), id="of another instance"),
        pytest.param(a_comment(5, "<!-- registrar:deploy:main -->\nbetter"), id="of another topic"),
        pytest.param(a_comment(5, "> <!-- registrar:metrics:main -->\nbetter"), id="quoted"),
    ],
)
def test_a_comment_that_is_not_ours_is_left_alone(comment: dict[str, object]) -> None:
    new = Reply(201, a_comment(9, "better"))

    with asking(found(BOT), found([comment]), new) as (forge, _):
        assert forge.keep_comment(7, "metrics", "better") == "https://forge.example/9"


def test_a_topic_cannot_end_the_marker() -> None:
    with asking(found(BOT), found([]), Reply(201, a_comment(9, "x"))) as (forge, server):
        forge.keep_comment(7, "--> <b>", "better")

    assert json.loads(server.sent[-1])["body"].splitlines()[0] == "<!-- registrar:-%2D%3E %3Cb%3E:main -->"


def test_a_comment_that_is_too_long_is_sent_shortened() -> None:
    with asking(found(BOT), found([]), Reply(201, a_comment(9, "x"))) as (forge, server):
        forge.keep_comment(7, "metrics", "\U0001f680 rocket\n" * 9000)

    body = json.loads(server.sent[-1])["body"]
    assert size_of(body) <= COMMENT
    assert body.startswith("<!-- registrar:metrics:main -->\n\U0001f680 rocket\n")
    assert body.endswith("*Shortened here: GitHub takes no longer comment.*")
