"""A lost webhook costs minutes, never truth: what may have been missed is looked at again, by the same code."""

from collections.abc import Iterator

from registrar.core.events import FollowUp, PullRequestChanged, SweepDue
from registrar.core.layout import MODELS
from registrar.core.paths import RULES
from registrar.core.pull_requests import Outcome
from registrar.errors import Unknown
from registrar.handlers.bot import Bot

LANDED = 30  # of the newest commits of the base that touch the registry


def look_at_everything(event: SweepDue, bot: Bot) -> tuple[FollowUp, ...]:
    """Look again at every open pull request, and at what landed without being judged."""
    numbers = dict.fromkeys([*bot.forge.open_pull_requests(bot.base), *_missed_merges(bot)])
    return tuple(FollowUp(PullRequestChanged(event.repository, number)) for number in numbers)


def _missed_merges(bot: Bot) -> Iterator[int]:
    """Pull requests behind the newest commits that touch the registry and were not judged, or whose deploys go on.

    Whether a bot had looked at them before they were merged is asked when they are looked at: nothing old is deployed.
    """
    for commit in bot.git.first_parent_log(None, bot.base_tip(), MODELS, *sorted(RULES), limit=LANDED):
        for number in _behind(bot, commit.sha):
            said = bot.said_under(commit.sha, bot.record_context(number))
            if said is None or said.outcome is Outcome.PENDING:
                yield number


def _behind(bot: Bot, sha: str) -> tuple[int, ...]:
    try:
        return bot.forge.pull_requests_of_commit(sha)
    except Unknown:
        return ()  # pushed this very moment: its webhook, or the next sweep, finds it
