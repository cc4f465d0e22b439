"""Threads share nothing of a connection to a forge: one would read the answer to another's question."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from forges.sides import SIDES, Side

ANSWER = json.dumps(
    {"id": 4, "default_branch": "main", "full_name": "acme/registry", "path_with_namespace": "acme/ml/registry"}
)


@contextmanager
def noting_connections() -> Iterator[tuple[str, list[int]]]:
    """A server that keeps its connections open, and notes on which port each question came."""
    ports: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            ports.append(self.client_address[1])
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(ANSWER)))
            self.end_headers()
            self.wfile.write(ANSWER.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name is the standard library's
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}", ports
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("side", SIDES.values(), ids=SIDES)
def test_each_thread_has_a_connection_of_its_own(side: Side) -> None:
    with noting_connections() as (url, ports):
        forge = side.connect(url, side.repository, token="a-token")
        forge.default_branch()  # this thread's connection stays open

        def ask() -> None:
            forge.default_branch()
            forge.close()

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
        forge.close()

    here, there = ports
    assert here != there
