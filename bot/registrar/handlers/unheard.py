"""A comment that nobody told of is heard all the same: what it asks is done by the same code, once."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from registrar.core.commands import parse_command
from registrar.core.events import CommentWritten, FollowUp
from registrar.handlers.bot import Bot

WITHIN = timedelta(days=3)  # as long as GitHub keeps an event; whoever got no answer by then has asked again


def unheard_commands(bot: Bot, numbers: Iterable[int]) -> Iterator[FollowUp]:
    """Look again at every comment of late that asks something; whoever looks sees whether it is answered."""
    moment = bot.now() - WITHIN
    for number in numbers:
        for comment, body in bot.forge.comments_since(number, moment).items():
            if parse_command(body) is not None:
                yield FollowUp(CommentWritten(bot.forge.repository, number, comment))
