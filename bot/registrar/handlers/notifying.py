"""Somebody is told of an effect, over one channel."""

import logging

from registrar import rendering
from registrar.core.effects import acted, refuse_one_more
from registrar.core.events import FollowUp, SendNotice
from registrar.handlers.bot import Bot
from registrar.notices.channels import send

log = logging.getLogger("registrar.notices")


def send_notice(event: SendNotice, bot: Bot) -> tuple[FollowUp, ...]:
    """Send it, unless that is done. Raises `NotTold` when the channel does not take it: trying again is right.

    No channel can be asked what it was told: raises `NotConfirmed` when the bot died twice while it sent, and sends it
    after an hour if a person wants it to.

    A channel whose address the bot was not given is named in the log, and holds up nothing.
    """
    address = bot.secrets.get(event.channel)
    if address is None:
        log.error("registry.yaml names %s, which is not set where the bot runs: nobody is told", event.channel)
        return ()
    known = bot.effects.known(event.key) if event.key else None
    if known is not None and known.result is not None:
        return ()
    refuse_one_more(known, event.key)
    title, body = rendering.notice(event)
    acted(bot.effects, event.key, "notice", lambda: send(address, title=title, body=body, channel=event.channel))
    bot.effects.done(event.key, "told")
    return ()
