"""The bot's door for GitLab: it counts every refusal against the webhook, so only strangers are refused."""

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator

import httpx
import pytest

from forges.gitlab_examples import SIGNING_TOKEN, signed
from registrar.core.events import PullRequestChanged, RunChanged
from registrar.web.webhooks import receive
from web.doors import NOW, Listening, a_door, listening

AT = int(NOW.timestamp())
PLAIN = "the-plain-secret"
OPENED = {
    "object_kind": "merge_request",
    "project": {"path_with_namespace": "acme/registry"},
    "object_attributes": {"iid": 7, "action": "open"},
}


@pytest.fixture(scope="module")
def served() -> Iterator[Listening]:
    with listening("gitlab", [SIGNING_TOKEN]) as bot:
        yield bot


@pytest.fixture
def bot(served: Listening) -> Listening:
    served.accepted.clear()
    return served


def deliver(bot: Listening, payload: object) -> httpx.Response:
    body = json.dumps(payload).encode()
    return bot.post("/webhooks/gitlab", body, signed(body, at=AT))


def test_a_signed_event_is_accepted_under_the_name_that_is_signed(bot: Listening) -> None:
    answer = deliver(bot, OPENED)

    assert (answer.status_code, answer.text) == (202, "accepted\n")
    assert bot.accepted == [("an-id", PullRequestChanged("acme/registry", 7))]


def test_an_event_of_an_application_is_accepted_when_it_is_about_a_run(bot: Listening) -> None:
    run = {"id": 31, "name": "deploy-7-0123456789abcdef"}
    payload = {"object_kind": "pipeline", "project": {"path_with_namespace": "acme/app"}, "object_attributes": run}

    answer = deliver(bot, payload)

    assert answer.status_code == 202
    assert bot.accepted == [("an-id", RunChanged("acme/app", 31, "deploy-7-0123456789abcdef"))]


def test_a_wrong_signature_does_not_open_though_the_secret_is_right(bot: Listening) -> None:
    headers = signed(b"{}", at=AT) | {"X-Gitlab-Token": PLAIN}

    answer = bot.post("/webhooks/gitlab", json.dumps(OPENED).encode(), headers)

    assert (answer.status_code, bot.accepted) == (401, [])


def test_a_signature_of_long_ago_does_not_open(bot: Listening) -> None:
    body = json.dumps(OPENED).encode()

    answer = bot.post("/webhooks/gitlab", body, signed(body, at=AT - 301))

    assert (answer.status_code, bot.accepted) == (401, [])


def test_the_plain_secret_opens_where_it_is_the_only_one() -> None:
    with listening("gitlab", [PLAIN]) as bot:
        headers = {"X-Gitlab-Token": PLAIN, "Idempotency-Key": "a-key"}
        answer = bot.post("/webhooks/gitlab", json.dumps(OPENED).encode(), headers)

    assert answer.status_code == 202
    assert bot.accepted == [("a-key", PullRequestChanged("acme/registry", 7))]


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param({"event_name": "project_create"}, id="an event that is not for us"),
        pytest.param({"object_kind": "emoji"}, id="a reaction"),
        pytest.param(OPENED | {"project": {"path_with_namespace": "evil/registry"}}, id="another repository"),
    ],
)
def test_what_is_not_for_us_is_fine_and_ignored(
    bot: Listening, payload: object, caplog: pytest.LogCaptureFixture
) -> None:
    answer = deliver(bot, payload)

    assert (answer.status_code, bot.accepted) == (200, [])
    assert caplog.records == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"payload=%7B%7D", id="a form"),
        pytest.param(b"[1, 2]", id="a list"),
        pytest.param(b'{"object_kind": "push", "object_kind": "note"}', id="a key twice"),
        pytest.param(b"\xff\xfe", id="not text"),
        pytest.param(json.dumps({"object_kind": "merge_request"}).encode(), id="fields are missing"),
    ],
)
def test_what_is_authentic_and_not_understood_is_fine_but_told(body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    door = a_door("gitlab", [SIGNING_TOKEN], Listening().accept)

    with caplog.at_level(logging.WARNING, logger="registrar.webhooks"):
        answer = receive(door, signed(body, at=AT), body)

    assert answer.status_code == 200
    [record] = caplog.records
    assert "was not understood" in record.getMessage()
    assert "\n" not in record.getMessage()


def test_a_github_signed_body_is_refused_at_gitlabs_route(bot: Listening) -> None:
    body = json.dumps(OPENED).encode()
    signature = "sha256=" + hmac.new(SIGNING_TOKEN.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": signature, "X-GitHub-Event": "pull_request", "X-GitHub-Delivery": "guid-1"}

    answer = bot.post("/webhooks/gitlab", body, headers)

    assert (answer.status_code, bot.accepted) == (401, [])


def test_a_gitlab_signed_body_is_refused_at_githubs_route() -> None:
    body = json.dumps(OPENED).encode()

    with listening("github", [SIGNING_TOKEN]) as bot:
        answer = bot.post("/webhooks/github", body, signed(body, at=AT) | {"X-Gitlab-Token": SIGNING_TOKEN})

    assert (answer.status_code, bot.accepted) == (401, [])


def test_a_route_of_the_other_forge_says_where_webhooks_go(bot: Listening) -> None:
    body = json.dumps(OPENED).encode()

    answer = bot.post("/webhooks/github", body, signed(body, at=AT))

    assert (answer.status_code, bot.accepted) == (401, [])
    assert answer.text == "the registry of this bot has its webhooks at /webhooks/gitlab\n"


def test_a_route_of_no_forge_is_not_found(bot: Listening) -> None:
    assert bot.post("/webhooks/svn", b"{}", {}).status_code == 404
