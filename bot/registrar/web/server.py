"""The bot as a process: one engine, one web application, started and stopped together."""

import logging
from functools import partial

import uvicorn

from registrar.bootstrap import bot_for_server
from registrar.core.events import SweepDue
from registrar.engine import Engine
from registrar.handlers import handle
from registrar.settings import ServerSettings
from registrar.web.app import create_app

log = logging.getLogger("registrar.server")


def serve(server: ServerSettings) -> None:
    """Listen until a signal says to stop; then finish what is running."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    server.state_directory.mkdir(parents=True, exist_ok=True)
    bot = bot_for_server(server.settings, server.state_directory)
    engine = Engine(server.state_directory, partial(handle, bot=bot))
    app = create_app(
        repository=server.settings.repository,
        secrets=[secret.reveal() for secret in server.webhook_secrets],
        accept=engine.accept,
    )
    engine.start()
    engine.accept(f"start:{bot.now().isoformat()}", SweepDue(server.settings.repository))
    log.info("looking after %s into %s as %s", server.settings.repository, bot.base, bot.forge.myself().login)
    try:
        uvicorn.run(app, host=server.host, port=server.port, log_config=None, access_log=False)
    finally:
        engine.stop()
