"""Channels that take notices for real: a web service that Apprise speaks JSON to, and a mail server."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.smtp import SMTP


@dataclass(slots=True)
class Chat:
    """What was said in it, and how it answers the next notices: 200 when nothing else is left to answer."""

    said: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    address: str = ""
    asked: int = 0


@contextmanager
def a_chat(*, password: str = "hush-hush") -> Iterator[Chat]:
    """A chat on this machine; its address holds a password."""
    chat = Chat()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            chat.asked += 1
            text = self.rfile.read(int(self.headers["content-length"]))
            status = chat.answers.pop(0) if chat.answers else 200
            if status == 200:
                chat.said.append(json.loads(text))
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's own name
            del format, arguments

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    chat.address = f"json://registrar:{password}@127.0.0.1:{server.server_port}/chat"
    try:
        yield chat
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(slots=True)
class Mailbox:
    """The mails that came, whole."""

    address: str = ""
    mails: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the library's name
        self.mails.append(envelope.content)
        return "250 OK"


@contextmanager
def a_mailbox() -> Iterator[Mailbox]:
    """The mailbox of ana, on a mail server of this machine."""
    mailbox, loop = Mailbox(), asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: SMTP(mailbox, loop=loop), "127.0.0.1", 0))
    port = server.sockets[0].getsockname()[1]
    mailbox.address = f"mailto://127.0.0.1:{port}/?from=registrar@acme.example&to=ana@acme.example&mode=insecure"
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield mailbox
    finally:
        server.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        if left := asyncio.all_tasks(loop):
            loop.run_until_complete(asyncio.wait(left))
        loop.close()
