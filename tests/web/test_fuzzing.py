"""Whatever is sent to the door, signed or not, it answers, and never by an error of its own.

`make fuzz MINUTES=60` goes on for that long.
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from loopback import PLAIN
from registrar.database.connecting import connected
from registrar.database.grouping import Arrival, Grouping
from registrar.database.inbox import Inbox
from registrar.database.migrating import migrate
from registrar.web.app import create_app
from registrar.web.keyring import Keyring
from web.doors import NOW, a_door, reached
from web.fuzzing import REGISTRIES, webhooks
from web.senders import Sender

EXPECTED = {200, 202, 400, 401, 404, 405, 408, 413, 422}
FEW = settings(deadline=None, database=None, derandomize=True, max_examples=60, suppress_health_check=list(HealthCheck))
MANY = settings(FEW, derandomize=False, max_examples=1000)


class Attacked:
    """A door with a real inbox behind it, and what it answered."""

    def __init__(self, sender: Sender, folder: Path) -> None:
        self.sender = sender
        self.answers: Counter[int] = Counter()
        self._database = connected(f"sqlite:///{folder}/inbox.sqlite")
        migrate(self._database)
        self._inbox = Inbox(self._database)
        self._arrivals = Grouping(self._keep)
        keys = Keyring([sender.secret])
        self.app = create_app(a_door(sender.forge, keys, self._arrivals.add, repositories=REGISTRIES))
        self.url = ""
        self.client = httpx.Client(timeout=60, verify=PLAIN)

    def _keep(self, arrived: Sequence[Arrival]) -> frozenset[str]:
        return self._inbox.add_all(arrived, now=NOW)

    def see(self, status: int, text: str) -> None:
        self.answers[status] += 1
        assert status in EXPECTED, f"{status}: {text}"

    def close(self) -> None:
        self.client.close()
        self._arrivals.close()
        self._database.dispose()


@pytest.fixture
def attacked(sender: Sender, tmp_path: Path) -> Iterator[Attacked]:
    door = Attacked(sender, tmp_path)
    with reached(door.app) as door.url:
        yield door
    door.close()


def send_signed(door: Attacked, how: settings) -> None:
    """Bodies that the forge itself has signed, whatever they say they are."""
    words = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=30).map(str.strip)
    genuine = (door.sender.kind, json.dumps(door.sender.opened(repository=REGISTRIES[0])).encode())
    deliveries = st.uuids().map(str) | st.uuids().map(str) | words

    @how
    @example(webhook=genuine, delivery="guid-1", other="")
    @given(webhook=webhooks(door.sender.forge), delivery=deliveries, other=words)
    def each(webhook: tuple[str, bytes], delivery: str, other: str) -> None:
        kind, body = webhook
        headers = {**door.sender.named(kind or other), **door.sender.proof(body, delivery=delivery)}
        answer = door.client.post(door.url + door.sender.path, content=body, headers=headers)
        door.see(answer.status_code, answer.text)

    each()


def send_as_described(door: Attacked, how: settings) -> None:
    """What the description of the door allows, and no secret."""
    import schemathesis  # takes every run of tests half a second
    from schemathesis.core.result import Ok

    schema = schemathesis.openapi.from_dict(door.app.openapi())
    with requests.Session() as session:
        for found in schema.get_all_operations():
            assert isinstance(found, Ok)

            @how
            @given(case=found.ok().as_strategy())
            def each(case: schemathesis.Case[Any]) -> None:
                answer = case.call(base_url=door.url, session=session)
                door.see(answer.status_code, answer.text)
                assert answer.status_code != 202, "nobody has signed it"

            each()


@pytest.mark.fault(9)
def test_what_is_signed_is_answered_whatever_it_is(attacked: Attacked) -> None:
    send_signed(attacked, FEW)

    assert set(attacked.answers) > {200, 202}


@pytest.mark.fault(1)
def test_what_nobody_signed_is_answered_whatever_it_is(attacked: Attacked) -> None:
    send_as_described(attacked, FEW)

    assert 202 not in attacked.answers


@pytest.mark.slow
def test_the_door_stands_for_an_hour(attacked: Attacked) -> None:
    end = time.monotonic() + 60 * float(os.environ.get("MINUTES", "2"))
    while time.monotonic() < end:
        send_signed(attacked, MANY)
        send_as_described(attacked, MANY)
    sent = sum(attacked.answers.values())
    sys.stdout.write(f"\n{attacked.sender.forge}: {sent} requests were answered: {dict(attacked.answers)}\n")
