"""Whom GitLab lets do what, and whom a word of its CODEOWNERS names."""

from collections.abc import Mapping, Sequence

import pytest

from forges.gitlab_replies import ANA, GHOST, PROJECT, a_project, asking
from forges.replies import Reply, found
from registrar.core.people import Permission, Person

RAJ = {"id": 3, "username": "raj", "state": "active"}
PERSON = Person(2, "ana")
GONE = Reply(404, {"message": "404 Not Found"})
INVITED = found(a_project(shared_with_groups=[{"group_id": 5, "group_full_path": "Others/ML"}]))


def a_member(account: Mapping[str, object], level: int, **changes: object) -> dict[str, object]:
    return {**account, "access_level": level, **changes}


@pytest.mark.parametrize(
    ("answer", "permission"),
    [
        pytest.param(a_member(ANA, 50), Permission.ADMIN, id="Owner"),
        pytest.param(a_member(ANA, 40), Permission.MAINTAIN, id="Maintainer"),
        pytest.param(a_member(ANA, 30), Permission.WRITE, id="Developer"),
        pytest.param(a_member(ANA, 25), Permission.READ, id="between two roles"),
        pytest.param(a_member(ANA, 20), Permission.READ, id="Reporter"),
        pytest.param(a_member(ANA, 15), Permission.READ, id="Planner"),
        pytest.param(a_member(ANA, 10), Permission.READ, id="Guest"),
        pytest.param(a_member(ANA, 5), Permission.NONE, id="Minimal access"),
        pytest.param(a_member(ANA, 50, state="blocked"), Permission.NONE, id="blocked"),
        pytest.param(a_member(ANA, 50, state="deactivated"), Permission.NONE, id="deactivated"),
        pytest.param(a_member(ANA, 50, membership_state="awaiting"), Permission.NONE, id="waiting to be let in"),
        pytest.param(a_member(ANA, 50, membership_state="active"), Permission.ADMIN, id="let in"),
        pytest.param(a_member(ANA | {"username": "anna"}, 50), Permission.NONE, id="renamed since"),
        pytest.param(a_member(ANA | {"id": 9}, 50), Permission.NONE, id="another account"),
        pytest.param(a_member(ANA | {"username": "Ana"}, 50), Permission.ADMIN, id="in other letters"),
    ],
)
def test_a_permission_is_never_read_as_more_than_it_is(answer: Mapping[str, object], permission: Permission) -> None:
    with asking(found(answer)) as (forge, server):
        assert forge.permission(PERSON) is permission

        assert server.asked == [f"GET {PROJECT}/members/all/2"]


def test_who_is_no_member_may_nothing() -> None:
    with asking(GONE) as (forge, _):
        assert forge.permission(PERSON) is Permission.NONE


@pytest.mark.parametrize(
    ("replies", "person"),
    [
        pytest.param((found([ANA]), found(ANA | {"bot": False})), PERSON, id="a person"),
        pytest.param((found([ANA]), found(ANA | {"bot": True})), Person(2, "ana", is_bot=True), id="a service account"),
        pytest.param((found([ANA | {"username": "anabel"}]),), None, id="another name"),
        pytest.param((found([]),), None, id="nobody"),
        pytest.param((found([ANA]), GONE), None, id="gone in between"),
    ],
)
def test_a_login_is_looked_up(replies: Sequence[Reply], person: Person | None) -> None:
    with asking(*replies) as (forge, server):
        assert forge.person("ana") == person

        assert server.queries[0]["username"] == "ana"


@pytest.mark.parametrize(
    ("word", "replies", "owners"),
    [
        pytest.param("@ana", (found([ANA]), found(ANA)), ["ana"], id="an account"),
        pytest.param("@ana", (found([ANA | {"state": "blocked"}]),), [], id="a blocked account"),
        pytest.param("ana@acme.example", (), [], id="an address"),
        pytest.param("@ghost1", (found([GHOST]), found(GHOST)), [], id="a deleted account"),
        pytest.param("@acme", (found([]), found([a_member(ANA, 50)]), found(ANA)), ["ana"], id="the group above"),
        pytest.param("@Acme/ML", (found([a_member(ANA, 50)]), found(ANA)), ["ana"], id="the group it is in"),
        pytest.param(
            "@acme/ml",
            (found([a_member(ANA, 50, state="banned"), a_member(RAJ, 30, membership_state="awaiting")]),),
            [],
            id="members who are not active",
        ),
        pytest.param("@others/ml", (INVITED, found([a_member(RAJ, 30)]), found(RAJ)), ["raj"], id="an invited group"),
        pytest.param("@others/ops", (INVITED,), [], id="a group of others"),
        pytest.param("@acme/m", (found(a_project()),), [], id="a group that is named almost so"),
        pytest.param("@nobody", (found([]), found(a_project())), [], id="nobody"),
        pytest.param("@acme", (found([]), GONE), [], id="a group out of sight"),
        pytest.param("@acme", (found([]), Reply(403, {"message": "403 Forbidden"})), [], id="a group that is closed"),
    ],
)
def test_a_word_of_codeowners_names_active_accounts(word: str, replies: Sequence[Reply], owners: list[str]) -> None:
    with asking(*replies) as (forge, server):
        assert [person.login for person in forge.code_owners(word)] == owners

        assert server.replies == []


@pytest.mark.parametrize(
    ("word", "owners"),
    [
        ("@@developer", ["raj"]),
        ("@@developers", ["raj"]),
        ("@@Maintainer", ["ana"]),
        ("@@owner", []),
    ],
)
def test_a_role_names_the_direct_members_with_exactly_that_role(word: str, owners: list[str]) -> None:
    members = [a_member(ANA, 40), a_member(RAJ, 30), a_member(ANA | {"id": 8}, 30, state="blocked")]
    named = [found({"ana": ANA, "raj": RAJ}[owner]) for owner in owners]

    with asking(found(members), *named) as (forge, server):
        assert [person.login for person in forge.code_owners(word)] == owners

        assert server.asked[0] == f"GET {PROJECT}/members"


@pytest.mark.parametrize("word", ["@@guest", "@@reporter", "@@", "@@admins"])
def test_a_role_that_cannot_own_names_nobody(word: str) -> None:
    with asking() as (forge, _):
        assert forge.code_owners(word) == ()


def test_whether_an_account_is_a_bot_is_asked_once() -> None:
    with asking(found([ANA]), found(ANA), found([ANA])) as (forge, server):
        forge.person("ana")
        forge.person("ana")

        assert server.replies == []
