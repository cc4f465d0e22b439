"""Overhears what goes to a forge and comes back, and writes down where it departs from what the forge publishes."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

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


_SOUND: set[tuple[object, ...]] = set()  # of this process
_ALIKE: set[bytes] = set()  # what was found to be of a sound shape, by its text without what differs each time
_WORD = re.compile(r"[A-Za-z_ .:-]{0,40}")
_KINDS = {
    "sha": re.compile(r"[0-9a-f]{40}"),
    "moment": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"),
    "address": re.compile(r"https?://[^\s{}]+"),
}
_VARYING = re.compile(r"[0-9a-f]{40}|\d+")
_EACH_TIME = (
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+"), "@"),
    (re.compile(r"[0-9a-f]{40}"), "#"),
    (re.compile(r"[1-9]\d*"), "N"),
)


def once(exchange: Exchange, look: Callable[[], Iterable[Violation]]) -> Iterator[Violation]:
    """What is wrong with an exchange; of those that differ in nothing a schema speaks of, the first is looked at.

    Thousands of answers have the same keys, types and words; only one that was sound stands for the others.
    """
    headers = tuple(sorted(exchange.headers))
    texts = exchange.sent.decode(errors="replace"), exchange.answered.decode(errors="replace")
    alike = _alike((exchange.method, exchange.status, headers), repr((exchange.target, *texts)))
    yield from _unless_sound(alike, lambda: _shape_of_exchange(exchange, headers), look)


def once_told(
    event: str, payload: Mapping[str, object], look: Callable[[], Iterable[Violation]]
) -> Iterator[Violation]:
    """The same of what a webhook was sent."""
    yield from _unless_sound(_alike(event, repr(payload)), lambda: (event, _shape(payload)), look)


def _alike(kind: object, text: str) -> bytes:
    """The same of texts that differ only in moments, commits and numbers: their shape, which takes longer to see."""
    for pattern, mark in _EACH_TIME:
        text = pattern.sub(mark, text)
    return hashlib.blake2b(repr((kind, text)).encode(errors="surrogatepass"), digest_size=16).digest()


def _unless_sound(
    alike: bytes, shape: Callable[[], tuple[object, ...]], look: Callable[[], Iterable[Violation]]
) -> Iterator[Violation]:
    if alike in _ALIKE:
        return
    seen = shape()
    if seen not in _SOUND:
        found = list(look())
        yield from found
        if found:
            return
    _SOUND.add(seen)
    _ALIKE.add(alike)


def _shape_of_exchange(exchange: Exchange, headers: tuple[str, ...]) -> tuple[object, ...]:
    return (
        exchange.method,
        _VARYING.sub("N", exchange.target),
        exchange.status,
        headers,
        _shape_of(exchange.sent),
        _shape_of(exchange.answered),
    )


def _shape_of(text: bytes) -> object:
    try:
        return _shape(json.loads(text)) if text else ""
    except ValueError:
        return _VARYING.sub("N", text.decode(errors="replace"))


def _shape(value: object) -> object:
    match value:
        case dict():
            return tuple((key, _shape(each)) for key, each in value.items())
        case list():
            return (len(value) > 0, frozenset(map(_shape, value)))
        case bool() | None:
            return value
        case int() | float():
            return (type(value), (value > 0) - (value < 0))
    text = str(value)
    if _WORD.fullmatch(text):
        return text  # one of a few that a schema may list
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(text)), _VARYING.sub("N", text))


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
        hear(exchange)

    return listening


def _begun(scope: Scope) -> Exchange:
    query = scope["query_string"].decode()
    raw = (scope.get("raw_path") or scope["path"].encode()).decode()
    return Exchange(scope["method"], f"{raw}?{query}" if query else raw)
