"""The bot as a process: one engine, one web application, started and stopped together."""

import logging
import signal
import socket

import uvicorn

from registrar.bootstrap import registries_for_server
from registrar.engine import Engine
from registrar.settings import ServerSettings, usable
from registrar.web.app import create_app
from registrar.web.http import configured
from registrar.web.keyring import Keyring
from registrar.web.webhooks import Door

log = logging.getLogger("registrar.server")


def serve(server: ServerSettings) -> None:
    """Listen until a signal says to stop; then finish what is running."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    with usable(f"state folder {server.state_directory}", mend="set REGISTRAR_STATE_DIR to one that can be written"):
        server.state_directory.mkdir(parents=True, exist_ok=True)
    with usable(f"{server.host}:{server.port}", mend="choose another with --host and --port"):
        listener = _bound(server.host, server.port)
    registries = registries_for_server(server, lambda _: None)
    bots = registries.start()
    engine = Engine(server.state_directory, registries.handle, regularly=registries.sweeps)
    door = Door(
        forge=server.settings.forge,
        repositories=[each.repository for each in server.registries],
        keys=_keys(server),
        accept=engine.accept_soon,
        now=bots[0].now,
    )
    engine.start()
    for sweep in registries.sweeps:
        engine.accept(f"start:{sweep.work_key}:{bots[0].now().isoformat()}", sweep)
    for bot in bots:
        log.info("looking after %s into %s as %s", bot.forge.repository, bot.base, bot.forge.myself().login)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn raises it again: by default that is the end
    try:
        uvicorn.Server(configured(create_app(door))).run([listener])
    except KeyboardInterrupt:
        pass  # uvicorn has stopped already, and hands on the signal that told it to
    finally:
        engine.stop()
        log.info("stopped; what was not done is done after the next start")


def _keys(server: ServerSettings) -> Keyring:
    own = {name: [each.reveal() for each in secrets] for name, secrets in server.own_secrets.items()}
    return Keyring([each.reveal() for each in server.webhook_secrets], own)


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
