"""A lost webhook costs minutes, never truth: what may have been missed is looked at again, by the same code."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from registrar.core.events import BranchPushed, FollowUp, HooksDue, KeepTags, PullRequestChanged, SweepDue
from registrar.core.pull_requests import CommitStatus, Outcome, PullRequestState
from registrar.handlers.bot import Bot
from registrar.handlers.breaches import SWEPT, guarded, put_aside_by, swept
from registrar.handlers.dropped import dropped_of_late
from registrar.handlers.noting import untold
from registrar.handlers.retagging import lost_tags
from registrar.handlers.unheard import unheard_commands
from registrar.handlers.unswept import NAMED_WITHIN, Step, Unswept, is_approved, settle, unswept
from registrar.observing.numbers import NUMBERS

Records = Mapping[int, CommitStatus | None]


def look_at_everything(event: SweepDue, bot: Bot) -> tuple[FollowUp, ...]:
    """Look again at every open pull request, and at what landed and is not known to be done."""
    tip = bot.base_tip()
    found = unswept(bot, tip)
    begun = found.line[-1] if found.line and found.is_whole and not found.is_watched else None
    if begun is not None:
        _begin_to_watch(bot, begun)
    records = _records(found)
    doubtful = [step for step in found.steps if _is_in_doubt(bot, step)]
    tags = lost_tags(bot, found.approved, tip=tip)
    going_on = _going_on(bot, found, records)
    busy = {*going_on, *(each.event.number for each in tags if isinstance(each.event, KeepTags))}
    quiet = [step for step in found.steps if step not in doubtful and _is_done(step, busy, found)]
    done = [step for step in quiet if step.sha != begun]  # of that one it is to be read that it is looked after now
    again = settle(bot, found, done=done)
    rewritten = _rewritten(bot, tip)
    numbers = dict.fromkeys([*bot.forge.open_pull_requests(bot.base), *going_on])
    pushes = (FollowUp(BranchPushed(event.repository, bot.base, str(each.before), each.sha)) for each in doubtful)
    looks = (FollowUp(PullRequestChanged(event.repository, number)) for number in numbers)
    heard = tuple(unheard_commands(bot, numbers))
    hooks = (FollowUp(HooksDue(event.repository)),) if bot.hooks is not None else ()
    NUMBERS.swept(event.repository, at=bot.now())
    more = (FollowUp(event, after=NAMED_WITHIN.total_seconds()),) if again else ()
    return (*rewritten, *pushes, *looks, *heard, *tags, *hooks, *more)


def _records(found: Unswept) -> Records:
    """How each pull request was judged: a rebase lands several commits, and it is said under the last of them."""
    records: dict[int, CommitStatus | None] = {}
    for step in found.steps:
        records |= {number: said or records.get(number) for number, said in step.records.items()}
    return records


def _going_on(bot: Bot, found: Unswept, records: Records) -> tuple[int, ...]:
    """Not judged, or its deploys go on, or the ledger does not tell of it.

    Of one without a record, whether a bot had looked at it before it was merged: nothing old is deployed.
    """
    said = [(number, step.sha, record) for step in found.steps for number, record in step.records.items()]
    judged = [(number, sha) for number, sha, record in said if record is not None and record.url]
    going_on = [number for number, record in records.items() if _goes_on(record)]
    return (*(each for each in going_on if not _is_of_before(bot, each, records)), *untold(bot, judged))


def _goes_on(record: CommitStatus | None) -> bool:
    return record is None or record.outcome is Outcome.PENDING


def _is_of_before(bot: Bot, number: int, records: Records) -> bool:
    if records[number] is not None:
        return False
    if number in bot.memory.unlooked:
        return True
    pull_request = bot.forge.pull_request(number)
    if pull_request.state is not PullRequestState.MERGED or pull_request.base_ref != bot.base:
        return True  # it holds a commit of the base, or brought it to another branch first
    if bot.said_under(pull_request.head_sha, bot.status_context) is None:
        bot.memory.unlooked.add(number)
    return number in bot.memory.unlooked


def _is_done(step: Step, busy: AbstractSet[int], found: Unswept) -> bool:
    return step.is_certain and (step.is_watched or found.is_whole) and busy.isdisjoint(step.records)


def _rewritten(bot: Bot, tip: str) -> tuple[FollowUp, ...]:
    """A base that does not hold what it held at the last sweep, as this clone remembers it.

    That is forgotten only once it was said under the base that there is now.
    """
    seen = swept(bot)
    if seen is None:
        dropped = tuple(dropped_of_late(bot, tip))
        if not dropped:
            bot.git.run("update-ref", SWEPT + bot.base, tip)
        return dropped
    aside = put_aside_by(bot, seen, tip)
    if aside is None:
        is_said = bot.git.is_ancestor(seen, tip) or not guarded(bot, seen, tip)
    else:
        is_said = not guarded(bot, seen, aside.sha) or _is_judged(bot, aside.sha)
    if is_said or bot.said_under(tip, bot.rewrite_context) is not None:
        bot.git.run("update-ref", SWEPT + bot.base, tip)
        return ()
    return (FollowUp(BranchPushed(bot.forge.repository, bot.base, seen, tip)),)


def _is_judged(bot: Bot, step: str) -> bool:
    """Whether it was said that it put aside what the base was, or that it was approved, as a fast-forward can be."""
    words = bot.words_under(step)
    merges = (said for context, said in words.items() if context.endswith(f" merged into {bot.base}"))
    return bot.rewrite_context in words or any(map(is_approved, merges))


def _is_in_doubt(bot: Bot, step: Step) -> bool:
    """Whether a step of the base must be looked at: not approved and not taken back, or approved and flagged."""
    flag = step.words.get(bot.flag_context)
    if flag is None and not step.is_watched:
        return False
    if flag is not None and flag.outcome is not Outcome.FAILURE:
        return False  # it was approved
    if bool(step.approved):
        return flag is not None
    is_done = flag is not None and bool(flag.url)
    return not is_done and step.before is not None and bool(guarded(bot, step.before, step.sha))


def _begin_to_watch(bot: Bot, sha: str) -> None:
    """From here on: what was there before, nobody had asked to be approved, and nothing of it is taken back."""
    said = CommitStatus(bot.watch_context, Outcome.SUCCESS, f"from here on, {bot.base} is looked after")
    bot.forge.set_status(sha, said)
