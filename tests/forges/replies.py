"""A forge that gives the answers a test wrote down, one after another, over a raw socket."""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

_VERSION = re.compile(r"^/api/v\d")


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; without a status the connection is dropped. A held one comes after half a minute."""

    status: int | None = None
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    held: bool = False


DROPPED = Reply()
# who waits long enough gets an answer of either forge, and is found out
HELD = Reply(
    200,
    {"id": 4, "default_branch": "main", "full_name": "acme/registry", "path_with_namespace": "acme/ml/registry"},
    held=True,
)


@dataclass(slots=True)
class RawServer:
    """Gives its replies in turn, and remembers what it was asked."""

    replies: list[Reply]
    url: str = ""
    asked: list[str] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving(*replies: Reply) -> Iterator[RawServer]:
    state = RawServer(list(replies))

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            state.sent.append(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            path, _, query = self.path.partition("?")
            state.asked.append(f"{self.command} {_VERSION.sub('', path)}")
            state.queries.append(dict(parse_qsl(query)))
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

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - the names are the standard library's

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


def found(body: object, **headers: str) -> Reply:
    return Reply(200, body, {name.replace("_", "-"): value for name, value in headers.items()})
