"""The bot as a process: one engine, one web application, started and stopped together."""

import logging
import signal
import socket
from functools import partial

import uvicorn

from registrar.bootstrap import bot_for_server
from registrar.core.events import SweepDue
from registrar.engine import Engine
from registrar.handlers import handle
from registrar.settings import ServerSettings, usable
from registrar.web.app import create_app
from registrar.web.webhooks import Door

log = logging.getLogger("registrar.server")


def serve(server: ServerSettings) -> None:
    """Listen until a signal says to stop; then finish what is running."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    with usable(f"state folder {server.state_directory}", mend="set REGISTRAR_STATE_DIR to one that can be written"):
        server.state_directory.mkdir(parents=True, exist_ok=True)
    with usable(f"{server.host}:{server.port}", mend="choose another with --host and --port"):
        listener = _bound(server.host, server.port)
    bot = bot_for_server(server.settings, server.state_directory)
    sweep = SweepDue(server.settings.repository)
    engine = Engine(server.state_directory, partial(handle, bot=bot), regularly=sweep)
    door = Door(
        forge=server.settings.forge,
        repository=server.settings.repository,
        secrets=[secret.reveal() for secret in server.webhook_secrets],
        accept=engine.accept,
        now=bot.now,
    )
    engine.start()
    engine.accept(f"start:{bot.now().isoformat()}", sweep)
    log.info("looking after %s into %s as %s", server.settings.repository, bot.base, bot.forge.myself().login)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn raises it again: by default that is the end
    try:
        uvicorn.Server(uvicorn.Config(create_app(door), log_config=None, access_log=False)).run([listener])
    except KeyboardInterrupt:
        pass  # uvicorn has stopped already, and hands on the signal that told it to
    finally:
        engine.stop()
        log.info("stopped; what was not done is done after the next start")


def _bound(host: str, port: int) -> socket.socket:
    """A socket that nobody can connect to yet: what cannot be listened on is said before anything starts."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, socket.IPPROTO_TCP)  # says TCP: asyncio switches Nagle's algorithm off
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError:
        listener.close()
        raise
    return listener
