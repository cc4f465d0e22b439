"""A merge queue asks whether what it has put together may land: it is judged as it would land, before it does.

GitHub builds each entry on the one before it, on a branch of its own, and waits for the required statuses of that
branch's newest commit. https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from registrar import rendering
from registrar.core.evaluation import evaluate
from registrar.core.events import BranchPushed, FollowUp
from registrar.core.pull_requests import CommitStatus, PullRequestState
from registrar.core.verdicts import Verdict, all_of, failed, waiting
from registrar.errors import ForgeUnavailable, InvalidRegistry
from registrar.handlers.bot import Bot
from registrar.handlers.gathering import fork_point, gather
from registrar.handlers.landing import same_content
from registrar.handlers.pull_request import OUTCOMES

_BRANCH = re.compile(r"gh-readonly-queue/(?P<base>.+)/pr-(?P<number>[0-9]+)-[0-9a-f]+")
_NAME = "merge queue"


@dataclass(frozen=True, slots=True)
class _Entry:
    branch: str
    sha: str
    number: int  # of the request that it ends with


def is_of_queue(branch: str, base: str) -> bool:
    """Whether a merge queue calls a branch so that it is about to land on the base; a person may call one so, too."""
    found = _BRANCH.fullmatch(branch)
    return found is not None and found["base"] == base


def look_at_entry(event: BranchPushed, bot: Bot) -> tuple[FollowUp, ...]:
    """Say under the commit whether all that it would bring to the base was approved as it stands there.

    Whoever pushed it: a green word frees nothing but the very content that owners have approved.
    """
    tip = bot.base_tip()
    if not bot.git.contains(event.after):
        raise ForgeUnavailable(f"git does not have {event.after[:7]} of {event.branch} yet")
    verdict = _judged(bot, event.after, tip=tip)
    said = CommitStatus(bot.status_context, OUTCOMES[verdict.state], rendering.status_description(verdict))
    bot.forge.set_status(event.after, said)
    return ()


def look_again(bot: Bot, number: int) -> tuple[FollowUp, ...]:
    """When a request is new in something, so is every entry of a queue that it is in: those behind it hold it too."""
    entries = tuple(_entries(bot))
    if number not in {entry.number for entry in entries}:
        return ()
    repository = bot.forge.repository
    return tuple(FollowUp(BranchPushed(repository, each.branch, before=each.sha, after=each.sha)) for each in entries)


def _judged(bot: Bot, after: str, *, tip: str) -> Verdict:
    if not bot.git.is_ancestor(tip, after):
        return waiting(_NAME, f"{bot.base} has moved on since the queue put this together")
    steps = bot.git.first_parent_log(tip, after)
    return all_of(_NAME, [verdict for step in reversed(steps) for verdict in _step(bot, step.sha, tip=tip)])


def _step(bot: Bot, after: str, *, tip: str) -> Iterator[Verdict]:
    """One entry: a commit upon the entry before it, which the branch of the queue says whose it is."""
    number = next((entry.number for entry in _entries(bot) if entry.sha == after), None)
    before = bot.git.first_parent(after)
    if number is None or before is None:
        yield failed(
            _NAME, f"no branch of the queue says what {after[:7]} is; let the queue merge by a merge commit or a squash"
        )
        return
    pull_request = bot.forge.pull_request(number)
    if pull_request.state is not PullRequestState.OPEN or pull_request.base_ref != bot.base:
        yield failed(_NAME, f"{pull_request.url} is not open for {bot.base}")
        return
    try:
        yield evaluate(gather(bot, pull_request, base=tip)).verdict
    except InvalidRegistry as error:
        yield all_of("base", [failed(problem.path, str(problem)) for problem in error.problems])
        return
    fork, head = fork_point(bot, pull_request, base=tip), pull_request.head_sha
    changed = (*bot.git.diff(fork, head), *bot.git.diff(before, after))
    yield same_content(bot, head, after, {file.path for file in changed})


def _entries(bot: Bot) -> Iterator[_Entry]:
    """What each branch of the queue ends with, as it was when the base was last fetched."""
    remote = f"refs/remotes/{bot.git.remote}/"
    for reference in bot.git.objects.references.iterator():
        branch = reference.name.removeprefix(remote)
        if is_of_queue(branch, bot.base) and (found := _BRANCH.fullmatch(branch)):
            yield _Entry(branch, str(reference.target), int(found["number"]))
