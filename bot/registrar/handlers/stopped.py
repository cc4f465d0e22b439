"""Somebody must look: what was given up, or stands still altogether, is told to whom the rules name."""

import logging

from registrar.core.events import FollowUp, WorkStopped
from registrar.errors import Unknown
from registrar.handlers.bot import Bot

log = logging.getLogger("registrar.notices")


def tell_what_stopped(event: WorkStopped, bot: Bot) -> tuple[FollowUp, ...]:
    """Tell it by the rules that were last fetched: the forge may be what does not answer."""
    try:
        at = bot.git.resolve(f"refs/remotes/origin/{bot.base}")
    except Unknown:
        log.warning("nobody is told of %s: the rules of %s were never fetched", event.about, event.repository)
        return ()
    page = bot.forge.clone_url().removesuffix(".git")
    return bot.notices.tell(event.about, at=at, key=event.hour, subject=event.subject, url=page, reason=event.reason)
