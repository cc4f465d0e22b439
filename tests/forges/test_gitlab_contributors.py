"""Who is taken to have had a hand in a merge request on GitLab."""

from collections.abc import Mapping, Sequence

import pytest

from forges.gitlab_replies import ANA, GHOST, HEAD, OLDER, a_request, asking, at
from forges.replies import RawServer, Reply, found
from registrar.core.pull_requests import Contributors
from registrar.errors import ForgeUnavailable, Unknown

RAJ = {"id": 3, "username": "raj", "state": "active"}
ANAS, RAJS = "ana@acme.example", "raj@acme.example"


def a_commit(
    sha: str = HEAD, *, by: str = ANAS, committer: str = "", message: str = "m", parents: int = 1
) -> dict[str, object]:
    return {
        "id": sha,
        "message": message,
        "parent_ids": ["c" * 40] * parents,
        "author_name": by.partition("@")[0].title(),
        "author_email": by,
        "committer_name": (committer or by).partition("@")[0].title(),
        "committer_email": committer or by,
    }


def an_account(account: Mapping[str, object] | None, *, bot: bool = False) -> dict[str, object] | None:
    if account is None:
        return None
    return {"id": f"gid://gitlab/User/{account['id']}", "username": account["username"], "bot": bot}


def a_graph(
    authors: Mapping[str, Mapping[str, object] | None],
    committers: Sequence[Mapping[str, object]] = (ANA,),
    *,
    next_page: str = "",
    more_committers: bool = False,
) -> Reply:
    commits = {
        "pageInfo": {"hasNextPage": bool(next_page), "endCursor": next_page or None},
        "nodes": [{"sha": sha, "author": an_account(account)} for sha, account in authors.items()],
    }
    others = {"pageInfo": {"hasNextPage": more_committers}, "nodes": [an_account(each) for each in committers]}
    return found({"data": {"project": {"mergeRequest": {"commits": commits, "committers": others}}}})


def a_push(
    to: str | None = HEAD, action: str = "created", *, by: Mapping[str, object] | None = ANA, **changes: object
) -> dict[str, object]:
    data = {"action": action, "ref": "topic", "ref_type": "branch", "commit_from": None, "commit_to": to}
    return {"id": 1, "created_at": at(0), "author": by, "push_data": data | changes}


PUSHED = found([a_push()])


def told(
    commits: Sequence[object], graph: Reply, *more: Reply, request: Mapping[str, object] | None = None
) -> tuple[Contributors, RawServer]:
    with asking(found(request or a_request()), found(commits), graph, *more) as (forge, server):
        return forge.contributors(7), server


def logins(contributors: Contributors) -> set[str]:
    return {person.login for person in contributors.people}


@pytest.mark.parametrize(
    ("commits", "graph", "people", "unknown"),
    [
        pytest.param([a_commit()], a_graph({HEAD: ANA}), {"ana"}, (), id="her own commit"),
        pytest.param([a_commit()], a_graph({HEAD: None}, []), {"ana"}, ("Ana",), id="an address of nobody's"),
        pytest.param([a_commit(by=ANAS.upper())], a_graph({HEAD: ANA}), {"ana"}, (), id="an address in capitals"),
        pytest.param(
            [a_commit(committer=RAJS)], a_graph({HEAD: ANA}, [RAJ]), {"ana", "raj"}, (), id="committed by another"
        ),
        pytest.param(
            [a_commit(committer=RAJS)], a_graph({HEAD: ANA}, []), {"ana"}, ("Raj",), id="committed by nobody's address"
        ),
        pytest.param(
            [a_commit(committer=RAJS)], a_graph({HEAD: ANA}, [ANA]), {"ana"}, ("Raj",), id="the author's other address"
        ),
        pytest.param(
            [a_commit(committer=RAJS), a_commit(OLDER, committer="eve@x.example")],
            a_graph({HEAD: ANA, OLDER: ANA}, [RAJ]),
            {"ana"},
            ("Raj", "Eve"),
            id="two addresses and one account: whose is whose",
        ),
        pytest.param(
            [a_commit(committer=RAJS)],
            a_graph({HEAD: ANA}, [RAJ], more_committers=True),
            {"ana"},
            ("Raj",),
            id="more committers than are told",
        ),
        pytest.param(
            [a_commit(committer=RAJS, parents=2)], a_graph({HEAD: ANA}, []), {"ana"}, ("Raj",), id="a merge by another"
        ),
        pytest.param(
            [a_commit(committer=RAJS), a_commit(OLDER, committer="eve@x.example", parents=2)],
            a_graph({HEAD: ANA, OLDER: ANA}, [RAJ]),
            {"ana", "raj"},
            ("Eve",),
            id="a merge by another, which GitLab leaves out",
        ),
        pytest.param(
            [a_commit(committer="noreply@gitlab.com")], a_graph({HEAD: ANA}, []), {"ana"}, (), id="in the browser"
        ),
        pytest.param(
            [a_commit(committer="noreply@127.0.0.1")], a_graph({HEAD: ANA}, []), {"ana"}, (), id="in one's own GitLab's"
        ),
        pytest.param(
            [a_commit(message="m\n\nCo-authored-by: Eve <eve@x.example>")],
            a_graph({HEAD: ANA}),
            {"ana"},
            ("Eve",),
            id="a co-author without an account",
        ),
        pytest.param(
            [a_commit(message=f"m\n\nCo-authored-by: R <{RAJS}>"), a_commit(OLDER, by=RAJS)],
            a_graph({HEAD: ANA, OLDER: RAJ}, [ANA, RAJ]),
            {"ana", "raj"},
            (),
            id="a co-author who wrote a commit too",
        ),
        pytest.param(
            [a_commit()],
            a_graph({HEAD: ANA, OLDER: ANA}),
            {"ana"},
            ("whoever wrote the commits that the forge does not list",),
            id="a commit that only one answer has",
        ),
        pytest.param(
            [],
            a_graph({}, []),
            {"ana"},
            ("whoever wrote the commits that the forge does not list",),
            id="no commit at all",
        ),
    ],
)
def test_whoever_wrote_or_committed_had_a_hand_in_it(
    commits: Sequence[object], graph: Reply, people: set[str], unknown: tuple[str, ...]
) -> None:
    contributors, _ = told(commits, graph, PUSHED)

    assert (logins(contributors), contributors.unknown) == (people, unknown)


def test_a_private_address_is_the_accounts_whose_number_it_holds() -> None:
    message = "m\n\nCo-authored-by: Raj <3-an-older-name@users.noreply.127.0.0.1>"

    contributors, server = told([a_commit(message=message)], a_graph({HEAD: ANA}), found(RAJ), PUSHED)

    assert logins(contributors) == {"ana", "raj"}
    assert "GET /users/3" in server.asked


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        pytest.param("3-raj@users.noreply.elsewhere.example", (), id="another GitLab's"),
        pytest.param("3-raj@users.noreply.127.0.0.1", (Reply(404, {"message": "404"}),), id="of a number of nobody's"),
        pytest.param("raj@users.noreply.127.0.0.1", (), id="without a number"),
    ],
)
def test_a_private_address_that_tells_no_account_is_unknown(address: str, answer: Sequence[Reply]) -> None:
    commit = a_commit(message=f"m\n\nCo-authored-by: Raj <{address}>")

    contributors, _ = told([commit], a_graph({HEAD: ANA}), *answer, PUSHED)

    assert contributors.unknown == ("Raj",)


@pytest.mark.parametrize(
    ("events", "people", "unknown"),
    [
        pytest.param([a_push(by=RAJ)], {"ana", "raj"}, (), id="pushed by another"),
        pytest.param([a_push(action="pushed", by=RAJ), a_push(OLDER)], {"ana", "raj"}, (), id="pushed by two"),
        pytest.param([a_push(action="removed", by=RAJ), a_push()], {"ana"}, (), id="deleted by another"),
        pytest.param([a_push(by=RAJ, ref="other"), a_push()], {"ana"}, (), id="another branch"),
        pytest.param([a_push(by=RAJ, ref_type="tag"), a_push()], {"ana"}, (), id="a tag of that name"),
        pytest.param([a_push(), a_push(OLDER, "pushed", by=RAJ)], {"ana"}, (), id="an older branch of that name"),
        pytest.param([a_push(by=GHOST)], {"ana"}, ("a deleted account that pushed",), id="a deleted account"),
        pytest.param([a_push(by=None)], {"ana"}, ("a deleted account that pushed",), id="nobody"),
        pytest.param([a_push(OLDER)], {"ana"}, (f"whoever pushed {HEAD[:12]}",), id="another head"),
        pytest.param([], {"ana"}, (f"whoever pushed {HEAD[:12]}",), id="no event"),
        pytest.param(
            [a_push(ref=None, commit_to=None)], {"ana"}, (f"whoever pushed {HEAD[:12]}",), id="many refs at once"
        ),
        pytest.param(
            [{"id": 1, "created_at": at(0), "author": RAJ}],
            {"ana"},
            (f"whoever pushed {HEAD[:12]}",),
            id="no push data",
        ),
    ],
)
def test_whoever_pushed_had_a_hand_in_it(events: Sequence[object], people: set[str], unknown: tuple[str, ...]) -> None:
    contributors, _ = told([a_commit()], a_graph({HEAD: ANA}), found(events))

    assert (logins(contributors), contributors.unknown) == (people, unknown)


@pytest.mark.parametrize(
    ("moves", "unknown"),
    [
        pytest.param([a_push(action="pushed", commit_from=OLDER), a_push(OLDER)], (), id="one after the other"),
        pytest.param([a_push(action="pushed", commit_from=OLDER)], (OLDER,), id="no creation"),
        pytest.param(
            [a_push(action="pushed", commit_from=OLDER), a_push(None, "pushed", ref=None), a_push("d" * 40)],
            (OLDER,),
            id="many refs at once in between",
        ),
        pytest.param(
            [a_push(action="pushed", commit_from="d" * 40), a_push(OLDER)], (), id="what is no more of the change"
        ),
    ],
)
def test_whoever_pushed_a_commit_in_a_gap_between_two_pushes_is_unknown(
    moves: Sequence[object], unknown: Sequence[str]
) -> None:
    contributors, _ = told([a_commit(), a_commit(OLDER)], a_graph({HEAD: ANA, OLDER: ANA}), found(moves))

    assert contributors.unknown == tuple(f"whoever pushed {sha[:12]}" for sha in unknown)


@pytest.mark.parametrize("sha", [HEAD, "d" * 40], ids=["at the same commit", "at another"])
def test_a_branch_made_anew_after_the_merge_hides_nobody(sha: str) -> None:
    request = a_request(state="merged", merged_at=at(20))
    later = [a_push(sha, by=RAJ) | {"created_at": at(30)}, a_push(action="removed", by=RAJ) | {"created_at": at(21)}]

    contributors, _ = told([a_commit()], a_graph({HEAD: ANA}), found([*later, a_push()]), request=request)

    assert (logins(contributors), contributors.unknown) == ({"ana"}, ())


def test_whoever_pushed_before_the_merge_had_a_hand_in_it() -> None:
    request = a_request(state="merged", merged_at=at(20))
    moves = [a_push(by=RAJ) | {"created_at": at(20)}]

    contributors, _ = told([a_commit()], a_graph({HEAD: ANA}), found(moves), request=request)

    assert logins(contributors) == {"ana", "raj"}


def test_pushes_are_read_no_further_than_to_the_creation_of_the_branch() -> None:
    pushes = Reply(200, [a_push()], {"X-Next-Page": "2"})

    _, server = told([a_commit()], a_graph({HEAD: ANA}), pushes)

    assert server.asked[-1] == "GET /projects/4/events"
    assert len(server.asked) == 4


def test_pushes_are_read_to_the_creation_of_the_branch() -> None:
    later = Reply(200, [a_push(action="pushed", by=RAJ)], {"X-Next-Page": "2"})

    contributors, _ = told([a_commit()], a_graph({HEAD: ANA}), later, found([a_push(OLDER, by=ANA)]))

    assert logins(contributors) == {"ana", "raj"}


@pytest.mark.fault(66, on="gitlab", because="The sandbox has no forks: what the forge answers about one is replayed.")
@pytest.mark.parametrize("status", [403, 404])
def test_pushes_to_a_fork_that_may_not_be_read_are_unknown(status: int) -> None:
    unreadable = Reply(status, {"message": "no"})

    contributors, _ = told([a_commit()], a_graph({HEAD: ANA}), unreadable, request=a_request(source_project_id=9))

    assert contributors.unknown == (f"whoever pushed {HEAD[:12]}",)


def test_pushes_to_a_deleted_fork_are_unknown() -> None:
    contributors, _ = told([a_commit()], a_graph({HEAD: ANA}), request=a_request(source_project_id=None))

    assert contributors.unknown == (f"whoever pushed {HEAD[:12]}",)


def test_authors_are_read_to_the_last_page() -> None:
    commits = [a_commit(), a_commit(OLDER, by=RAJS)]
    first = a_graph({HEAD: ANA}, [ANA, RAJ], next_page="cursor")

    contributors, server = told(commits, first, a_graph({OLDER: RAJ}, [ANA, RAJ]), PUSHED)

    assert logins(contributors) == {"ana", "raj"}
    assert contributors.unknown == ()
    assert b'"after": "cursor"' in server.sent[3]


def test_pages_of_authors_that_go_round_in_a_circle_end() -> None:
    page = a_graph({HEAD: ANA}, next_page="cursor")

    with pytest.raises(ForgeUnavailable, match="circle"):
        told([a_commit()], page, page)


@pytest.mark.parametrize("project", [None, {"mergeRequest": None}])
def test_a_merge_request_that_graphql_does_not_show_is_unknown(project: object) -> None:
    with pytest.raises(Unknown):
        told([a_commit()], found({"data": {"project": project}}))
