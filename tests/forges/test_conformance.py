import asyncio
import copy
import json
import time
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from forges.conformance import Conformance, operation_of
from forges.examples import webhook_examples

USER_LINKS = {
    "avatar_url": "",
    "events_url": "{/privacy}",
    "followers_url": "",
    "following_url": "{/other_user}",
    "gists_url": "{/gist_id}",
    "html_url": "",
    "organizations_url": "",
    "received_events_url": "",
    "repos_url": "",
    "starred_url": "",
    "subscriptions_url": "",
    "url": "",
}
ANA = {
    **{name: f"http://localhost/ana{path}" for name, path in USER_LINKS.items()},
    "login": "ana",
    "id": 1,
    "node_id": "U_1",
    "gravatar_id": None,
    "type": "User",
    "site_admin": False,
}
COMMENT = {
    "id": 5,
    "node_id": "IC_5",
    "url": "http://localhost/comment",
    "html_url": "http://localhost/comment",
    "issue_url": "http://localhost/issue",
    "body": "Good.",
    "user": ANA,
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00Z",
    "author_association": "MEMBER",
}
COMMENTS = "/api/v3/repos/acme/registry/issues/7/comments"


def said_of(method: str, target: str, *, sent: object = None, status: int = 200, answered: object = None) -> str:
    listener = Conformance()
    written = b"" if sent is None else json.dumps(sent).encode()
    listener.check_exchange(
        method, target, sent=written, status=status, answered=b"" if answered is None else json.dumps(answered).encode()
    )
    return listener.report()


def test_an_answer_as_github_gives_it_is_no_violation() -> None:
    assert not said_of("POST", COMMENTS, sent={"body": "Good."}, status=201, answered=COMMENT)
    assert not said_of("GET", f"{COMMENTS}?per_page=30&page=2", answered=[COMMENT, COMMENT | {"user": None}])


@pytest.mark.parametrize(
    ("answer", "violation"),
    [
        pytest.param({"id": "5"}, "$.id: '5' is not of type 'integer'", id="type"),
        pytest.param({"created_at": "yesterday"}, "$.created_at: 'yesterday' is not a 'date-time'", id="format"),
        pytest.param({"colour": "red"}, "$.colour: GitHub has no such key", id="invented key"),
        pytest.param({"user": ANA | {"age": 7}}, "$.user.age: GitHub has no such key", id="invented key, deep"),
        pytest.param({"user": {"login": "ana"}}, "$.user: 'avatar_url' is a required property", id="lacking"),
        pytest.param({"url": None}, "$.url: None for not nullable", id="null"),
    ],
)
def test_an_answer_that_departs_from_githubs_is_a_violation(answer: dict[str, Any], violation: str) -> None:
    said = said_of("POST", COMMENTS, sent={"body": "Good."}, status=201, answered=COMMENT | answer)

    assert violation in said


@pytest.mark.parametrize(
    ("method", "target", "violation"),
    [
        pytest.param("GET", "/api/v3/repos/acme/registry/colours", "no such route", id="route"),
        pytest.param("PATCH", COMMENTS, "no such route", id="method"),
        pytest.param("GET", f"{COMMENTS}?colour=red", "?colour: GitHub takes no such parameter", id="parameter"),
    ],
)
def test_a_request_that_github_does_not_know_is_a_violation(method: str, target: str, violation: str) -> None:
    assert violation in said_of(method, target, answered=[])


@pytest.mark.parametrize(
    ("sent", "violation"),
    [
        pytest.param(None, "GitHub needs a body", id="none"),
        pytest.param({"text": "Good."}, "$: 'body' is a required property", id="lacking"),
        pytest.param({"body": "Good.", "colour": "red"}, "$.colour: GitHub has no such key", id="invented"),
    ],
)
def test_a_request_body_that_github_does_not_take_is_a_violation(sent: object, violation: str) -> None:
    assert violation in said_of("POST", COMMENTS, sent=sent, status=201, answered=COMMENT)


@pytest.mark.parametrize(
    ("status", "answered", "violation"),
    [
        pytest.param(200, COMMENT, "GitHub answers 201", id="another status"),
        pytest.param(404, {"message": "Not Found"}, "", id="a published refusal"),
        pytest.param(401, {"message": "Bad credentials"}, "", id="a refusal that stands everywhere"),
        pytest.param(401, ["no"], "$: ['no'] is not of type 'object'", id="a refusal of no such shape"),
        pytest.param(502, "bad gateway", "", id="a fault of the server is nobody's answer"),
    ],
)
def test_the_status_of_an_answer_is_githubs(status: int, answered: object, violation: str) -> None:
    said = said_of("POST", COMMENTS, sent={"body": "Good."}, status=status, answered=answered)

    assert violation in said
    assert bool(violation) is bool(said)


def test_an_answer_without_a_body_is_checked_too() -> None:
    comment = "/api/v3/repos/acme/registry/issues/comments/5"

    assert not said_of("DELETE", comment, status=204)
    assert "GitHub answers without a body" in said_of("DELETE", comment, status=204, answered={})
    assert "not JSON" in said_of("GET", comment)


@pytest.mark.parametrize(
    ("path", "template"),
    [
        pytest.param("/", "/", id="root"),
        pytest.param("/repositories/7", "/repos/{owner}/{repo}", id="by number"),
        pytest.param("/repos/a/b/contents/c/d.yaml", "/repos/{owner}/{repo}/contents/{path}", id="path"),
        pytest.param("/repos/a/b/branches/x%2Fy", "/repos/{owner}/{repo}/branches/{branch}", id="encoded slash"),
        pytest.param(
            "/repos/a/b/branches/x/y/protection", "/repos/{owner}/{repo}/branches/{branch}/protection", id="slash"
        ),
        pytest.param("/repos/a/b/commits/c1", "/repos/{owner}/{repo}/commits/{ref}", id="commit"),
        pytest.param("/repos/a/b/commits/c1/status", "/repos/{owner}/{repo}/commits/{ref}/status", id="its status"),
        pytest.param("/repos/a/b/commits/c1/pulls", "/repos/{owner}/{repo}/commits/{commit_sha}/pulls", id="its pulls"),
    ],
)
def test_a_path_finds_its_description(path: str, template: str) -> None:
    found = operation_of("GET", path)

    assert found is not None
    assert found.name == f"GET {template}"


def payload_of(name: str) -> dict[str, Any]:
    return copy.deepcopy(next(payload for _, each, payload in webhook_examples() if each == name))


def test_githubs_own_webhook_is_no_violation() -> None:
    listener = Conformance()

    listener.check_webhook("pull_request", payload_of("pull_request.closed"))

    assert not listener.report()


@pytest.mark.parametrize(
    ("event", "change", "violation"),
    [
        pytest.param("pull_request", {"colour": "red"}, "$.colour: GitHub has no such key", id="invented"),
        pytest.param("pull_request", {"number": "7"}, "$.number: '7' is not of type 'integer'", id="type"),
        pytest.param("pull_request", {"action": "painted"}, "GitHub publishes no such webhook", id="action"),
        pytest.param("colour", {}, "GitHub publishes no such webhook", id="event"),
    ],
)
def test_a_webhook_that_departs_from_githubs_is_a_violation(event: str, change: dict[str, Any], violation: str) -> None:
    listener = Conformance()

    listener.check_webhook(event, payload_of("pull_request.closed") | change)

    assert violation in listener.report()


def test_every_published_example_has_a_name_of_its_own() -> None:
    examples = webhook_examples()

    assert len(examples) == 329
    assert len({name for _, name, _ in examples}) == 329
    assert len({event for event, _, _ in examples}) == 58


async def spoken(request: Request) -> Response:
    body = await request.json()
    return JSONResponse(COMMENT | {"body": body["body"], "colour": "red"}, 201)


async def posted(application: ASGIApp, path: str, body: object) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://localhost") as client:
        return await client.post(path, json=body)


def test_an_application_is_listened_to_without_being_disturbed() -> None:
    listener = Conformance()
    application = Starlette(routes=[Route("/{rest:path}", spoken, methods=["POST"])])

    answer = asyncio.run(posted(listener.around(application), COMMENTS, {"body": "Hello."}))

    assert answer.json()["body"] == "Hello."
    assert listener.checked == 1
    assert listener.report() == (
        "POST /repos/{owner}/{repo}/issues/{issue_number}/comments -> 201: $.colour: GitHub has no such key"
    )


def test_a_check_takes_little_time() -> None:
    listener = Conformance()
    pull_request = payload_of("pull_request.closed")["pull_request"]
    written = json.dumps(pull_request).encode()
    listener.check_exchange("GET", "/api/v3/repos/a/b/pulls/7", sent=b"", status=200, answered=written)

    began = time.process_time()
    for _ in range(20):
        listener.check_exchange("GET", "/api/v3/repos/a/b/pulls/7", sent=b"", status=200, answered=written)

    assert (time.process_time() - began) / 20 < 0.02
