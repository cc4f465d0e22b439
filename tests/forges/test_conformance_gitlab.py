import asyncio
import copy
import json
import re
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from forges.conformance_gitlab import GitLabConformance
from forges.conformance_gitlab_published import published, route_of
from forges.conformance_traffic import Exchange
from forges.gitlab_examples import gitlab_payloads

PROJECT = "/api/v4/projects/acme%2Fml%2Fregistry"
NOTES = f"{PROJECT}/merge_requests/7/notes"
ANA = {
    "id": 1,
    "username": "ana",
    "public_email": "",
    "name": "Ana",
    "state": "active",
    "locked": False,
    "avatar_url": "http://localhost/avatars/1",
    "web_url": "http://localhost/ana",
}
NOTE = {
    "id": 5,
    "type": None,
    "body": "Good.",
    "author": ANA,
    "created_at": "2026-01-01T00:00:00.000Z",
    "updated_at": "2026-01-01T00:00:00.000Z",
    "system": False,
    "noteable_id": 70,
    "noteable_type": "MergeRequest",
    "noteable_iid": 7,
    "project_id": 3,
    "resolvable": False,
    "confidential": False,
    "internal": False,
    "imported": False,
    "imported_from": "none",
    "commands_changes": {},
}
PAGE = {
    "x-page": "1",
    "x-per-page": "20",
    "x-next-page": "",
    "x-prev-page": "",
    "link": "<http://localhost>; rel=first",
}
QUERY = """
query($project: ID!) {
  project(fullPath: $project) { mergeRequest(iid: "7") { committers(first: 1) { nodes { id username } } } }
}
"""


def said_of(
    method: str,
    target: str,
    *,
    sent: object = None,
    status: int = 200,
    answered: object = None,
    headers: dict[str, str] | None = None,
) -> str:
    listener = GitLabConformance()
    written = b"" if sent is None else sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    body = b"" if answered is None else json.dumps(answered).encode()
    listener.check_exchange(Exchange(method, target, written, status, PAGE if headers is None else headers, body))
    assert listener.checked == 1
    return listener.report()


def test_an_answer_as_gitlab_gives_it_is_no_violation() -> None:
    assert not said_of("POST", NOTES, sent={"body": "Good."}, status=201, answered=NOTE)
    assert not said_of("GET", f"{NOTES}?per_page=30&page=2", answered=[NOTE, NOTE])
    assert not said_of("GET", f"/gitlab{NOTES}/5", answered=NOTE)


@pytest.mark.parametrize(
    ("answer", "violation"),
    [
        pytest.param({"id": "5"}, "$.id: '5' is not of type 'integer'", id="type"),
        pytest.param({"created_at": "yesterday"}, "$.created_at: 'yesterday' is not a 'date-time'", id="format"),
        pytest.param({"colour": "red"}, "$.colour: GitLab has no such key", id="invented key"),
        pytest.param({"author": ANA | {"age": 7}}, "$.author.age: GitLab has no such key", id="invented key, deep"),
        pytest.param({"author": ANA | {"id": "1"}}, "$.author.id: '1' is not of type 'integer'", id="type, deep"),
        pytest.param({"body": None}, "$.body: None is not of type 'string'", id="null"),
    ],
)
def test_an_answer_that_departs_from_gitlabs_is_a_violation(answer: dict[str, Any], violation: str) -> None:
    assert violation in said_of("GET", f"{NOTES}/5", answered=NOTE | answer)
    assert violation.replace("$", "$[0]") in said_of("GET", NOTES, answered=[NOTE | answer])


@pytest.mark.parametrize("key", ["body", "author", "system", "noteable_iid"])
def test_an_answer_that_lacks_what_gitlab_always_tells_is_a_violation(key: str) -> None:
    cut = {name: value for name, value in NOTE.items() if name != key}

    assert f"'{key}' is a required property" in said_of("GET", f"{NOTES}/5", answered=cut)


def test_what_recordings_always_hold_is_asked_for_too() -> None:
    """No line by hand names the keys of a branch."""
    said = said_of("GET", f"{PROJECT}/repository/branches/main", answered={"name": "main"})

    assert "'commit' is a required property" in said


@pytest.mark.parametrize(
    ("method", "target", "violation"),
    [
        pytest.param("GET", f"{PROJECT}/colours", "no published client of GitLab's asks this", id="route"),
        pytest.param("PATCH", NOTES, "no published client of GitLab's asks this", id="method"),
        pytest.param("GET", f"{PROJECT}%2Fmore/x/merge_requests", "no published client", id="a slash not encoded"),
        pytest.param("GET", f"{NOTES}?colour=red", "?colour: GitLab takes no such parameter", id="parameter"),
        pytest.param("GET", f"{NOTES}?body[]=red", "?body[]: GitLab takes no such parameter", id="another's parameter"),
    ],
)
def test_a_request_that_gitlab_does_not_know_is_a_violation(method: str, target: str, violation: str) -> None:
    assert violation in said_of(method, target, answered=[])


@pytest.mark.parametrize(
    ("sent", "violation"),
    [
        pytest.param({"body": "Good.", "colour": "red"}, "$.colour: GitLab takes no such parameter", id="invented"),
        pytest.param({"body": 7}, "$.body: 7 is not of type 'string'", id="type"),
        pytest.param(b"body=Good.&colour=red", "?colour: GitLab takes no such parameter", id="in a form"),
        pytest.param(
            b'--x\r\nContent-Disposition: form-data; name="colour"\r\n\r\nred\r\n--x--',
            "?colour: GitLab takes no such parameter",
            id="in a form of parts",
        ),
    ],
)
def test_a_request_body_that_gitlab_does_not_take_is_a_violation(sent: object, violation: str) -> None:
    assert violation in said_of("POST", NOTES, sent=sent, status=201, answered=NOTE)


def test_a_refused_request_may_have_asked_for_anything() -> None:
    assert not said_of("POST", NOTES, sent={"colour": "red"}, status=400, answered={"error": "body is missing"})


@pytest.mark.parametrize(
    ("status", "answered", "violation"),
    [
        pytest.param(200, NOTE, "GitLab answers 201 or 202", id="another status"),
        pytest.param(202, {"commands_changes": {}, "summary": ["Done."]}, "", id="a second good status"),
        pytest.param(404, {"message": "404 Project Not Found"}, "", id="a refusal"),
        pytest.param(404, ["no"], "GitLab says why under message or error", id="a refusal of no such shape"),
        pytest.param(418, {"message": "418"}, "GitLab does not refuse so", id="a refusal of no such status"),
        pytest.param(302, {}, "GitLab sends on who reads", id="sent on while writing"),
    ],
)
def test_the_status_of_an_answer_is_gitlabs(status: int, answered: object, violation: str) -> None:
    said = said_of("POST", NOTES, sent={"body": "Good."}, status=status, answered=answered)

    assert violation in said
    assert bool(violation) is bool(said)


def test_who_reads_a_project_that_moved_is_sent_on() -> None:
    moved = {"message": "This resource has been moved permanently"}

    assert not said_of("GET", PROJECT, status=301, answered=moved, headers={"location": "http://localhost/projects/3"})
    assert "says where to" in said_of("GET", PROJECT, status=301, answered=moved, headers={})


def test_a_fault_of_the_server_is_nobodys_answer() -> None:
    listener = GitLabConformance()

    listener.check_exchange(Exchange("GET", NOTES, b"", 502, {}, b"bad gateway"))

    assert not listener.report()


@pytest.mark.parametrize("header", list(PAGE))
def test_a_list_without_the_way_to_its_next_page_is_a_violation(header: str) -> None:
    rest = {name: value for name, value in PAGE.items() if name != header}

    assert f"{header}: GitLab tells it of every list" in said_of("GET", NOTES, answered=[NOTE], headers=rest)


def test_a_list_counts_both_its_things_and_its_pages() -> None:
    headers = PAGE | {"x-total": "1"}

    assert "GitLab counts both things and pages" in said_of("GET", NOTES, answered=[NOTE], headers=headers)
    assert not said_of("GET", NOTES, answered=[NOTE], headers=headers | {"x-total-pages": "1"})


def test_a_list_by_key_tells_the_next_page_alone() -> None:
    assert not said_of("GET", f"{NOTES}?pagination=keyset", answered=[NOTE], headers={})
    assert "no more than where the next page is" in said_of("GET", f"{NOTES}?pagination=keyset", answered=[NOTE])


def asked(query: str, data: object) -> str:
    sent = {"query": query, "variables": {"project": "acme/ml/registry"}}
    return said_of("POST", "/api/graphql", sent=sent, answered={"data": data})


def test_a_query_as_gitlab_has_it_is_no_violation() -> None:
    nodes = [{"id": "gid://gitlab/User/1", "username": "ana"}, None]

    assert not asked(QUERY, {"project": {"mergeRequest": {"committers": {"nodes": nodes}}}})
    assert not asked(QUERY, {"project": None})


@pytest.mark.parametrize(
    ("query", "data", "violation"),
    [
        pytest.param(QUERY.replace("username", "login"), {"project": None}, "Cannot query field 'login'", id="field"),
        pytest.param(QUERY.replace("fullPath", "path"), {"project": None}, "Unknown argument 'path'", id="argument"),
        pytest.param(QUERY.replace('"7"', "7"), {"project": None}, "String cannot represent", id="type of an argument"),
        pytest.param(
            QUERY,
            {"project": {"mergeRequest": {"committers": {"nodes": [{"id": "1", "username": None}]}}}},
            "Cannot return null for non-nullable field UserCore.username",
            id="null",
        ),
        pytest.param(QUERY, {"project": None, "user": None}, "holds what was not asked for", id="more than asked for"),
    ],
)
def test_a_query_that_gitlab_does_not_have_is_a_violation(query: str, data: object, violation: str) -> None:
    assert violation in asked(query, data)


def payload_of(name: str) -> dict[str, Any]:
    return copy.deepcopy(gitlab_payloads()[name])


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ("push", "push"),
        ("tag_push", "tag_push"),
        ("merge_requests", "merge_request"),
        ("note", "note_merge_request"),
        ("pipeline", "pipeline"),
        ("job", "build"),
        ("deployment", "deployment"),
    ],
)
def test_a_published_webhook_lacks_nothing(event: str, name: str) -> None:
    listener = GitLabConformance()

    listener.check_webhook(event, payload_of(name))

    assert "is a required property" not in listener.report()
    assert "is not of type" not in listener.report()


@pytest.mark.parametrize(
    ("event", "change", "violation"),
    [
        pytest.param("push", {"colour": "red"}, "$.colour: GitLab has no such key", id="invented"),
        pytest.param("push", {"user_id": "7"}, "$.user_id: '7' is not of type 'integer'", id="type"),
        pytest.param("push", {"project": {}}, "'path_with_namespace' is a required property", id="lacking, deep"),
        pytest.param("push", {"object_kind": "note"}, "'note' is another event's", id="kind"),
        pytest.param("colour", {}, "no webhook of GitLab's is described under this name", id="event"),
    ],
)
def test_a_webhook_that_departs_from_gitlabs_is_a_violation(event: str, change: dict[str, Any], violation: str) -> None:
    listener = GitLabConformance()

    listener.check_webhook(event, payload_of("push") | change)

    assert violation in listener.report()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        pytest.param("projects/7", "projects/{}", id="by number"),
        pytest.param("projects/a%2Fb", "projects/{}", id="by path"),
        pytest.param("projects/7/members/all", "projects/{}/members/all", id="a word before a hole"),
        pytest.param("projects/7/members/all/3", "projects/{}/members/all/{}", id="and below it"),
        pytest.param("projects/7/pipelines/latest", "projects/{}/pipelines/latest", id="what is newer"),
        pytest.param("projects/7/repository/branches/x%2Fy", "projects/{}/repository/branches/{}", id="encoded slash"),
    ],
)
def test_a_path_finds_its_description(path: str, name: str) -> None:
    found = route_of("GET", path)

    assert found is not None
    assert found.name == f"GET {name}"


def test_every_line_by_hand_names_gitlabs_page_and_something_that_is_there() -> None:
    newer = published()["newer"]
    named = [*newer["shapes"].items(), *newer["routes"].items(), *newer["parameters"].items()]
    held = [(name, each) for name, each in newer["holds"].items() if "like" not in each]

    for name, each in [*named, *held, *newer["statuses"].items()]:
        assert re.match(r"https://docs\.gitlab\.com/", each["source"]), name
    for name in [*newer["parameters"], *newer["holds"], *newer["statuses"], *newer["whole"]]:
        assert name in published()["routes"], name
    for name, each in newer["holds"].items():
        assert all(each.get("but_not", {"": "a reason"}).values()), f"{name} leaves something out without a reason"


async def spoken(request: Request) -> Response:
    body = await request.json()
    return JSONResponse(NOTE | {"body": body["body"], "colour": "red"}, 201)


async def posted(application: Any, path: str, body: object) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://localhost") as client:
        return await client.post(path, json=body)


def test_an_application_is_listened_to_without_being_disturbed() -> None:
    listener = GitLabConformance()
    application = listener.around(Starlette(routes=[Route("/{rest:path}", spoken, methods=["POST"])]))

    answer = asyncio.run(posted(application, NOTES, {"body": "Hello."}))
    asyncio.run(posted(application, "/acme/ml/registry/-/merge_requests", {"body": "A page, which nobody checks."}))

    assert answer.json()["body"] == "Hello."
    assert listener.checked == 1
    assert listener.report() == "POST projects/{}/merge_requests/{}/notes -> 201: $.colour: GitLab has no such key"
