"""Knows how a command's wish reaches the forge: which bot, for whom, and what the person reads when it is open."""

import argparse

from registrar.cli import terminal
from registrar.cli.checkout import open_checkout, refuse_uncommitted, settings_of
from registrar.cli.exits import ExitCode
from registrar.errors import Unknown
from registrar.handlers.bot import Bot
from registrar.handlers.proposals import Opened
from registrar.repository.snapshot import Snapshot, snapshot


def bot_of(arguments: argparse.Namespace) -> Bot:
    """Put a bot together from the checkout and the settings. Raises when the registry's files are not committed."""
    from registrar.bootstrap import bot_for_checkout

    checkout = open_checkout(arguments)
    refuse_uncommitted(checkout)
    settings = settings_of(arguments, checkout)
    terminal.say_progress(f"asking {settings.forge_url} about {settings.repository}")
    return bot_for_checkout(settings)


def registry_of(bot: Bot) -> Snapshot:
    """The registry as the forge's base branch has it now. Raises `Unknown` when there is no such branch."""
    try:
        return snapshot(bot.git, bot.base_tip())
    except Unknown as error:
        raise Unknown(f"origin has no branch {bot.base}; name another with --base, or push it first") from error


def say_opened(opened: Opened, *, as_json: bool, **facts: str) -> ExitCode:
    """Tell where the pull request is; a program is told these facts too."""
    pull_request, gives = opened.pull_request, opened.gives
    if gives is not None:
        facts |= {"model": gives.model, "version": gives.version, "status": gives.after}
    if as_json:
        terminal.say_json(
            {
                "number": pull_request.number,
                "url": pull_request.url,
                "title": pull_request.title,
                "branch": pull_request.head_ref,
                "adopted": opened.adopted,
                **facts,
            }
        )
    else:
        terminal.say(f"{pull_request.title}: {'open already' if opened.adopted else 'opened'} at {pull_request.url}")
    return ExitCode.FINE
