"""The bot's door: who gets in, what is answered, and that nothing is acknowledged before it is kept."""

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from registrar.core.events import Event, PullRequestChanged
from registrar.database.connecting import address_of, connected
from registrar.database.inbox import Inbox
from registrar.web.webhooks import receive
from web.doors import Listening, a_door, listening

SECRETS = ["the-present-secret", "the-next-secret"]
OPENED = {"action": "opened", "number": 7, "pull_request": {"number": 7}, "repository": {"full_name": "acme/registry"}}


class GitHub:
    """What GitHub would send."""

    def __init__(self, bot: Listening) -> None:
        self.bot = bot

    def post(self, body: bytes | Iterator[bytes], **headers: str) -> httpx.Response:
        return self.bot.post(
            "/webhooks/github", body, {name.replace("_", "-"): value for name, value in headers.items()}
        )

    def deliver(
        self, payload: object, *, event: str = "pull_request", secret: str = SECRETS[0], delivery: str = "guid-1"
    ) -> httpx.Response:
        body = json.dumps(payload).encode()
        return self.post(
            body, x_github_event=event, x_github_delivery=delivery, x_hub_signature_256=signed(body, secret)
        )


def signed(body: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.fixture(scope="module")
def served() -> Iterator[Listening]:
    with listening("github", SECRETS) as bot:
        yield bot


@pytest.fixture
def github(served: Listening) -> GitHub:
    served.accepted.clear()
    return GitHub(served)


def test_a_signed_event_is_accepted(github: GitHub) -> None:
    answer = github.deliver(OPENED)

    assert answer.status_code == 202
    assert github.bot.accepted == [("guid-1", PullRequestChanged("acme/registry", 7))]


def test_the_case_of_a_repositorys_name_means_nothing(github: GitHub) -> None:
    answer = github.deliver(OPENED | {"repository": {"full_name": "Acme/Registry"}})

    assert answer.status_code == 202
    assert github.bot.accepted == [("guid-1", PullRequestChanged("acme/registry", 7))]


@pytest.mark.parametrize("secret", SECRETS)
def test_either_secret_opens_while_one_replaces_the_other(github: GitHub, secret: str) -> None:
    assert github.deliver(OPENED, secret=secret).status_code == 202


def test_another_secret_does_not_open(github: GitHub) -> None:
    answer = github.deliver(OPENED, secret="guessed")

    assert (answer.status_code, github.bot.accepted) == (401, [])


def test_an_unsigned_event_is_refused(github: GitHub) -> None:
    answer = github.post(json.dumps(OPENED).encode(), x_github_event="pull_request", x_github_delivery="guid-1")

    assert (answer.status_code, github.bot.accepted) == (401, [])


def test_a_sha1_signature_is_no_signature(github: GitHub) -> None:
    body = json.dumps(OPENED).encode()
    sha1 = "sha1=" + hmac.new(SECRETS[0].encode(), body, hashlib.sha1).hexdigest()

    answer = github.post(body, x_github_event="pull_request", x_github_delivery="guid-1", x_hub_signature=sha1)

    assert (answer.status_code, github.bot.accepted) == (401, [])


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"payload=%7B%7D", id="a form"),
        pytest.param(b"[1, 2]", id="a list"),
        pytest.param(b"{" * 50_000, id="nested without end"),
        pytest.param(b'{"action": "opened", "action": "closed"}', id="a key twice"),
        pytest.param(b"\xff\xfe", id="not text"),
    ],
)
def test_what_is_not_json_is_a_bad_request(github: GitHub, body: bytes) -> None:
    answer = github.post(
        body, x_github_event="pull_request", x_github_delivery="guid-1", x_hub_signature_256=signed(body, SECRETS[0])
    )

    assert (answer.status_code, github.bot.accepted) == (400, [])


def test_a_body_that_says_it_is_too_large_is_not_read(github: GitHub) -> None:
    said = f"POST /webhooks/github HTTP/1.1\r\nHost: bot\r\nContent-Length: {25 * 1024 * 1024 + 1}\r\n\r\n"

    with socket.create_connection(
        (httpx.URL(github.bot.url).host, httpx.URL(github.bot.url).port), timeout=5
    ) as connection:
        connection.sendall(said.encode())  # and not one byte of it: who waits for them never answers
        answer = connection.recv(64)

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_body_that_turns_out_too_large_is_not_read_to_its_end(github: GitHub) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(27):
            yield b"x" * 1024 * 1024

    answer = github.post(endless())

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        pytest.param("watch", {"action": "started", "repository": {"full_name": "acme/registry"}}, id="unknown event"),
        pytest.param("ping", {"zen": "Keep it logically awesome."}, id="ping"),
        pytest.param("pull_request", {"action": "opened"}, id="fields are missing"),
        pytest.param("pull_request", OPENED | {"repository": {"full_name": "evil/registry"}}, id="another repository"),
    ],
)
def test_what_is_not_for_us_is_fine_and_ignored(github: GitHub, event: str, payload: object) -> None:
    answer = github.deliver(payload, event=event)

    assert (answer.status_code, github.bot.accepted) == (200, [])


def test_a_delivery_that_is_known_is_fine(github: GitHub) -> None:
    first, second = github.deliver(OPENED), github.deliver(OPENED)

    assert (first.text, second.text) == ("accepted\n", "known already\n")


def test_an_event_that_cannot_be_kept_is_not_acknowledged(tmp_path: Path) -> None:
    inbox = Inbox(connected(address_of("", tmp_path)))  # of which nobody has made the tables
    body = json.dumps(OPENED).encode()
    headers = {
        "x-github-event": "pull_request",
        "x-github-delivery": "guid-1",
        "x-hub-signature-256": signed(body, SECRETS[0]),
    }

    def keep(delivery: str, event: Event) -> bool:
        return inbox.add(delivery, event, now=datetime.now(UTC))

    answer = receive(a_door("github", SECRETS, keep), headers, body)

    assert answer.status_code == 503


def test_health_tells_nothing_but_that_it_is_up(github: GitHub) -> None:
    assert httpx.get(f"{github.bot.url}/healthz", timeout=20).json() == {"status": "ok"}
