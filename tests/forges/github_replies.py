"""A GitHub that gives the answers a test wrote down, one after another, over a raw socket."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from registrar.forges.github import GitHubForge, connect

TOKEN = "ghp_aTokenThatOpensNothing"
BOT = {"id": 1, "login": "registrar", "type": "User"}
ANA = {"id": 2, "login": "ana", "type": "User"}


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; without a status the connection is dropped, or held until the test ends."""

    status: int | None = None
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    held: bool = False


DROPPED = Reply()
HELD = Reply(held=True)


@dataclass(slots=True)
class RawServer:
    """Gives its replies in turn, and remembers what it was asked."""

    replies: list[Reply]
    url: str = ""
    asked: list[str] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving(*replies: Reply) -> Iterator[RawServer]:
    state = RawServer(list(replies))

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            state.sent.append(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            state.asked.append(f"{self.command} {self.path.removeprefix('/api/v3').partition('?')[0]}")
            reply = state.replies.pop(0)
            if reply.held:
                state.over.wait(timeout=30)
            if reply.status is None:
                self.close_connection = True
                return
            body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(body)), **reply.headers}.items():
                self.send_header(name, value.replace("URL", state.url))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - the names are the standard library's

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        state.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def asking(*replies: Reply, timeout: int = 5) -> Iterator[tuple[GitHubForge, RawServer]]:
    with serving(*replies) as server:
        forge = connect(server.url, "acme/registry", token=TOKEN, timeout=timeout)
        try:
            yield forge, server
        finally:
            forge.close()


def found(body: object, **headers: str) -> Reply:
    return Reply(200, body, {name.replace("_", "-"): value for name, value in headers.items()})


def a_comment(number: int, body: str, *, by: Mapping[str, object] | None = BOT, on: int = 7) -> dict[str, object]:
    return {
        "id": number,
        "body": body,
        "user": by,
        "html_url": f"https://forge.example/{number}",
        "issue_url": f"https://forge.example/issues/{on}",
    }


def a_pull(number: int = 7, **changes: object) -> dict[str, object]:
    side = {"ref": "topic", "sha": "a" * 40, "repo": {"full_name": "acme/registry"}}
    return {
        "number": number,
        "title": "t",
        "html_url": "u",
        "state": "open",
        "user": ANA,
        "head": side,
        "base": side | {"ref": "main"},
    } | changes
