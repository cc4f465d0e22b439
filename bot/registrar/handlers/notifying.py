"""Somebody is told of an effect, over one channel."""

import logging

from registrar import rendering
from registrar.core.events import FollowUp, SendNotice
from registrar.handlers.bot import Bot
from registrar.notices.channels import send

log = logging.getLogger("registrar.notices")


def send_notice(event: SendNotice, bot: Bot) -> tuple[FollowUp, ...]:
    """Send it. Raises `NotTold` when the channel does not take it: trying again is right.

    A channel whose address the bot was not given is named in the log, and holds up nothing.
    """
    address = bot.secrets.get(event.channel)
    if address is None:
        log.error("registry.yaml names %s, which is not set where the bot runs: nobody is told", event.channel)
        return ()
    title, body = rendering.notice(event)
    send(address, title=title, body=body, channel=event.channel)
    return ()
