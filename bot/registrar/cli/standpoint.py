"""Knows from where a set-up is looked at: the registry in git, and its forge as the bot and an administrator see it."""

import argparse
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from registrar.bootstrap import bot_for_checkout, bot_for_server
from registrar.cli.checkout import Checkout, defaults_of, open_checkout
from registrar.cli.options import environment_of, options_given
from registrar.errors import Unknown, UsageError
from registrar.forges.setup import SetupForge
from registrar.forges.setup_connecting import setup_forge_of
from registrar.handlers.bot import Bot
from registrar.settings import AdminSettings, Defaults, Settings, admin_from_environment

_SECRETS = "REGISTRAR_SECRET_"


@dataclass(frozen=True, slots=True)
class Standpoint:
    """One set-up: whose it is, and with whose eyes it is seen."""

    settings: AdminSettings
    mine: SetupForge  # with the bot's token
    admin: SetupForge  # with the administrator's; with the bot's where none was given
    folder: Path  # for a mirror, where there is no checkout
    url: str | None  # where the bot listens for webhooks, if somebody has said it
    secrets: Mapping[str, str] = field(repr=False)  # that registry.yaml can name

    def bot(self) -> Bot:
        """The bot, with the registry fetched. Raises what the forge and git raise."""
        settings = self.settings.settings
        if settings.directory is not None:
            return bot_for_checkout(settings)
        return bot_for_server(settings, self.folder)


@contextmanager
def standpoint(arguments: argparse.Namespace) -> Iterator[Standpoint]:
    """Read the settings, from a checkout too if there is one; nothing is sent yet."""
    checkout = _checkout(arguments)
    defaults = defaults_of(checkout) if checkout is not None else Defaults()
    admin = admin_from_environment(environment_of(arguments), defaults=defaults, given=options_given(arguments))
    mine = _forge(admin.settings, admin.settings.token.reveal())
    theirs = _forge(admin.settings, admin.token.reveal()) if admin.token is not None else mine
    named = {name: value for name, value in os.environ.items() if name.startswith(_SECRETS)}
    with tempfile.TemporaryDirectory(prefix="registrar-") as folder:
        url = address_of_bot(arguments.url or admin.settings.public_url, mine.door)
        yield Standpoint(admin, mine, theirs, Path(folder), url, named)


def watcher(seen: Standpoint) -> SetupForge | None:
    """The registry as the token sees it that looks after the webhooks; None: there is none for that."""
    token = seen.settings.settings.hooks_token
    return _forge(seen.settings.settings, token.reveal()) if token is not None else None


def public_address(seen: Standpoint) -> str | None:
    """Where the server says that it is reached."""
    return address_of_bot(seen.settings.settings.public_url, seen.mine.door)


def address_of_bot(given: str | None, door: str) -> str | None:
    """The address of the bot's door. Raises `UsageError` for what no webhook can lead to."""
    if given is None:
        return None
    parts = urlsplit(given.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or parts.query:
        raise UsageError(f"--url {given!r} is not where a bot listens; write it as https://registrar.example.org")
    return given.strip().rstrip("/").removesuffix(door) + door


def _checkout(arguments: argparse.Namespace) -> Checkout | None:
    """The checkout around the folder; none is needed, unless one was asked for."""
    try:
        return open_checkout(arguments)
    except Unknown:
        if arguments.registry != ".":
            raise
        return None


def _forge(settings: Settings, token: str) -> SetupForge:
    return setup_forge_of(settings.forge, settings.forge_url, repository=settings.repository, token=token)
