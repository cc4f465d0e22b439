"""One request to the sandbox forge and what becomes of it, as somebody on the line between the two could meddle."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from registrar.sandbox.credentials import password_of

_READS = {"GET", "HEAD", "OPTIONS"}
_READS_BY_POST = ("/git-upload-pack", "/graphql")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the forge, held in the hand."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request on its way, before anybody has answered it."""

    application: ASGIApp
    scope: Scope
    receive: Receive
    send: Send

    @property
    def question(self) -> str:
        """What is asked: the verb, the path and its parameters."""
        return f"{self.scope['method']} {self.scope['path']}?{self.scope['query_string'].decode()}"

    @property
    def is_write(self) -> bool:
        """Whether it wants anything changed."""
        return self.scope["method"] not in _READS and not self.scope["path"].endswith(_READS_BY_POST)

    @property
    def token(self) -> str:
        """The token that came with it; empty: none."""
        headers = dict(self.scope["headers"])
        scheme, _, given = headers.get(b"authorization", b"").decode().partition(" ")
        return headers.get(b"private-token", b"").decode() or (
            password_of(given) if scheme.lower() == "basic" else given
        )

    async def act(self) -> Answer:
        """Have the forge do what it is asked, and keep its answer back."""
        said: list[Message] = []

        async def keep(message: Message) -> None:
            said.append(message)

        await self.application(self.scope, self.receive, keep)
        body = b"".join(message.get("body", b"") for message in said[1:])
        return Answer(said[0]["status"], tuple(said[0].get("headers", ())), body)

    async def answer(self, answer: Answer) -> None:
        """Say this, as long as it is."""
        headers = [(name, value) for name, value in answer.headers if name.lower() != b"content-length"]
        if answer.body or answer.status not in {204, 304}:
            headers.append((b"content-length", str(len(answer.body)).encode()))
        await self.send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": answer.body})

    async def break_off(self, answer: Answer) -> None:
        """Say half of this, and hang up."""
        headers = [(b"content-length", str(len(answer.body) + 1).encode())]  # + 1: also of nothing there is a half
        await self.send({"type": "http.response.start", "status": answer.status, "headers": headers})
        half = answer.body[: len(answer.body) // 2]
        await self.send({"type": "http.response.body", "body": half, "more_body": True})
        self.receive.__self__.transport.close()  # type: ignore[attr-defined] # as in `drop`; what was said is sent
        await self.gone()

    async def drop(self) -> None:
        """Hang up without a word. ASGI has no way to say that, so uvicorn's connection is taken from behind it."""
        self.receive.__self__.transport.abort()  # type: ignore[attr-defined] # a method of uvicorn's, which has one
        await self.gone()

    async def gone(self) -> None:
        """Wait until whoever asked has hung up."""
        while (await self.receive())["type"] != "http.disconnect":
            pass
