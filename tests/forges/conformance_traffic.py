"""Overhears what goes to a forge and comes back, and writes down where it departs from what the forge publishes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Violation:
    """One departure from what a forge publishes."""

    what: str  # GET /repos/{owner}/{repo} -> 200
    where: str  # $.owner.login
    why: str

    def __str__(self) -> str:
        """Say it in one line, for a failing test."""
        return f"{self.what}: {self.where}: {self.why}"


def told(violations: Iterable[Violation]) -> str:
    """Every violation once, one a line; empty when there is none."""
    return "\n".join(dict.fromkeys(map(str, violations)))


@dataclass(slots=True)
class Exchange:
    """One request and its answer, overheard."""

    method: str
    target: str  # its path as it was sent, and its query
    sent: bytes = b""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)  # of the answer, in lower case
    answered: bytes = b""

    @property
    def path(self) -> str:
        """Where it went, still encoded."""
        return self.target.partition("?")[0]

    @property
    def told(self) -> bytes:
        """The same for what is the same in all that was said."""
        parts = (self.method, self.target, str(self.status), *sorted(self.headers), self.headers.get("link", ""))
        return sha256("\0".join(parts).encode() + b"\0" + self.sent + b"\0" + self.answered).digest()


def listened(application: ASGIApp, hear: Callable[[Exchange], None]) -> ASGIApp:
    """The same application; what it was sent and answered is heard afterwards."""

    async def listening(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        exchange = _begun(scope)

        async def received() -> Message:
            message = await receive()
            exchange.sent += message.get("body", b"")
            return message

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                exchange.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
            exchange.answered += message.get("body", b"")
            await send(message)

        await application(scope, received, sent)
        said = exchange.told
        if said not in heard:  # who looks again is told the same again
            hear(exchange)
            heard.add(said)

    heard: set[bytes] = set()
    return listening


def _begun(scope: Scope) -> Exchange:
    query = scope["query_string"].decode()
    raw = (scope.get("raw_path") or scope["path"].encode()).decode()
    return Exchange(scope["method"], f"{raw}?{query}" if query else raw)
