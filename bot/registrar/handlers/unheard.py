"""A comment that nobody told of is heard all the same: what it asks is done by the same code, once."""

from collections.abc import Collection, Iterator
from datetime import timedelta

from registrar.core.commands import parse_command
from registrar.core.events import CommentWritten, FollowUp
from registrar.handlers.bot import Bot

WITHIN = timedelta(days=3)  # as long as GitHub keeps an event; whoever got no answer by then has asked again


def unheard_commands(bot: Bot, numbers: Collection[int]) -> Iterator[FollowUp]:
    """Look again at every comment of late that asks something; whoever looks sees whether it is answered.

    Where webhooks lead here, what they could not tell is asked for again, and a look at these pull requests will do.
    Where none does, what was closed is looked at as well.
    """
    moment = bot.now() - WITHIN
    said = bot.forge.comments_since(moment, under=numbers if bot.hooks is not None else None)
    for (number, comment), body in said.items():
        if parse_command(body) is not None:
            yield FollowUp(CommentWritten(bot.forge.repository, number, comment))
