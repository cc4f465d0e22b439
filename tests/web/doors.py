"""A bot that only remembers what it let in, listening on loopback."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
import uvicorn

from registrar.core.events import Event
from registrar.sandbox.serving import listen
from registrar.web.app import create_app
from registrar.web.webhooks import Accept, Door

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Listening:
    """What a forge reaches, and what came of it."""

    def __init__(self) -> None:
        self.accepted: list[tuple[str, Event]] = []
        self.url = ""

    def accept(self, delivery: str, event: Event) -> bool:
        known = any(delivery == earlier for earlier, _ in self.accepted)
        self.accepted.append((delivery, event))
        return not known

    def post(self, path: str, body: bytes | Iterator[bytes], headers: Mapping[str, str]) -> httpx.Response:
        return httpx.post(f"{self.url}{path}", content=body, headers=headers, timeout=20)


def a_door(forge: str, secrets: Sequence[str], accept: Accept) -> Door:
    return Door(forge=forge, repository="acme/registry", secrets=secrets, accept=accept, now=lambda: NOW)


@contextmanager
def listening(forge: str, secrets: Sequence[str]) -> Iterator[Listening]:
    bot = Listening()
    app = create_app(a_door(forge, secrets, bot.accept))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    with listen(0) as listener:
        bot.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield bot
        finally:
            server.should_exit = True
            thread.join(timeout=10)
