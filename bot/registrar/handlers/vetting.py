"""What a merge is judged by, and what is put back, was approved itself: what nobody has looked at decides nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from registrar.core.pull_requests import Outcome, PullRequest, PullRequestState
from registrar.errors import ForgeUnavailable, Unknown
from registrar.handlers.bot import Bot
from registrar.handlers.breaches import (
    LOOKED_AFTER,
    LOOKED_BACK,
    PREHISTORY,
    guarded,
    is_flagged,
    is_watched,
    watched_since,
)
from registrar.repository.commit_log import Commit
from registrar.repository.git import EMPTY_TREE

IsApproved = Callable[[PullRequest], bool]


def refuse_unvetted(bot: Bot, *, base: str, is_approved: IsApproved, paths: Iterable[str]) -> None:
    """Raises `ForgeUnavailable` while a file stands at `base` by a commit of which nobody has said what it is.

    What is merged right after a push that makes the rules another person's may well be looked at before that push is.
    Once it is, its flag says that nobody approved it, and what it changed is no rule any more.
    """
    for path, commit in _standing(bot, base, paths):
        if not _is_vetted(bot, commit, path, base=base, is_approved=is_approved):
            raise ForgeUnavailable(f"{commit.sha[:7]} changed {path}, and it is still to be seen who approved that")


def behind(bot: Bot, sha: str) -> tuple[int, ...]:
    """The pull requests that brought a commit; a forge may hear of a push before it can say what was in it."""
    try:
        return tuple(sorted(bot.forge.pull_requests_of_commit(sha)))
    except Unknown as error:
        raise ForgeUnavailable(f"{error}; it was pushed only now") from error


def _standing(bot: Bot, base: str, paths: Iterable[str]) -> Iterator[tuple[str, Commit]]:
    """By which commits files are what they are, without those of which it is known that nobody approved them."""
    for path in sorted(paths):
        log = bot.git.first_parent_log(None, base, path)
        yield from ((path, commit) for commit in islice(_unflagged(bot, log), 1))


def _unflagged(bot: Bot, log: Iterable[Commit]) -> Iterator[Commit]:
    return (commit for commit in log if not is_flagged(bot, commit.sha))


def _is_vetted(bot: Bot, commit: Commit, path: str, *, base: str, is_approved: IsApproved) -> bool:
    if path not in guarded(bot, next(iter(commit.parents), EMPTY_TREE), commit.sha):
        return True  # nobody need approve that, as when a version is registered
    words = bot.words_under(commit.sha)
    merged = (said for context, said in words.items() if context.endswith(f" merged into {bot.base}"))
    if bot.flag_context in words or any(said.outcome is not Outcome.FAILURE for said in merged):
        return True
    if _was_there_before(bot, commit, base):
        return True
    requests = (bot.forge.pull_request(number) for number in behind(bot, commit.sha))
    here = (each for each in requests if each.state is PullRequestState.MERGED and each.base_ref == bot.base)
    return any(is_approved(each) for each in here) or _is_swept(bot, commit, base)


def _was_there_before(bot: Bot, commit: Commit, base: str) -> bool:
    """Whether it is of before any bot: nothing below it was ever looked after, and something above it was.

    Where nothing above it was either, nobody ever looked after the base; or else the base has come in from the side.
    """
    parent = next(iter(commit.parents), None)
    if parent is not None and is_watched(bot, parent):
        return False
    above = _above(bot, commit, base, limit=LOOKED_BACK)
    if any(watched_since(bot, bot.words_under(step.sha)) for step in above):
        return True
    return not any(is_watched(bot, other) for step in above for other in step.parents[1:])


def _is_swept(bot: Bot, commit: Commit, base: str) -> bool:
    """Whether we said later that everything up to there is done, whatever can be seen of it now."""
    above = _above(bot, commit, base, limit=PREHISTORY)
    return any(bot.swept_context in bot.words_under(step.sha) for step in above)


def _above(bot: Bot, commit: Commit, base: str, *, limit: int) -> Sequence[Commit]:
    """The newest steps of the base down to this one."""
    parent = next(iter(commit.parents), None)
    return bot.git.first_parent_log(parent, base, *LOOKED_AFTER, limit=limit)
