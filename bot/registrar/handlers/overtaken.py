"""What was merged before a request could be, and by whom: so that who lost is told to whom."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from registrar.core.changes import transitions
from registrar.core.evaluation_facts import ModelChange
from registrar.core.layout import status_path
from registrar.core.ledger import Merged
from registrar.core.lifecycle import Transition
from registrar.core.overtaken import Overtaking
from registrar.core.pull_requests import PullRequest, PullRequestState
from registrar.core.wording import every
from registrar.errors import InvalidRegistry, Unknown
from registrar.handlers.bot import Bot
from registrar.handlers.breaches import is_flagged
from registrar.handlers.requesters import requester_of
from registrar.repository.snapshot import snapshot


def with_overtakings(
    bot: Bot, changes: Iterable[ModelChange], *, fork: str, head: str, base: str
) -> tuple[ModelChange, ...]:
    """The changes, each with what was merged before it into the same status file."""
    return tuple(
        change
        if change.before_blob == change.tip_blob
        else replace(change, overtaken=overtaking_of(bot, change.name, fork=fork, head=head, base=base))
        for change in changes
    )


def overtaking_of(bot: Bot, model: str, *, fork: str, head: str, base: str) -> Overtaking | None:
    """What changed the model's status file after `fork`: the first that gave away a status which `head` gives.

    Else the newest; None when nothing did.
    """
    log = bot.git.first_parent_log(fork, base, status_path(model))
    if not log:
        return None
    wanted = {move.after: move.version for move in moves_between(bot, model, fork, head)}
    steps = {commit.sha: _brought(bot, model, commit.sha) for commit in reversed(log)}
    sha = next((sha for sha, moves in steps.items() if _takes(wanted, moves)), log[0].sha)
    return _told(bot, sha, steps[sha])


def _takes(wanted: Mapping[str, str], moves: tuple[Transition, ...]) -> bool:
    return any(wanted.get(move.after, move.version) != move.version for move in moves)


def _brought(bot: Bot, model: str, sha: str) -> tuple[Transition, ...]:
    parent = bot.git.first_parent(sha)
    return moves_between(bot, model, parent, sha) if parent is not None else ()


def moves_between(bot: Bot, model: str, before: str, after: str) -> tuple[Transition, ...]:
    """What a model's status file says differently; nothing can be told where a file breaks its shape."""
    earlier, later = snapshot(bot.git, before), snapshot(bot.git, after)
    try:
        initial = later.registry().initial
        return transitions(model, earlier.holdings(model), later.holdings(model), initial=initial)
    except InvalidRegistry:
        return ()


def _told(bot: Bot, sha: str, moves: tuple[Transition, ...]) -> Overtaking:
    told = Overtaking(sha, moves, is_flagged=is_flagged(bot, sha))
    pull_request = _merged(bot, sha)
    if pull_request is None:
        return told
    record = bot.said_under(pull_request.merge_commit or sha, bot.record_context(pull_request.number))
    return replace(
        told,
        number=pull_request.number,
        link=bot.forge.words.pull_request(pull_request.number),
        requester=_requester(bot, pull_request, sha),
        ruling=_ruling(bot, pull_request, sha),
        is_judged=record is not None,
    )


def _merged(bot: Bot, sha: str) -> PullRequest | None:
    """The pull request that brought a commit; None while the forge cannot say."""
    try:
        numbers = bot.forge.pull_requests_of_commit(sha)
    except Unknown:
        return None
    found = (bot.forge.pull_request(number) for number in sorted(numbers))
    return next((each for each in found if each.state is PullRequestState.MERGED and each.base_ref == bot.base), None)


def _requester(bot: Bot, pull_request: PullRequest, sha: str) -> str:
    bot.fetch_head(pull_request)
    parent = bot.git.first_parent(sha)
    fork = bot.git.merge_base(parent, pull_request.head_sha) if parent is not None else None
    person = requester_of(bot, pull_request, fork=fork) if fork is not None else None
    return person.login if person is not None else ""


def _ruling(bot: Bot, pull_request: PullRequest, sha: str) -> str:
    """As the ledger tells it: `approved by ana`; empty where it tells nothing that can be read."""
    try:
        entries = bot.ledger.entries(pull_request.merge_commit or sha)
    except InvalidRegistry:
        return ""
    told = (entry for entry in entries if isinstance(entry, Merged) and entry.number == pull_request.number)
    merged = next(told, None)
    if merged is None:
        return ""
    if merged.ruling != "approved":
        return f"{merged.ruling}: {merged.reason}"
    people = tuple(dict.fromkeys(counted.person.login for counted in merged.approvals))
    return f"approved by {every(people)}" if people else ""
