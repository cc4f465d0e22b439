"""A bot that only remembers what it let in, listening on loopback."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
import uvicorn
from fastapi import FastAPI

from registrar.core.events import Event
from registrar.sandbox.serving import listen
from registrar.web.app import create_app
from registrar.web.http import configured
from registrar.web.keyring import Keyring
from registrar.web.webhooks import Accept, Door, at_once
from waiting import until

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
REGISTRY = "acme/registry"


class Listening:
    """What a forge reaches, and what came of it."""

    def __init__(self) -> None:
        self.accepted: list[tuple[str, Event]] = []
        self.url = ""
        self._client = httpx.Client(timeout=60, verify=False)  # there is no TLS on loopback, and none to make ready

    def accept(self, delivery: str, event: Event) -> bool:
        known = any(delivery == earlier for earlier, _ in self.accepted)
        self.accepted.append((delivery, event))
        return not known

    def post(self, path: str, body: bytes | Iterator[bytes], headers: Mapping[str, str]) -> httpx.Response:
        raw = {name.encode(): value.encode() for name, value in headers.items()}  # also what no header may hold
        return self._client.post(f"{self.url}{path}", content=body, headers=raw)

    def close(self) -> None:
        self._client.close()


def a_door(forge: str, keys: Keyring, accept: Accept, *, repositories: Sequence[str] = (REGISTRY,)) -> Door:
    return Door(forge=forge, repositories=repositories, keys=keys, accept=accept, now=lambda: NOW)


@contextmanager
def listening(forge: str, keys: Keyring, *, repositories: Sequence[str] = (REGISTRY,)) -> Iterator[Listening]:
    bot = Listening()
    with reached(create_app(a_door(forge, keys, at_once(bot.accept), repositories=repositories))) as bot.url:
        yield bot
        bot.close()


@contextmanager
def reached(app: FastAPI) -> Iterator[str]:
    """The address at which an application answers."""
    server = uvicorn.Server(configured(app))
    with listen(0) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        until(lambda: server.started)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)
