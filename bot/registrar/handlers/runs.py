"""A pipeline run moved on: the pull request that it belongs to is looked at again."""

from registrar.core.events import BranchChecked, FollowUp, JobChanged, PullRequestChanged, RunChanged
from registrar.core.operations import pull_request_of
from registrar.core.pull_requests import PullRequestState
from registrar.handlers.bot import Bot


def look_at_run(event: RunChanged | JobChanged | BranchChecked, bot: Bot) -> tuple[FollowUp, ...]:
    """Go from the operation key in the run's title to its pull request, or to it from the branch that was checked.

    Where a status is part of one pipeline, a newer one of the same commit knows nothing of what we said in the last.
    """
    number = _checked(event, bot) if isinstance(event, BranchChecked) else _deployed(event, bot)
    return () if number is None else (FollowUp(PullRequestChanged(bot.forge.repository, number)),)


def _deployed(event: RunChanged | JobChanged, bot: Bot) -> int | None:
    """None for a run without a key, which is not ours."""
    title = event.title if isinstance(event, RunChanged) else bot.forge.title_of_job(event.repository, event.job)
    return pull_request_of(title or "")


def _checked(event: BranchChecked, bot: Bot) -> int | None:
    if event.branch == bot.base:
        return None
    found = bot.forge.pull_request_for_branch(event.branch, bot.base)
    return None if found is None or found.state is not PullRequestState.OPEN else found.number
