"""What a merge really put on the base: from which commit, and whether it is what was looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from registrar.core.pull_requests import PullRequest
from registrar.core.verdicts import Verdict, failed, passed
from registrar.errors import Unknown
from registrar.handlers.bot import Bot

NAME = "merged content"


@dataclass(frozen=True, slots=True)
class Landing:
    """A merge as the base saw it: the commit before it, the one it made, and whether that holds what was approved."""

    before: str
    after: str
    verdict: Verdict


def landing_of(bot: Bot, pull_request: PullRequest) -> Landing:
    """Find the commits on the base, whether it was merged, squashed or rebased.

    Raises `Unknown` when the forge calls it merged and the base does not have it.
    """
    tip = bot.base_tip()
    after = pull_request.merge_commit
    if after is None or not bot.git.contains(after) or not bot.git.is_ancestor(after, tip):
        raise Unknown(f"{pull_request.url} is merged, but {bot.base} does not hold its commit; it is not deployed")
    bot.git.fetch(pull_request.fetch_ref)
    parent = bot.git.first_parent(after)
    fork = bot.git.merge_base(parent, pull_request.head_sha) if parent else None
    if parent is None or fork is None:
        raise Unknown(f"{pull_request.url} shares no history with {bot.base} before it; it is not deployed")
    paths = [file.path for file in bot.git.diff(fork, pull_request.head_sha)]
    before = _before(bot, parent, fork=fork, head=pull_request.head_sha, paths=paths)
    return Landing(before, after, _same_content(bot, pull_request.head_sha, after, paths))


def _before(bot: Bot, parent: str, *, fork: str, head: str, paths: Sequence[str]) -> str:
    """The base without the change; a rebase lands a commit for each of the branch, and all of them are skipped."""
    candidate = parent
    for _ in bot.git.first_parent_log(fork, head):
        if any(bot.git.blob_id(candidate, path) == bot.git.blob_id(fork, path) for path in paths):
            return candidate
        earlier = bot.git.first_parent(candidate)
        if earlier is None or not bot.git.is_ancestor(fork, earlier):
            break
        candidate = earlier
    return parent


def _same_content(bot: Bot, head: str, after: str, paths: Sequence[str]) -> Verdict:
    different = [path for path in paths if bot.git.blob_id(head, path) != bot.git.blob_id(after, path)]
    if different:
        return failed(NAME, f"what was merged of {different[0]} is not what was approved; ask for the change again")
    return passed(NAME, "what was merged is exactly what was approved")
