from datetime import UTC, datetime

import pytest
from github import GithubException, UnknownObjectException

from sandbox.scene import REGISTRY, Scene


def test_an_account_is_found_by_login_and_by_id(scene: Scene) -> None:
    github = scene.github("mei")

    found = github.get_user("ANA")

    assert (found.login, found.type, found.id) == ("ana", "User", 1)
    assert github.get_user_by_id(1).login == "ana"


def test_a_bot_is_told_from_a_person(scene: Scene) -> None:
    assert scene.github("ana").get_user("registrar-bot").type == "Bot"


def test_nobody_has_an_unknown_login(scene: Scene) -> None:
    with pytest.raises(UnknownObjectException):
        scene.github("ana").get_user("nobody")


@pytest.mark.parametrize(
    ("login", "permission", "role"),
    [
        pytest.param("ana", "admin", "admin", id="admin"),
        pytest.param("raj", "write", "write", id="writer"),
        pytest.param("mei", "read", "read", id="reader"),
        pytest.param("kim", "write", "maintain", id="maintainer, for whom the old word is missing"),
        pytest.param("stranger", "none", "none", id="stranger"),
    ],
)
def test_the_permission_of_each_is_told(scene: Scene, login: str, permission: str, role: str) -> None:
    scene.sandbox.add_user("kim")
    scene.sandbox.add_user("stranger")
    scene.sandbox.store.repository(REGISTRY).private = True
    scene.sandbox.grant(REGISTRY, "kim", "maintain")

    answer = scene.answer("raj", "GET", f"/repos/{REGISTRY}/collaborators/{login}/permission").json()

    assert (answer["permission"], answer["role_name"]) == (permission, role)
    assert scene.registry("raj").get_collaborator_permission(login) == permission


def test_a_team_lends_its_role_to_its_members(scene: Scene) -> None:
    scene.sandbox.add_team("acme/writers", ["mei"])
    scene.sandbox.grant(REGISTRY, "acme/writers", "maintain")

    assert scene.registry("ana").get_collaborator_role_name("mei") == "maintain"


def test_a_reader_does_not_learn_what_others_may_do(scene: Scene) -> None:
    with pytest.raises(GithubException, match="Must have push access"):
        scene.registry("mei").get_collaborator_permission("ana")


def test_the_members_of_a_team_are_told_to_those_who_work_with_it(scene: Scene) -> None:
    answer = scene.answer("registrar-bot", "GET", "/orgs/acme/teams/ml-admins/members")

    assert [each["login"] for each in answer.json()] == ["ana"]
    assert scene.answer("raj", "GET", "/orgs/acme/teams/ml-admins").json()["members_count"] == 1


@pytest.mark.parametrize(
    ("login", "status"), [pytest.param("ana", 200, id="a member"), pytest.param("raj", 404, id="not a member")]
)
def test_membership_is_told(scene: Scene, login: str, status: int) -> None:
    answer = scene.answer("registrar-bot", "GET", f"/orgs/acme/teams/ml-admins/memberships/{login}")

    assert answer.status_code == status
    assert answer.json().get("state") == ("active" if status == 200 else None)


def test_a_stranger_sees_no_team(scene: Scene) -> None:
    scene.sandbox.add_user("stranger")

    assert scene.answer("stranger", "GET", "/orgs/acme/teams/ml-admins").status_code == 404


def test_github_says_what_a_classic_token_may_do_and_until_when(scene: Scene) -> None:
    account = scene.sandbox.store.account("raj")
    account.token_scopes, account.token_expires_at = ("repo", "read:org"), datetime(2026, 12, 1, tzinfo=UTC)

    said = scene.answer("raj", "GET", "/user").headers

    assert said["x-oauth-scopes"] == "repo, read:org"
    assert said["github-authentication-token-expiration"] == "2026-12-01 00:00:00 UTC"
    assert "x-oauth-scopes" not in scene.answer("ana", "GET", "/user").headers
