"""The base moved: what landed is looked after, and every open pull request is measured against the new base."""

from registrar.core.events import BranchPushed, FollowUp, PullRequestChanged
from registrar.core.paths import is_status
from registrar.core.pull_requests import CommitStatus, Outcome
from registrar.errors import ForgeUnavailable, Unknown
from registrar.handlers.bot import Bot

BORN = "0" * 40  # what a forge calls the commit before the first


def look_at_push(event: BranchPushed, bot: Bot) -> tuple[FollowUp, ...]:
    """Find the pull requests behind the new commits, and flag a change of status that came without one."""
    if event.branch != bot.base or event.before == BORN:
        return ()
    bot.base_tip()
    landed: list[int] = []
    for commit in bot.git.first_parent_log(event.before, event.after):
        numbers = _behind(bot, commit.sha)
        if not numbers and _changes_a_status(bot, commit.sha):
            _flag(bot, commit.sha)
        landed.extend(numbers)
    affected = dict.fromkeys([*reversed(landed), *bot.forge.open_pull_requests(bot.base)])
    return tuple(FollowUp(PullRequestChanged(bot.forge.repository, number)) for number in affected)


def _behind(bot: Bot, sha: str) -> tuple[int, ...]:
    """The pull requests that brought a commit; a forge may hear of a push before it can say what was in it."""
    try:
        return bot.forge.pull_requests_of_commit(sha)
    except Unknown as error:
        raise ForgeUnavailable(f"{error}; it was pushed only now") from error


def _changes_a_status(bot: Bot, sha: str) -> bool:
    parent = bot.git.first_parent(sha)
    return parent is not None and any(is_status(file.path) for file in bot.git.diff(parent, sha))


def _flag(bot: Bot, sha: str) -> None:
    """A pull request that the forge names only later puts this right when it is looked after."""
    bot.forge.set_status(
        sha,
        CommitStatus(
            context=bot.status_context,
            outcome=Outcome.FAILURE,
            description="a status was changed without a pull request: nothing was deployed; revert it, or ask for it",
        ),
    )
