"""Knows how the web server ends: told once it says so and lets go, told twice the process is gone at once."""

import signal
import socket
import threading
from collections.abc import Callable
from typing import Final

import uvicorn

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


def serve_until_told(
    web: uvicorn.Server, listener: socket.socket, *, leaving: Callable[[], None], drain: float
) -> None:
    """Serve until a signal says to stop; then answer for `drain` seconds more, and finish what is open.

    `leaving` is called first. A second signal ends the process at once: what was accepted is on disk.
    """
    told = threading.Event()

    def tell(_signal: int, _frame: object) -> None:
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        told.set()

    for each in _SIGNALS:
        signal.signal(each, tell)
    ended = threading.Event()
    # In a thread of its own: where there are signals uvicorn takes all of them for itself.
    serving = threading.Thread(target=_serve, args=(web, listener, ended, told), name="web")
    serving.start()
    told.wait()
    if ended.is_set():
        raise RuntimeError("the web server ended, and nobody had told it to")
    leaving()
    ended.wait(timeout=drain)
    web.should_exit = True
    serving.join()


def _serve(web: uvicorn.Server, listener: socket.socket, ended: threading.Event, told: threading.Event) -> None:
    try:
        web.run([listener])
    finally:
        ended.set()
        told.set()
