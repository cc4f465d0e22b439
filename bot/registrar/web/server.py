"""The bot as a process: one engine, one web application, started and stopped together."""

import logging
import os
import socket
from datetime import timedelta

import uvicorn

from registrar.handlers.bot import Bot
from registrar.handlers.registries import WAITED_FOR
from registrar.observing.logs import configure
from registrar.observing.redaction import Redaction
from registrar.settings import ServerSettings, usable, writable
from registrar.settings.confidential import confidential
from registrar.web.http import configured
from registrar.web.parts import Parts, put_together
from registrar.web.stopping import serve_until_told

log = logging.getLogger("registrar.server")


def serve(server: ServerSettings) -> None:
    """Listen until a signal says to stop; then finish what is running."""
    level = logging.getLevelNamesMapping()[server.log_level.upper()]
    given = (secret.reveal() for secret in server.every_secret())
    redaction = Redaction([*given, *confidential(os.environ)])
    configure(redaction, level=level)
    writable(server.state_directory, mend="set REGISTRAR_STATE_DIR to one that can be written")
    with usable(f"{server.host}:{server.port}", mend="choose another with --host and --port"):
        listener = _bound(server.host, server.port)
    parts = put_together(server, redaction.learn)
    for bot in parts.bots:  # asks the forge: what begins after it is not left half done where that fails
        _introduce(bot)
    parts.begin()
    log.info("listening on %s, port %d", *listener.getsockname()[:2])
    web = uvicorn.Server(configured(parts.app))
    web.config.timeout_graceful_shutdown = server.grace_seconds  # else whoever never ends a request is waited for
    try:
        serve_until_told(web, listener, leaving=parts.readiness.leaving, drain=server.drain_seconds)
    finally:
        _end(parts, grace=timedelta(seconds=server.grace_seconds))


def _introduce(bot: Bot) -> None:
    try:
        login = bot.forge.myself().login
    except WAITED_FOR as error:  # as whom is said by all that it does, once the forge answers
        log.warning("looking after %s into %s once the forge says as whom: %s", bot.forge.repository, bot.base, error)
    else:
        log.info("looking after %s into %s as %s", bot.forge.repository, bot.base, login)


def _end(parts: Parts, *, grace: timedelta) -> None:
    is_over = parts.end(grace)
    log.info("stopped; what was not done is done after the next start")
    if not is_over:  # it can write nothing any more, but waits for an answer, and the process would wait for it
        logging.shutdown()
        os._exit(0)


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
