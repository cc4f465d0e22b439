"""What pushes dropped from the base is found by what the forge tells of them: a clone of today remembers nothing."""

from collections.abc import Iterator
from datetime import timedelta

from registrar.core.events import BranchPushed, FollowUp
from registrar.handlers.bot import Bot
from registrar.handlers.breaches import brought, guarded, is_watched

WITHIN = timedelta(days=7)  # whoever sweeps more rarely does not look after a registry


def dropped_of_late(bot: Bot, tip: str) -> Iterator[FollowUp]:
    """Look again at every push that took something guarded out of the base, and of which nothing is said."""
    for before, after in bot.forge.moves_of(bot.base, since=bot.now() - WITHIN):
        if set(before) == {"0"} or (bot.git.contains(before) and bot.git.is_ancestor(before, tip)):
            continue
        if not brought(bot, before):
            continue
        at = after if bot.git.contains(after) and bot.git.is_ancestor(after, tip) else tip
        if guarded(bot, before, at) and bot.said_under(at, bot.rewrite_context) is None and is_watched(bot, before):
            yield FollowUp(BranchPushed(bot.forge.repository, bot.base, before, at))
