import base64

import httpx
import pytest

from loopback import PLAIN
from sandbox.scene import REGISTRY, Scene


@pytest.mark.parametrize("scheme", [pytest.param("token", id="token"), pytest.param("Bearer", id="bearer")])
def test_a_token_says_who_calls(scene: Scene, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {scene.token('ana')}"}

    answer = httpx.get(f"{scene.sandbox.url}/api/v3/user", headers=headers, verify=PLAIN)

    assert answer.json()["login"] == "ana"


def test_a_token_can_be_the_password(scene: Scene) -> None:
    encoded = base64.b64encode(f"x:{scene.token('ana')}".encode()).decode()

    answer = httpx.get(f"{scene.sandbox.url}/api/v3/user", headers={"Authorization": f"Basic {encoded}"}, verify=PLAIN)

    assert answer.json()["login"] == "ana"


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param("Bearer nobody's", id="unknown token"),
        pytest.param("Bearer é".encode(), id="not ASCII"),
        pytest.param("Basic !", id="not base64"),
        pytest.param("Digest x", id="another scheme"),
    ],
)
def test_bad_credentials_are_refused_everywhere(scene: Scene, authorization: str | bytes) -> None:
    headers = httpx.Headers(
        [(b"Authorization", authorization.encode() if isinstance(authorization, str) else authorization)]
    )

    answer = httpx.get(f"{scene.sandbox.url}/api/v3/repos/{REGISTRY}", headers=headers, verify=PLAIN)

    assert (answer.status_code, answer.json()["message"]) == (401, "Bad credentials")


def test_who_acts_must_say_who_they_are(scene: Scene) -> None:
    answer = scene.answer(None, "POST", f"/repos/{REGISTRY}/issues", {"title": "Hello"})

    assert (answer.status_code, answer.json()["message"]) == (401, "Requires authentication")


def test_what_one_may_not_read_does_not_exist(scene: Scene) -> None:
    scene.sandbox.add_repository("acme/secret", private=True)

    answer = scene.answer("mei", "GET", "/repos/acme/secret")

    assert (answer.status_code, answer.json()["message"]) == (404, "Not Found")


def test_a_reader_may_not_write(scene: Scene) -> None:
    found = scene.pull_request()

    answer = scene.answer("mei", "POST", f"/repos/{REGISTRY}/statuses/{found.head.sha}", {"state": "success"})

    assert answer.status_code == 403


def test_an_unknown_address_is_not_found_in_github_s_words(scene: Scene) -> None:
    answer = scene.answer("ana", "GET", f"/repos/{REGISTRY}/stargazers")

    assert (answer.status_code, answer.json()["message"]) == (404, "Not Found")


def test_a_body_that_is_not_json_is_refused(scene: Scene) -> None:
    with scene.client("ana") as client:
        answer = client.post(
            f"/repos/{REGISTRY}/issues", content=b"{title", headers={"Content-Type": "application/json"}
        )

    assert (answer.status_code, answer.json()["message"]) == (400, "Problems parsing JSON")


def test_a_body_without_what_it_needs_is_refused(scene: Scene) -> None:
    answer = scene.answer("ana", "POST", f"/repos/{REGISTRY}/issues", {"body": "no title"})

    assert answer.status_code == 422
    assert "title" in answer.json()["message"]


def test_a_long_list_comes_in_pages_that_name_each_other(scene: Scene) -> None:
    found = scene.pull_request()
    for number in range(7):
        found.create_issue_comment(f"Number {number}")
    path = f"/repos/{REGISTRY}/issues/1/comments"

    answer = scene.answer("mei", "GET", f"{path}?per_page=3&page=2")

    assert [each["body"] for each in answer.json()] == ["Number 3", "Number 4", "Number 5"]
    url = f"{scene.sandbox.url}/api/v3{path}?per_page=3"
    assert {name: link["url"] for name, link in answer.links.items()} == {
        "prev": f"{url}&page=1",
        "first": f"{url}&page=1",
        "next": f"{url}&page=3",
        "last": f"{url}&page=3",
    }


def test_a_client_that_follows_the_pages_sees_everything(scene: Scene) -> None:
    found = scene.pull_request()
    for number in range(65):
        found.create_issue_comment(f"Number {number}")

    assert found.get_issue_comments().totalCount == len(list(found.get_issue_comments())) == 65


def test_nobody_limits_the_rate(scene: Scene) -> None:
    answer = scene.answer("ana", "GET", "/rate_limit")

    assert answer.status_code == 404
