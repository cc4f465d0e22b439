"""Who is who on GitLab's side of the sandbox forge, what they may do, whose commits are theirs; and pages of lists."""

from typing import Any

import pytest
from gitlab import GitlabGetError, GitlabHttpError

from sandbox.gitlab_scene import REGISTRY, GitLabScene


@pytest.fixture
def merge_request(gitlab_scene: GitLabScene) -> Any:
    """As raj sees it, who asked for it."""
    return gitlab_scene.merge_request()


def test_accounts_are_found_by_name_and_say_whether_they_are_bots(gitlab_scene: GitLabScene) -> None:
    gitlab = gitlab_scene.gitlab("mei")

    [found] = gitlab.users.list(username="REGISTRAR-BOT")

    assert (found.username, gitlab.users.get(found.id).bot) == ("registrar-bot", True)
    assert gitlab.users.list(username="acme") == []
    assert [each.username for each in gitlab.users.list(search="raj")] == ["raj"]
    assert gitlab.personal_access_tokens.get("self").scopes == ["api"]


def test_a_member_that_is_none_is_not_found(gitlab_scene: GitLabScene) -> None:
    registry = gitlab_scene.registry("ana")
    eve = gitlab_scene.sandbox.store.account("eve").id

    with pytest.raises(GitlabGetError, match="404"):
        registry.members_all.get(eve)


def test_a_long_list_is_paged_and_not_counted(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    for number in range(3):
        merge_request.notes.create({"body": str(number)})
    address = "/projects/acme%2Fml%2Fregistry/merge_requests/1/notes?per_page=2&sort=asc"

    first = gitlab_scene.answer("mei", "GET", address)
    last = gitlab_scene.answer("mei", "GET", f"{address}&page=2")

    assert (first.headers["X-Total"], first.headers["X-Next-Page"], last.headers["X-Next-Page"]) == ("3", "2", "")
    links = {rel: link["url"] for rel, link in first.links.items()}
    assert links["next"].startswith(f"{gitlab_scene.sandbox.url}/api/v4/projects/acme%2Fml%2Fregistry/")
    assert set(links) == {"first", "next", "last"}
    assert [each["body"] for each in first.json() + last.json()] == ["0", "1", "2"]


def test_graphql_tells_whose_the_commits_are(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    query = """query($path: ID!, $iid: String!) { project(fullPath: $path) { mergeRequest(iid: $iid) {
        commits(first: 1) { nodes { sha author { id username bot } } pageInfo { hasNextPage } }
        committers { nodes { username } } } } }"""
    variables = {"path": REGISTRY, "iid": "1"}

    answer = gitlab_scene.graph("mei", query, variables)

    raj = gitlab_scene.sandbox.store.account("raj").id
    author = {"id": f"gid://gitlab/User/{raj}", "username": "raj", "bot": False}
    assert answer["data"]["project"]["mergeRequest"] == {
        "commits": {"nodes": [{"sha": merge_request.sha, "author": author}], "pageInfo": {"hasNextPage": False}},
        "committers": {"nodes": [{"username": "raj"}]},
    }
    assert gitlab_scene.graph("mei", query, variables | {"path": "acme/none"}) == {"data": {"project": None}}


def test_graphql_refuses_what_gitlab_does_not_know(gitlab_scene: GitLabScene) -> None:
    [error] = gitlab_scene.graph("mei", '{ project(fullPath: "x") { owner } }', {})["errors"]

    assert "Cannot query field 'owner' on type 'Project'" in error["message"]


def test_the_admin_of_a_group_owns_what_is_in_it(gitlab_scene: GitLabScene) -> None:
    gitlab_scene.sandbox.add_member("acme", "eve", "admin")

    found = gitlab_scene.registry("eve")

    eve = gitlab_scene.sandbox.store.account("eve").id
    assert found.members_all.get(eve).access_level == 50
    assert found.permissions["group_access"]["access_level"] == 50
    assert "eve" not in [each.username for each in found.members.list()]


def test_an_invited_group_gives_its_members_a_role(gitlab_scene: GitLabScene) -> None:
    gitlab_scene.sandbox.add_team("acme/reviewers", ["eve"])
    gitlab_scene.sandbox.grant(REGISTRY, "acme/reviewers", "write")

    found = gitlab_scene.registry("eve")

    levels = {each.username: each.access_level for each in found.members_all.list()}
    assert levels == {"ana": 50, "raj": 30, "mei": 20, "registrar-bot": 30, "eve": 30}
    assert [each["group_full_path"] for each in found.shared_with_groups] == ["acme/reviewers"]
    group = gitlab_scene.gitlab("mei").groups.get("acme/reviewers")
    assert [each.username for each in group.members.list()] == ["eve"]


def test_nobody_is_told_of_what_they_may_not_do(gitlab_scene: GitLabScene) -> None:
    with pytest.raises(GitlabHttpError, match="403 Forbidden"):
        gitlab_scene.gitlab("raj").http_get("/projects/1/hooks")


def test_a_blocked_account_is_shown_as_such_and_not_let_in(gitlab_scene: GitLabScene) -> None:
    gitlab_scene.sandbox.block("ana")

    answer = gitlab_scene.answer("ana", "GET", "/user")

    ana = gitlab_scene.sandbox.store.account("ana").id
    assert (answer.status_code, answer.json()) == (403, {"message": "403 Forbidden - Your account has been blocked."})
    assert gitlab_scene.registry("mei").members_all.get(ana).state == "blocked"


@pytest.mark.parametrize(
    ("pushes", "counted"), [pytest.param(10_000, True, id="ten thousand"), pytest.param(10_001, False, id="one more")]
)
def test_a_list_is_counted_up_to_ten_thousand(
    gitlab_scene: GitLabScene, merge_request: Any, pushes: int, counted: object
) -> None:
    repository = gitlab_scene.sandbox.store.repository(REGISTRY)
    repository.pushes = repository.pushes[:1] * pushes

    answer = gitlab_scene.answer("mei", "GET", "/projects/1/events?action=pushed&per_page=2")

    assert (len(answer.json()), answer.headers["X-Next-Page"], merge_request.iid) == (2, "2", 1)
    assert ("X-Total" in answer.headers, "X-Total-Pages" in answer.headers) == (counted, counted)
    assert ("last" in answer.links, "next" in answer.links) == (counted, True)


def test_a_list_asked_for_by_key_tells_the_next_page_alone(gitlab_scene: GitLabScene) -> None:
    for name in ("one", "two", "three"):
        gitlab_scene.sandbox.add_repository(f"acme/{name}")
    gitlab = gitlab_scene.gitlab("mei")

    found = gitlab.projects.list(iterator=True, pagination="keyset", order_by="id", per_page=3)

    assert [each.path for each in found] == ["registry", "one", "two", "three"]
    first = gitlab_scene.answer("mei", "GET", "/projects?pagination=keyset&order_by=id&per_page=3")
    assert (list(first.links), "X-Page" in first.headers) == (["next"], False)


def test_what_a_deleted_account_did_is_a_ghosts(gitlab_scene: GitLabScene, merge_request: Any) -> None:
    gitlab_scene.registry("ana").mergerequests.get(1).approve()
    merge_request.notes.create({"body": "Mine"})
    for login in ("raj", "ana"):
        gitlab_scene.sandbox.delete_account(login)

    found = gitlab_scene.registry("mei").mergerequests.get(1)

    assert (found.author["username"], found.notes.list()[0].author["username"]) == ("ghost", "ghost")
    assert (found.approvals.get().approved_by, found.sha) == ([], merge_request.sha)
    assert gitlab_scene.gitlab("mei").users.list(username="raj") == []
