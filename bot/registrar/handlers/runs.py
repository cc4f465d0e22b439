"""A pipeline run moved on: the pull request that it belongs to is looked at again."""

from registrar.core.events import FollowUp, JobChanged, PullRequestChanged, RunChanged
from registrar.core.operations import pull_request_of
from registrar.handlers.bot import Bot


def look_at_run(event: RunChanged | JobChanged, bot: Bot) -> tuple[FollowUp, ...]:
    """Go from the operation key in the run's title to its pull request; a run without one is not ours."""
    title = event.title if isinstance(event, RunChanged) else bot.forge.title_of_job(event.repository, event.job)
    number = pull_request_of(title or "")
    return () if number is None else (FollowUp(PullRequestChanged(bot.forge.repository, number)),)
