"""A pipeline run moved on: the pull request that it belongs to is looked at again."""

from registrar.core.deploying import planned_deploys
from registrar.core.events import BranchChecked, FollowUp, JobChanged, PullRequestChanged, RunChanged
from registrar.core.layout import model_of_path
from registrar.core.operations import key_in, pull_request_of
from registrar.core.paths import is_status
from registrar.core.pull_requests import PullRequestState
from registrar.deploys.operations import operation_of
from registrar.errors import InvalidRegistry, NotAllowed, Unknown
from registrar.handlers.bot import Bot
from registrar.handlers.landing import landing_of
from registrar.handlers.overtaken import moves_between
from registrar.repository.snapshot import snapshot


def look_at_run(event: RunChanged | JobChanged | BranchChecked, bot: Bot) -> tuple[FollowUp, ...]:
    """Go from the operation key in the run's title to its pull request, or to it from the branch that was checked.

    Where a status is part of one pipeline, a newer one of the same commit knows nothing of what we said in the last.
    """
    number = _checked(event, bot) if isinstance(event, BranchChecked) else pull_request_of(_title(event, bot))
    return () if number is None else (_look_at(number, bot),)


def look_at_run_of_any(event: RunChanged | JobChanged, bot: Bot) -> tuple[FollowUp, ...]:
    """The same of a run that another registry may have started, whose pull requests have the same numbers."""
    title = _title(event, bot)
    number, key = pull_request_of(title), key_in(title)
    return (_look_at(number, bot),) if number is not None and key is not None and _asked(bot, number, key) else ()


def _look_at(number: int, bot: Bot) -> FollowUp:
    return FollowUp(PullRequestChanged(bot.forge.repository, number))


def _title(event: RunChanged | JobChanged, bot: Bot) -> str:
    """Of a run that is not ours, it holds no key."""
    if isinstance(event, RunChanged):
        return event.title
    return bot.forge.title_of_job(event.repository, event.job) or ""


def _asked(bot: Bot, number: int, key: str) -> bool:
    """Whether a merge of this registry calls for a deploy of this key: its commit is part of what the key is made of.

    A key that cannot be worked out from git tells nothing: the next look at the deploy, or a sweep, finds the run.
    """
    try:
        landing = landing_of(bot, bot.forge.pull_request(number))
        rules = snapshot(bot.git, landing.before).registry()
    except (Unknown, NotAllowed, InvalidRegistry):
        return False
    paths = (file.path for file in bot.git.diff(landing.before, landing.after))
    models = {model for path in paths if is_status(path) and (model := model_of_path(path)) is not None}
    moves = tuple(move for model in models for move in moves_between(bot, model, landing.before, landing.after))
    return key in {operation_of(number, each, commit=landing.after) for each in planned_deploys(rules, moves)}


def _checked(event: BranchChecked, bot: Bot) -> int | None:
    if event.branch == bot.base:
        return None
    found = bot.forge.pull_request_for_branch(event.branch, bot.base)
    return None if found is None or found.state is not PullRequestState.OPEN else found.number
