"""What a merge really put on the base: after which commit, and whether it is what was looked at."""

from collections.abc import Collection
from dataclasses import dataclass

from registrar.core.pull_requests import Outcome, PullRequest
from registrar.core.verdicts import Verdict, failed, passed
from registrar.errors import ForgeUnavailable, NotAllowed, Unknown
from registrar.handlers.bot import Bot

NAME = "merged content"
_MERGE = 2  # parents


class CannotBeJudged(NotAllowed):
    """What the forge calls merged cannot be shown to be a merge of its own; the forge's own refusals are not this."""


@dataclass(frozen=True, slots=True)
class Landing:
    """A merge as the base saw it: the commit before it, the one it made, and whether that holds what was approved."""

    before: str
    after: str
    verdict: Verdict


def landing_of(bot: Bot, pull_request: PullRequest) -> Landing:
    """Find the commits on the base, whether it was merged, squashed or rebased.

    Raises `Unknown` when the forge calls it merged and the base does not have it, and `CannotBeJudged` when it cannot
    be told which commit it made, as when another one brought it along, or what the base was before.
    """
    tip = bot.base_tip()
    after = pull_request.merge_commit
    if after is None:
        raise CannotBeJudged(
            f"{pull_request.url} counts as merged, but not by a commit of its own: its commits came to {bot.base} "
            "another way, so it is not deployed; ask for the change again"
        )
    if not bot.git.contains(after) or not bot.git.is_ancestor(after, tip):
        raise Unknown(f"{pull_request.url} is merged, but {bot.base} does not hold its commit; it is not deployed")
    _refuse_twin(bot, pull_request, after)
    bot.fetch_head(pull_request)
    before = _before(bot, after, pull_request)
    fork = bot.git.merge_base(before, pull_request.head_sha) if before else None
    if before is None or fork is None:
        raise CannotBeJudged(
            f"it cannot be told what {bot.base} was before {pull_request.url} was merged, so it is not deployed; "
            "ask for the change again, and merge it by a merge commit, a squash or a rebase"
        )
    proposed, landed = bot.git.diff(fork, pull_request.head_sha), bot.git.diff(before, after)
    paths = {file.path for file in (*proposed, *landed)}  # a merge by hand can bring what nobody proposed
    return Landing(before, after, same_content(bot, pull_request.head_sha, after, paths))


def refuse_landing(pull_request: PullRequest) -> None:
    """Raises `ForgeUnavailable` while the forge merges it: the base may hold it, and nothing says yet how it came."""
    if pull_request.is_landing:
        raise ForgeUnavailable(f"{pull_request.url} is being merged at this moment")


def _refuse_twin(bot: Bot, pull_request: PullRequest, after: str) -> None:
    """Of several with the same commits a forge calls all merged by the commit that merged one.

    The first that was judged to be approved counts, so a copy that nobody approved stands in nobody's way; of two that
    were judged at once the older does.
    """
    mine = _was_approved(bot, after, pull_request.number)
    for number in sorted(bot.forge.pull_requests_of_commit(after)):
        is_before = number < pull_request.number or not mine
        if number != pull_request.number and is_before and _was_approved(bot, after, number):
            name = f"{bot.forge.words.noun} {bot.forge.words.pull_request(number)}"
            raise CannotBeJudged(f"its commits were merged by {name}, which counts in its place; nothing is done twice")


def _was_approved(bot: Bot, after: str, number: int) -> bool:
    record = bot.said_under(after, bot.record_context(number))
    return record is not None and record.outcome is not Outcome.FAILURE


def _before(bot: Bot, after: str, pull_request: PullRequest) -> str | None:
    """The base without any of the change: rules and owners are read there, so it must hold nothing that it brought.

    A merge commit has it as its first parent. A squash lands one commit; a rebase lands every commit of the branch in a
    row, and the forge says which those are: who wrote the branch chooses its authors and messages, so these prove
    nothing. A fast-forward leaves no trace: where the forge does not tell what was before, nobody can.
    """
    head = pull_request.head_sha
    (landed,) = bot.git.log(None, after, limit=1)
    if len(landed.parents) == _MERGE and landed.parents[1] in {head, pull_request.squash_commit}:
        return landed.parents[0]
    if after == head:
        told = pull_request.landed_on
        return told if told is not None and bot.git.contains(told) and bot.git.is_ancestor(told, head) else None
    fork = bot.git.merge_base(after, head)
    if fork is None or fork == head or len(landed.parents) != 1:
        return None
    branch = bot.git.log(fork, head)
    copies = {(commit.author, commit.message) for commit in branch}
    for commit in bot.git.first_parent_log(fork, landed.parents[0], limit=len(branch)):
        numbers = bot.forge.pull_requests_of_commit(commit.sha)
        if not numbers and (commit.author, commit.message) in copies:
            noun = bot.forge.words.noun
            raise ForgeUnavailable(f"the forge does not say yet which {noun} brought {commit.sha[:7]}")
        if pull_request.number not in numbers:
            return commit.sha
    return fork


def same_content(bot: Bot, head: str, after: str, paths: Collection[str]) -> Verdict:
    """Whether these paths hold at `after` what they hold at the head that was approved, by git's ids and modes.

    Other paths may differ: the base has moved on since.
    """
    different = [file.path for file in bot.git.diff(head, after) if file.path in paths]
    if different:
        return failed(NAME, f"what was merged of {different[0]} is not what was approved; ask for the change again")
    return passed(NAME, "what was merged is exactly what was approved")
