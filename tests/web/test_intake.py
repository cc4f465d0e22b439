"""Who gets in at the bot's door, on either forge, and that everybody else is refused without a trace."""

import json
import socket
from collections.abc import Callable, Iterator

import httpx
import pytest

from loopback import PLAIN
from registrar.core.events import PullRequestChanged, RunChanged
from registrar.observing.numbers import NUMBERS
from registrar.web.keyring import Keyring
from web.doors import Listening, listening
from web.senders import SENDERS, Sender, Sent

OTHER = "acme/other"
APPLICATION = "acme/app"
MEGABYTE = b"x" * 1024 * 1024


@pytest.fixture
def scoped(sender: Sender) -> Iterator[Sent]:
    """It tells a bot of two registries, and one of them has a secret of its own."""
    keys = Keyring([sender.secret], {OTHER: [sender.other_secret]})
    with listening(sender.forge, keys, repositories=["acme/registry", OTHER]) as bot:
        yield Sent(sender, bot)


def refused(answer: httpx.Response, bot: Listening) -> bool:
    return (answer.status_code, bot.accepted) == (401, [])


def test_a_proven_event_is_accepted_under_its_name(forge: Sent) -> None:
    answer = forge.deliver(forge.sender.opened(), delivery="guid-7")

    assert (answer.status_code, answer.text) == (202, "accepted\n")
    assert forge.bot.accepted == [("guid-7", PullRequestChanged("acme/registry", 7))]


def test_the_case_of_a_repositorys_name_means_nothing(forge: Sent) -> None:
    answer = forge.deliver(forge.sender.opened(repository="Acme/Registry"))

    assert answer.status_code == 202
    assert forge.bot.accepted == [("guid-1", PullRequestChanged("acme/registry", 7))]


def test_a_run_of_an_application_is_accepted(forge: Sent) -> None:
    answer = forge.deliver(forge.sender.run_ended(repository=APPLICATION), kind=forge.sender.kind_of_run)

    assert answer.status_code == 202
    assert forge.bot.accepted == [("guid-1", RunChanged(APPLICATION, 31, "deploy-7-0123456789abcdef"))]


def test_a_delivery_that_is_known_is_fine(forge: Sent) -> None:
    first, second = forge.deliver(forge.sender.opened()), forge.deliver(forge.sender.opened())

    assert (first.text, second.text) == ("accepted\n", "known already\n")


@pytest.mark.fault(1)
def test_a_webhook_without_a_proof_is_refused(forge: Sent) -> None:
    answer = forge.post(json.dumps(forge.sender.opened()).encode(), {})

    assert refused(answer, forge.bot)


@pytest.mark.fault(2)
@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(lambda _: "", id="empty"),
        pytest.param(lambda proof: proof[:-4], id="cut short"),
        pytest.param(lambda proof: proof[:-4] + "AAA=", id="another"),
        pytest.param(lambda proof: proof.upper(), id="in capitals"),
        pytest.param(lambda proof: proof[:-4] + "äöü=", id="not ASCII"),
        pytest.param(lambda proof: f"{proof},{proof}", id="twice"),
    ],
)
def test_a_spoilt_proof_is_refused(forge: Sent, spoilt: Callable[[str], str]) -> None:
    body = json.dumps(forge.sender.opened()).encode()
    proof = forge.sender.proof(body)

    answer = forge.post(body, {**proof, forge.sender.proving: spoilt(proof[forge.sender.proving])})

    assert refused(answer, forge.bot)


@pytest.mark.fault(3)
def test_a_weaker_proof_with_the_right_secret_is_none(forge: Sent) -> None:
    body = json.dumps(forge.sender.opened()).encode()

    answers = [forge.post(body, weaker) for weaker in forge.sender.weaker_proofs(body)]

    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert forge.bot.accepted == []


@pytest.mark.fault(5)
def test_either_secret_opens_while_one_replaces_the_other_and_the_old_one_no_longer_after_it(sender: Sender) -> None:
    old, new = sender.secret, sender.other_secret

    with listening(sender.forge, Keyring([old, new])) as bot:
        meanwhile = [Sent(sender, bot).deliver(sender.opened(), secret=secret) for secret in (old, new)]
    with listening(sender.forge, Keyring([new])) as bot:
        after = [Sent(sender, bot).deliver(sender.opened(), secret=secret) for secret in (old, new)]

    assert [answer.status_code for answer in meanwhile + after] == [202, 202, 401, 202]


@pytest.mark.fault(8)
def test_a_body_that_says_it_is_too_large_is_not_read(forge: Sent) -> None:
    said = f"POST {forge.sender.path} HTTP/1.1\r\nHost: bot\r\nContent-Length: {26 * 1024 * 1024}\r\n\r\n"
    address = httpx.URL(forge.bot.url)

    with socket.create_connection((address.host, address.port), timeout=20) as connection:
        connection.sendall(said.encode())  # and not one byte of it: who waits for them never answers
        answer = connection.recv(64)

    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.fault(8)
def test_a_body_that_turns_out_too_large_is_not_read_to_its_end(forge: Sent) -> None:
    answer = forge.post((MEGABYTE for _ in range(27)), {})

    assert answer.status_code == 413


@pytest.mark.fault(9)
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"payload=%7B%7D", id="a form"),
        pytest.param(b"[1, 2]", id="a list"),
        pytest.param(b'{"x":' * 50_000, id="nested without end"),
        pytest.param(b'{"x":' * 100 + b"1" + b"}" * 100, id="nested too deep"),
        pytest.param(b'{"action": "opened", "action": "closed"}', id="a key twice"),
        pytest.param(b'{"action": "\\u0000"}', id="a NUL"),
        pytest.param(b'{"x": ["\\ud800"]}', id="half a surrogate pair"),
        pytest.param(b'{"\\uDC00": 1}', id="half a surrogate pair in a key"),
        pytest.param(b'{"x": NaN}', id="no number"),
        pytest.param(b"\xff\xfe", id="not text"),
    ],
)
def test_what_no_forge_sends_is_told_and_kept_out(forge: Sent, body: bytes) -> None:
    answer = forge.post(body, forge.sender.proof(body))

    assert (answer.status_code, forge.bot.accepted) == (forge.sender.not_understood, [])
    assert answer.text.startswith("not understood: ")


@pytest.mark.fault(9)
def test_a_character_of_two_halves_is_understood(forge: Sent) -> None:
    answer = forge.deliver(forge.sender.opened() | {"title": "\N{ROCKET} away"})

    assert answer.status_code == 202


@pytest.mark.fault(10)
@pytest.mark.parametrize(
    ("kind", "change"),
    [
        pytest.param("emoji", {"action": "created", "object_kind": "emoji"}, id="an event of no interest"),
        pytest.param("invented", {"action": "x", "object_kind": "invented"}, id="an unknown event"),
        pytest.param("", {"action": 3, "object_kind": ["x"]}, id="no event at all"),
        pytest.param("", {"pull_request": 7, "object_kind": "push", "ref": 7}, id="fields of another shape"),
        pytest.param(
            "",
            {"repository": {"full_name": "evil/registry"}, "project": {"path_with_namespace": "evil/registry"}},
            id="another repository",
        ),
    ],
)
def test_what_is_not_for_us_is_fine_and_counted_as_ignored(forge: Sent, kind: str, change: dict[str, object]) -> None:
    before = NUMBERS.deliveries().get("ignored", 0)

    answer = forge.deliver(forge.sender.opened() | change, kind=kind)

    assert (answer.status_code, forge.bot.accepted) == (200, [])
    assert answer.text.startswith("ignored: ")
    assert NUMBERS.deliveries()["ignored"] == before + 1


@pytest.mark.fault(11)
def test_the_secret_of_one_registry_says_nothing_of_another(scoped: Sent) -> None:
    sender = scoped.sender
    of_other_by_shared = scoped.deliver(sender.opened(repository="Acme/Other"))
    of_registry_by_others = scoped.deliver(sender.opened(), secret=sender.other_secret)
    assert refused(of_other_by_shared, scoped.bot)
    assert refused(of_registry_by_others, scoped.bot)

    own = scoped.deliver(sender.opened(repository=OTHER), secret=sender.other_secret)

    assert own.status_code == 202
    assert scoped.bot.accepted == [("guid-1", PullRequestChanged(OTHER, 7))]


@pytest.mark.fault(11)
def test_the_secret_of_a_registry_says_nothing_of_an_application_without_its_own(scoped: Sent) -> None:
    run = scoped.sender.run_ended(repository=APPLICATION)

    answer = scoped.deliver(run, secret=scoped.sender.other_secret, kind=scoped.sender.kind_of_run)

    assert refused(answer, scoped.bot)


@pytest.mark.fault(12)
def test_what_is_proved_to_the_other_forge_is_refused_at_this_ones_route(forge: Sent, spoken: str) -> None:
    [other] = [sender() for name, sender in SENDERS.items() if name != spoken]
    body = json.dumps(other.opened()).encode()
    proof = {**other.named(other.kind), **other.proof(body, secret=forge.sender.secret if spoken == "gitlab" else "")}

    answer = forge.bot.post(forge.sender.path, body, proof)

    assert refused(answer, forge.bot)


@pytest.mark.fault(12)
def test_the_other_forges_route_says_where_webhooks_go(forge: Sent, spoken: str) -> None:
    [other] = [sender() for name, sender in SENDERS.items() if name != spoken]
    body = json.dumps(forge.sender.opened()).encode()

    answer = forge.bot.post(other.path, body, forge.sender.proof(body))

    assert refused(answer, forge.bot)
    assert answer.text == f"the registry of this bot has its webhooks at /webhooks/{spoken}\n"


def test_a_route_of_no_forge_is_not_found(forge: Sent) -> None:
    assert forge.bot.post("/webhooks/svn", b"{}", {}).status_code == 404


@pytest.mark.fault(90)
def test_health_tells_nothing_but_that_it_is_up(forge: Sent) -> None:
    answer = httpx.get(f"{forge.bot.url}/healthz", timeout=20, verify=PLAIN)

    assert answer.json() == {"status": "ok"}
    assert "server" not in answer.headers
