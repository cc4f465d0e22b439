"""Threads share nothing of a connection to GitHub: one would read the answer to another's question."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from registrar.forges.github import connect

ANSWER = json.dumps({"id": 1, "login": "ana", "type": "User"}).encode()


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
            self.wfile.write(ANSWER)

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


def test_each_thread_has_a_connection_of_its_own() -> None:
    with noting_connections() as (url, ports):
        forge = connect(url, "acme/registry", token="a-token")
        forge.person("ana")  # this thread's connection stays open

        def ask() -> None:
            forge.person("raj")
            forge.close()

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
        forge.close()

    here, there = ports
    assert here != there
