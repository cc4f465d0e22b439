"""Who is taken to have had a hand in a pull request on GitHub."""

from collections.abc import Mapping, Sequence

import pytest

from forges.github_replies import ANA, a_pull, asking
from forges.replies import Reply, found


def a_commit(sha: str, *, by: Mapping[str, object] | None = ANA, message: str = "m") -> dict[str, object]:
    signature = {"name": "Ana", "email": "ana@acme.example"}
    return {
        "sha": sha,
        "author": by,
        "committer": {"id": 19864447, "login": "web-flow", "type": "User"},
        "commit": {
            "message": message,
            "author": signature,
            "committer": {"name": "GitHub", "email": "noreply@github.com"},
        },
    }


def a_move(after: str, kind: str = "push", *, by: Mapping[str, object] | None = ANA) -> dict[str, object]:
    return {"after": after, "activity_type": kind, "actor": by}


RAJ = {"id": 3, "login": "raj", "type": "User"}
MEI = {"id": 4, "login": "mei", "type": "User"}
HEAD, OLDER = "a" * 40, "b" * 40
CREATED = a_move(HEAD, "branch_creation")


@pytest.mark.parametrize(
    ("commits", "activity", "people", "unknown"),
    [
        pytest.param([a_commit(HEAD)], [CREATED], {"ana"}, (), id="written in the browser"),
        pytest.param([a_commit(HEAD, by=None)], [CREATED], {"ana"}, ("Ana",), id="an address of no account"),
        pytest.param([a_commit(HEAD, by={})], [CREATED], {"ana"}, ("Ana",), id="an empty account"),
        pytest.param(
            [a_commit(HEAD)],
            [a_move(HEAD, by=RAJ), a_move(OLDER, "branch_creation")],
            {"ana", "raj"},
            (),
            id="pushed by another",
        ),
        pytest.param(
            [a_commit(HEAD)],
            [a_move(HEAD, by=None), CREATED],
            {"ana"},
            ("a deleted account that pushed",),
            id="pushed by a ghost",
        ),
        pytest.param(
            [a_commit(HEAD)],
            [a_move("0" * 40, "branch_deletion", by=RAJ), CREATED],
            {"ana"},
            (),
            id="deleted by another",
        ),
        pytest.param(
            [a_commit(HEAD)],
            [CREATED, a_move(OLDER, by=RAJ)],
            {"ana"},
            (),
            id="pushed to an earlier branch of the name",
        ),
        pytest.param(
            [a_commit(OLDER), a_commit(HEAD)],
            [CREATED, a_move(OLDER, by=RAJ)],
            {"ana", "raj"},
            (),
            id="a commit brought earlier",
        ),
        pytest.param([a_commit(HEAD)], [], {"ana"}, ("whoever pushed aaaaaaaaaaaa",), id="no activity"),
        pytest.param(
            [a_commit(HEAD, message="m\n\nCo-authored-by: Mei <4+mei@users.noreply.github.com>")],
            [CREATED],
            {"ana", "mei"},
            (),
            id="a co-author with an account",
        ),
        pytest.param(
            [a_commit(HEAD, message="m\n\nco-authored-by:  Mei  <mei@acme.example> ")],
            [CREATED],
            {"ana"},
            ("Mei",),
            id="a co-author without one",
        ),
        pytest.param(
            [a_commit(HEAD, message="m\n\nCo-authored-by: Ana <Ana@acme.example>")],
            [CREATED],
            {"ana"},
            (),
            id="a co-author seen elsewhere",
        ),
    ],
)
def test_everyone_with_a_hand_in_it_is_told(
    commits: Sequence[object], activity: Sequence[object], people: set[str], unknown: tuple[str, ...]
) -> None:
    with asking(found(a_pull(commits=len(commits))), found(commits), found(activity)) as (forge, _):
        told = forge.contributors(7)

    assert {person.login for person in told.people} == people
    assert told.unknown == unknown


@pytest.mark.fault(60, on="github", because="What the forge leaves out of its list is replayed.")
def test_commits_that_the_forge_does_not_list_have_unknown_authors() -> None:
    with asking(found(a_pull(commits=251)), found([a_commit(HEAD)]), found([CREATED])) as (forge, _):
        assert forge.contributors(7).unknown == ("more commits than the forge lists",)


@pytest.mark.fault(66, on="github", because="The sandbox has no forks: what the forge answers about one is replayed.")
@pytest.mark.parametrize("status", [403, 404])
def test_pushes_to_a_fork_that_may_not_be_read_are_unknown(status: int) -> None:
    unreadable = Reply(status, {"message": "Not Found"})

    with asking(found(a_pull(commits=1)), found([a_commit(HEAD)]), unreadable) as (forge, _):
        told = forge.contributors(7)

    assert [person.login for person in told.people] == ["ana"]
    assert told.unknown == (f"whoever pushed {HEAD[:12]}",)
