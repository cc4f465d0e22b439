"""How the sandbox forge is built, served on loopback and taken down."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import uvicorn
from fastapi import FastAPI
from starlette.routing import Mount, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from registrar.sandbox import git_http
from registrar.sandbox.forge import DialectName, Forge
from registrar.sandbox.github.application import github_api
from registrar.sandbox.gitlab.application import gitlab_api
from registrar.sandbox.pages import page_routes
from registrar.sandbox.runner import Runner

_PATIENCE = 10.0  # seconds for the server to come up or to go down


_APIS: dict[DialectName, tuple[str, Callable[[], ASGIApp]]] = {
    "github": ("/api", github_api),
    "gitlab": ("/api", gitlab_api),
}


def application(forge: Forge, runner: Runner) -> ASGIApp:
    """The API, git, and the pages, under one roof, at the path of the forge's address."""
    roof = _roof(forge.dialect.name, forge.path)

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        await roof({**scope, "state": {"forge": forge, "runner": runner}}, receive, send)

    return answered


@cache
def _roof(dialect: DialectName, path: str) -> ASGIApp:
    """Built once for all forges of a process: FastAPI takes longer over its routes than over many answers.

    The API stands beside the rest, not below it: a request goes through one application alone.
    """
    place, api = _APIS[dialect]
    rest = FastAPI(openapi_url=None)
    rest.include_router(git_http.router)
    rest.routes.extend(page_routes(dialect, path))  # last: /{owner}/{name} takes almost anything
    return Router([Mount(f"{path}{place}", api()), Mount(path, rest)])


def listen(port: int) -> socket.socket:
    """A socket on loopback; port 0 takes any that is free.

    That it says TCP lets asyncio switch Nagle's algorithm off, which costs 40 ms an answer.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener


@contextmanager
def serving(app: ASGIApp, listener: socket.socket) -> Iterator[None]:
    """Serve from a thread of its own until the end of the block."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        lifespan="off",
        timeout_graceful_shutdown=1,
        timeout_keep_alive=60,  # or a busy client finds its connection closed at the moment it is used again
        date_header=False,  # the forge's clock may be skewed: see `Faults`
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="sandbox server")
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive(), _PATIENCE, "the sandbox forge did not start")
        yield
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)


def wait_until(claim: Callable[[], bool], timeout: float, complaint: str) -> None:
    """Wait until something holds. Raises `TimeoutError` with the complaint when it does not in time."""
    deadline = time.monotonic() + timeout
    while not claim():
        if time.monotonic() > deadline:
            raise TimeoutError(complaint)
        time.sleep(0.005)
