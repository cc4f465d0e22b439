"""What GitLab's answers mean to us, above all those that say less than they seem to."""

from collections.abc import Mapping, Sequence

import pytest

from forges.gitlab_replies import ANA, BOT, GHOST, HEAD, OLDER, PROJECT, a_note, a_project, a_request, asking, at
from forges.replies import Reply, found
from registrar.core.people import Person
from registrar.core.pull_requests import PullRequestState
from registrar.errors import ForgeUnavailable, NotAllowed, Unknown

LANDED, SQUASHED, BEFORE = "d" * 40, "e" * 40, "f" * 40
MERGED = {"state": "merged", "merged_at": at(30)}
FAST = found(a_project(merge_method="ff"))


def a_move(ref: str = "main", *, to: str = HEAD, action: str = "pushed", ref_type: str = "branch") -> dict[str, object]:
    data = {"action": action, "ref": ref, "ref_type": ref_type, "commit_from": BEFORE, "commit_to": to}
    return {"id": 1, "created_at": at(30), "author": ANA, "push_data": data}


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"state": "opened"}, PullRequestState.OPEN),
        ({"state": "locked"}, PullRequestState.OPEN),  # for the moment in which it is merged
        ({"state": "closed", "merged_at": None}, PullRequestState.CLOSED),
        (MERGED | {"merge_commit_sha": LANDED}, PullRequestState.MERGED),
        ({"state": "frozen"}, PullRequestState.CLOSED),
    ],
)
def test_a_state_is_one_of_three(changes: Mapping[str, object], state: PullRequestState) -> None:
    with asking(found(a_request(**changes))) as (forge, _):
        found_so = forge.pull_request(7)

        assert (found_so.state, found_so.is_landing) == (state, changes["state"] == "locked")


@pytest.mark.parametrize(
    ("commits", "landed", "squash"),
    [
        pytest.param({"merge_commit_sha": LANDED}, LANDED, None, id="a merge commit"),
        pytest.param({"merge_commit_sha": LANDED, "squash_commit_sha": SQUASHED}, LANDED, SQUASHED, id="a squash too"),
        pytest.param({"squash_commit_sha": SQUASHED}, SQUASHED, None, id="a squash alone"),
    ],
)
def test_a_merge_names_the_commit_that_landed(commits: Mapping[str, str], landed: str, squash: str | None) -> None:
    with asking(found(a_request(**MERGED, **commits))) as (forge, _):
        pull = forge.pull_request(7)

    assert (pull.merge_commit, pull.squash_commit, pull.landed_on) == (landed, squash, None)


def test_a_squash_of_what_is_still_open_has_not_landed() -> None:
    with asking(found(a_request(squash_commit_sha=SQUASHED, merge_commit_sha=LANDED))) as (forge, _):
        pull = forge.pull_request(7)

    assert (pull.merge_commit, pull.squash_commit, pull.merged_at) == (None, None, None)


def test_a_fast_forward_tells_where_the_base_was_before() -> None:
    events = found([a_move("other"), a_move(to=LANDED), a_move(ref_type="tag"), a_move()])

    with asking(found(a_request(**MERGED)), FAST, events) as (forge, server):
        pull = forge.pull_request(7)

        assert (pull.merge_commit, pull.landed_on) == (HEAD, BEFORE)
        assert server.asked[2:] == [f"GET {PROJECT}/events"]
        assert (server.queries[2]["after"], server.queries[2]["before"]) == ("2025-12-30", "2026-01-03")


@pytest.mark.parametrize(
    "replies",
    [
        pytest.param((FAST, found([a_move(to=LANDED), a_move(action="created")])), id="within another's"),
        pytest.param((found(a_project()),), id="where every merge makes a commit"),
        pytest.param((found(a_project(merge_method="rebase_merge")),), id="where every rebase does"),
    ],
)
def test_commits_that_landed_without_a_merge_name_none(replies: Sequence[Reply]) -> None:
    with asking(found(a_request(**MERGED)), *replies) as (forge, _):
        pull = forge.pull_request(7)

    assert (pull.state, pull.merge_commit, pull.landed_on) == (PullRequestState.MERGED, None, None)


def test_a_merge_request_of_a_deleted_account_and_fork_is_readable() -> None:
    request = a_request(source_project_id=None, author=GHOST, description=None)

    with asking(found(request)) as (forge, _):
        pull = forge.pull_request(7)

    assert (pull.author, pull.head_ref, pull.body) == (None, "topic", "")
    assert pull.fetch_ref == "refs/merge-requests/7/head"


def test_a_merge_request_that_gitlab_still_prepares_is_looked_at_later() -> None:
    with asking(found(a_request(sha=None))) as (forge, _), pytest.raises(ForgeUnavailable, match="still prepares"):
        forge.pull_request(7)


def test_the_branch_of_a_fork_is_another_branch() -> None:
    with asking(found([a_request(8, source_project_id=9), a_request(9, source_project_id=None)])) as (forge, _):
        assert forge.pull_request_for_branch("topic", "main") is None


def test_the_newest_request_of_a_branch_is_the_one() -> None:
    with asking(found([a_request(8), a_request(11, sha=OLDER), a_request(9)])) as (forge, _):
        pull = forge.pull_request_for_branch("topic", "main")

    assert pull is not None
    assert pull.number == 11


def test_a_commit_was_not_brought_by_a_request_that_was_closed() -> None:
    with asking(found([a_request(8, state="closed"), a_request(9), a_request(10, **MERGED)])) as (forge, _):
        assert forge.pull_requests_of_commit(HEAD) == (9, 10)


@pytest.mark.parametrize(
    "account",
    [
        BOT,
        BOT | {"username": "group_12_bot3"},
        BOT | {"username": "service_account_group_7_8a"},
        ANA | {"bot": True},
    ],
)
def test_a_bot_is_known_by_its_name_or_by_what_gitlab_says(account: Mapping[str, object]) -> None:
    with asking(found(account)) as (forge, _):
        assert forge.myself().is_bot


@pytest.mark.parametrize("account", [ANA, ANA | {"bot": False}, ANA | {"username": "project_bot"}])
def test_a_person_is_no_bot(account: Mapping[str, object]) -> None:
    with asking(found(account)) as (forge, _):
        assert not forge.myself().is_bot


def test_a_token_whose_account_is_gone_is_nobodys() -> None:
    with asking(found(GHOST)) as (forge, _), pytest.raises(Unknown, match="deleted"):
        forge.myself()


def test_the_address_of_a_commit_holds_the_number_of_the_account() -> None:
    with asking() as (forge, _):
        assert forge.commit_email(Person(2, "ana")) == "2-ana@users.noreply.127.0.0.1"


@pytest.mark.parametrize(
    "changes",
    [{"system": True}, {"internal": True}, {"confidential": True}],
    ids=["GitLab's own", "internal", "internal, in older words"],
)
def test_a_note_that_is_no_public_comment_is_none(changes: Mapping[str, object]) -> None:
    with asking(found(a_note(5, "/registrar help", by=ANA, **changes))) as (forge, _):
        assert forge.comment(7, 5) is None


def test_a_comment_says_where_it_is_and_whether_it_was_edited() -> None:
    first, second = a_note(5, "hello", by=ANA), a_note(5, "hi", by=ANA, updated_at=at(9))

    with asking(found(first), found(ANA), found(second)) as (forge, server):
        as_written, edited = forge.comment(7, 5), forge.comment(7, 5)

    assert as_written is not None
    assert edited is not None
    assert as_written.url == f"{server.url}/acme/ml/registry/-/merge_requests/7#note_5"
    assert (as_written.is_edited, edited.is_edited) == (False, True)


def test_the_comment_of_a_service_account_is_a_bots() -> None:
    with asking(found(a_note(5, "/registrar help", by=ANA)), found(ANA | {"bot": True})) as (forge, _):
        comment = forge.comment(7, 5)

    assert comment is not None
    assert comment.author == Person(2, "ana", is_bot=True)


@pytest.mark.parametrize("account", [GHOST, None], ids=["the ghost", "nobody"])
def test_the_comment_of_a_deleted_account_is_nobodys(account: Mapping[str, object] | None) -> None:
    with asking(found(a_note(5, "/registrar help", by=account)), found(GHOST)) as (forge, _):
        comment = forge.comment(7, 5)

    assert comment is not None
    assert comment.author is None


def test_what_may_not_be_read_is_said() -> None:
    with (
        asking(Reply(403, {"message": "403 Forbidden"})) as (forge, _),
        pytest.raises(NotAllowed, match="it needs the Reporter role"),
    ):
        forge.pull_request(7)
