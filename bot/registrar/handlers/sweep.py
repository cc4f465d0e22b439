"""A lost webhook costs minutes, never truth: what may have been missed is looked at again, by the same code."""

from collections.abc import Iterator

from registrar.core.events import FollowUp, PullRequestChanged, SweepDue
from registrar.core.pull_requests import Outcome
from registrar.errors import Unknown
from registrar.handlers.bot import Bot

EVERY = 600.0  # seconds
LANDED = 30  # how many of the newest commits of the base are looked at


def look_at_everything(event: SweepDue, bot: Bot) -> tuple[FollowUp, ...]:
    """Look again at every open pull request, and at those whose merge nobody told of; then again later."""
    numbers = dict.fromkeys([*bot.forge.open_pull_requests(bot.base), *_missed_merges(bot)])
    looks = (FollowUp(PullRequestChanged(event.repository, number)) for number in numbers)
    return (*looks, FollowUp(event, after=EVERY))


def _missed_merges(bot: Bot) -> Iterator[int]:
    """Merges that we have not judged, of pull requests that we had turned green.

    What was merged before there was a bot was never green, and is left alone: nothing old is deployed by a sweep.
    """
    for commit in bot.git.first_parent_log(None, bot.base_tip(), limit=LANDED):
        if bot.said_under(commit.sha, bot.status_context) is None:
            yield from (number for number in _behind(bot, commit.sha) if _was_green(bot, number))


def _behind(bot: Bot, sha: str) -> tuple[int, ...]:
    try:
        return bot.forge.pull_requests_of_commit(sha)
    except Unknown:
        return ()  # pushed this very moment: its webhook, or the next sweep, finds it


def _was_green(bot: Bot, number: int) -> bool:
    said = bot.said_under(bot.forge.pull_request(number).head_sha, bot.status_context)
    return said is not None and said.outcome is Outcome.SUCCESS
