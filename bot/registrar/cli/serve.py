"""`registrar serve`: the bot, listening for webhooks."""

import argparse
import os

from registrar.cli.exits import ExitCode

SUMMARY = (
    "Run the bot: it answers the forge's webhooks, at /webhooks/github or /webhooks/gitlab, keeps one comment and one "
    "status on every pull request, and starts and follows deploys. Its settings are environment variables; "
    "docs/server.md lists them."
)
EXAMPLE = """
export REGISTRAR_REPOSITORY=acme/registry REGISTRAR_TOKEN=... REGISTRAR_WEBHOOK_SECRET=...
registrar serve --port 8080
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what differs from one start to the next."""
    parser.add_argument("--host", metavar="ADDRESS", help="listen on this address [REGISTRAR_HOST]")
    parser.add_argument("--port", metavar="PORT", help="listen on this port [REGISTRAR_PORT]")
    parser.add_argument("--state", metavar="DIR", help="keep the inbox and the mirror here [REGISTRAR_STATE_DIR]")


def run(arguments: argparse.Namespace) -> ExitCode:
    """Serve until told to stop; what was accepted and not done is done after the next start."""
    from registrar.settings import server_from_environment
    from registrar.web.server import serve

    given = {
        "REGISTRAR_HOST": arguments.host,
        "REGISTRAR_PORT": arguments.port,
        "REGISTRAR_STATE_DIR": arguments.state,
    }
    environment = dict(os.environ) | {name: value for name, value in given.items() if value is not None}
    options = {"REGISTRAR_HOST": "--host", "REGISTRAR_PORT": "--port", "REGISTRAR_STATE_DIR": "--state"}
    named = {name: options[name] for name, value in given.items() if value is not None}
    serve(server_from_environment(environment, given=named))
    return ExitCode.FINE
