"""Told to stop, the bot says so before it goes, loses nothing that it took, and waits for no forge that hangs."""

import json
import signal
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from harness.deeds import Crowd
from harness.served import PATIENCE, Served, listen_to
from loopback import PLAIN
from registrar.database.connecting import address_of, connected
from registrar.database.jobs import STATES, Jobs
from registrar.sandbox.faults import Silent, Spot
from stories.places import REGISTRY
from stories.registries import a_registry
from stories.sides import SIDES
from stories.town import Town, peopled
from waiting import until
from web.senders import SENDERS
from web.test_server import started


def work_kept(state: Path, *, states: Collection[str] = STATES) -> list[str]:
    """The keys of all work in these states."""
    database = connected(address_of("", state))
    kept = [job.work_key for job in Jobs(database).listed(states=states, repository=None)]
    database.dispose()
    return kept


@pytest.mark.fault(86)
def test_a_bot_that_leaves_says_so_and_takes_what_still_comes_until_it_is_told_again(tmp_path: Path) -> None:
    sender = SENDERS["github"]()
    body = json.dumps(sender.opened(7)).encode()
    settings = {"REGISTRAR_DRAIN_SECONDS": "3600"}

    with started(tmp_path, "github", sender.secret, settings=settings) as bot:
        until(lambda: httpx.get(f"{bot.url}/readyz", timeout=5, verify=PLAIN).status_code == 200)
        bot.process.send_signal(signal.SIGTERM)
        until(lambda: httpx.get(f"{bot.url}/readyz", timeout=5, verify=PLAIN).status_code == 503)
        headers = {**sender.named(sender.kind), **sender.proof(body)}
        taken = httpx.post(bot.url + sender.path, content=body, headers=headers, timeout=5, verify=PLAIN)
        alive = httpx.get(f"{bot.url}/healthz", timeout=5, verify=PLAIN)
        bot.stopped(signal.SIGTERM)

    assert (taken.status_code, alive.status_code) == (202, 200)
    assert bot.process.returncode == -signal.SIGTERM
    assert "acme/registry#7" in work_kept(tmp_path / "state")


def refuses(port: int) -> bool:
    """Whether nobody listens there any more."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.fault(86)
def test_a_request_that_is_half_there_is_taken_whole(tmp_path: Path) -> None:
    sender = SENDERS["github"]()
    body = json.dumps(sender.opened(7)).encode()
    length = {"Content-Length": str(len(body)), "Expect": "100-continue"}
    headers = {**sender.named(sender.kind), **sender.proof(body), **length}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())

    with started(tmp_path, "github", sender.secret) as bot:
        address = urlsplit(bot.url)
        with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
            connection.sendall(f"POST {sender.path} HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode() + body[:10])
            begun = connection.recv(1000)
            bot.process.send_signal(signal.SIGTERM)
            until(lambda: refuses(address.port or 0))
            connection.sendall(body[10:])
            answer = connection.recv(1000)
        said = bot.process.communicate(timeout=60)[1]

    assert begun.startswith(b"HTTP/1.1 100"), said
    assert answer.startswith(b"HTTP/1.1 202"), said
    assert bot.process.returncode == 0
    assert "acme/registry#7" in work_kept(tmp_path / "state")


@contextmanager
def serving(town: Town, settings: dict[str, str]) -> Iterator[Served]:
    bot = Served(town, town.root / "bot", settings)
    bot.start()
    try:
        until(lambda: bot.answers, patience=PATIENCE)
        listen_to(town, bot)
        yield bot
        bot.stop()
    finally:
        bot.kill()


@pytest.mark.fault(86)
def test_an_effect_that_hangs_is_left_to_the_next_bot_and_done_once(tmp_path: Path) -> None:
    files = a_registry({"1.0.0": 0.90, "1.1.0": 0.95})
    with (
        peopled(tmp_path, SIDES["github"], files) as town,
        serving(town, {"REGISTRAR_GRACE_SECONDS": "0"}) as bot,
    ):
        crowd = Crowd(town, bot.revive)
        hanging = town.faults.begin(Spot(verb="POST", path="/pulls", by="registrar-bot"), Silent(acts=True))
        crowd.wish(by="mei")
        crowd.wait(lambda: hanging.struck, "nobody asked for a pull request")

        bot.stop()
        left = bot.said

        town.faults.end()
        bot.start()
        crowd.wait(lambda: "looking after" in bot.said.removeprefix(left), "it does not start again")
        crowd.wait(lambda: opened_by_the_bot(town), "nobody opened a pull request")
        crowd.wait(lambda: not unfinished(tmp_path / "bot"), "something is not done")

    assert "what still runs is left to whoever works next" in left
    assert "did not answer" not in left
    assert opened_by_the_bot(town) == 1


def opened_by_the_bot(town: Town) -> int:
    requests = town.sandbox.store.repository(REGISTRY).pull_requests
    return sum(each.author.login == "registrar-bot" for each in requests)


def unfinished(state: Path) -> list[str]:
    return work_kept(state, states={"waiting", "running"})
