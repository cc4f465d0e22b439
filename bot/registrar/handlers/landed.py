"""The base moved: what landed is looked after, and every open pull request is measured against the new base."""

from registrar.core.events import BranchPushed, FollowUp, PullRequestChanged
from registrar.core.layout import DATASETS, MODELS
from registrar.core.paths import RULES, is_status
from registrar.core.pull_requests import CommitStatus, Outcome, PullRequestState
from registrar.errors import ForgeUnavailable, Unknown
from registrar.handlers.bot import Bot

BORN = "0" * 40  # what a forge calls the commit before the first


def look_at_push(event: BranchPushed, bot: Bot) -> tuple[FollowUp, ...]:
    """Find the pull requests behind the new commits, and flag a change of status that came without one."""
    if event.branch != bot.base or event.before == BORN:
        return ()
    bot.base_tip()
    landed: list[int] = []
    commits = bot.git.first_parent_log(event.before, event.after, MODELS, DATASETS, *sorted(RULES))
    for commit in commits:
        numbers = _behind(bot, commit.sha)
        if _changes_a_status(bot, commit.sha) and not any(_was_merged(bot, number) for number in numbers):
            _flag(bot, commit.sha)
        landed.extend(numbers)
    if not commits:
        return ()
    affected = dict.fromkeys([*reversed(landed), *bot.forge.open_pull_requests(bot.base)])
    return tuple(FollowUp(PullRequestChanged(bot.forge.repository, number)) for number in affected)


def _behind(bot: Bot, sha: str) -> tuple[int, ...]:
    """The pull requests that brought a commit; a forge may hear of a push before it can say what was in it."""
    try:
        return bot.forge.pull_requests_of_commit(sha)
    except Unknown as error:
        raise ForgeUnavailable(f"{error}; it was pushed only now") from error


def _was_merged(bot: Bot, number: int) -> bool:
    """Merged into the base: one that is open, or went elsewhere, may hold the commit without having brought it."""
    pull_request = bot.forge.pull_request(number)
    return pull_request.state is PullRequestState.MERGED and pull_request.base_ref == bot.base


def _changes_a_status(bot: Bot, sha: str) -> bool:
    parent = bot.git.first_parent(sha)
    return parent is not None and any(is_status(file.path) for file in bot.git.diff(parent, sha))


def _flag(bot: Bot, sha: str) -> None:
    """A pull request that the forge names only later puts this right when it is looked after."""
    what = f"a status was changed without a {bot.forge.words.noun}: nothing was deployed; revert it, or ask for it"
    bot.forge.set_status(sha, CommitStatus(bot.flag_context, Outcome.FAILURE, what))
