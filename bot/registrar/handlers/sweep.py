"""A lost webhook costs minutes, never truth: what may have been missed is looked at again, by the same code."""

from collections.abc import Iterable, Mapping

from registrar.core.events import BranchPushed, FollowUp, HooksDue, PullRequestChanged, SweepDue
from registrar.core.pull_requests import CommitStatus, Outcome
from registrar.errors import Unknown
from registrar.handlers.bot import Bot
from registrar.handlers.breaches import LOOKED_AFTER, LOOKED_BACK, guarded, put_aside_by, watched_since
from registrar.handlers.noting import untold
from registrar.handlers.retagging import lost_tags
from registrar.repository.commit_log import Commit

SWEPT = "refs/registrar/swept/"  # of the clone: where a branch was when it was last looked at whole


def look_at_everything(event: SweepDue, bot: Bot) -> tuple[FollowUp, ...]:
    """Look again at every open pull request, and at what landed without being judged."""
    tip = bot.base_tip()
    landed = bot.git.first_parent_log(None, tip, *LOOKED_AFTER, limit=LOOKED_BACK)
    numbers = dict.fromkeys(bot.forge.open_pull_requests(bot.base))
    pushes: list[FollowUp] = []
    approved: list[tuple[int, str]] = []
    judged: list[tuple[int, str]] = []
    is_watched = False
    for commit in reversed(landed):
        words, behind = bot.words_under(commit.sha), _behind(bot, commit.sha)
        records = {number: words.get(bot.record_context(number)) for number in behind}
        numbers |= {number: None for number, record in records.items() if _goes_on(record)}
        judged += [(number, commit.sha) for number, record in records.items() if record is not None and record.url]
        approved += [(number, commit.sha) for number, record in records.items() if _is_approved(record)]
        if (is_watched or bot.flag_context in words) and _is_in_doubt(bot, commit, words, records.values()):
            pushes.append(FollowUp(BranchPushed(event.repository, bot.base, commit.parents[0], commit.sha)))
        is_watched = is_watched or watched_since(bot, words)
    if landed and not is_watched:
        _begin_to_watch(bot, landed[0].sha)
    numbers |= dict.fromkeys(untold(bot, judged))
    looks = (FollowUp(PullRequestChanged(event.repository, number)) for number in numbers)
    return (
        *_rewritten(bot, tip),
        *pushes,
        *looks,
        *lost_tags(bot, approved, tip=tip),
        FollowUp(HooksDue(event.repository)),
    )


def _rewritten(bot: Bot, tip: str) -> tuple[FollowUp, ...]:
    """A base that does not hold what it held at the last sweep, as this clone remembers it.

    That is forgotten only once it was said under the base that there is now.
    """
    try:
        seen = str(bot.git.objects.lookup_reference(SWEPT + bot.base).target)
    except KeyError:
        seen = tip
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
    return bot.rewrite_context in words or any(map(_is_approved, merges))


def _behind(bot: Bot, sha: str) -> tuple[int, ...]:
    try:
        return bot.forge.pull_requests_of_commit(sha)
    except Unknown:
        return ()  # pushed this very moment: its webhook, or the next sweep, finds it


def _goes_on(record: CommitStatus | None) -> bool:
    """Not judged, or its deploys go on.

    Whether a bot had looked at it before it was merged is asked when it is looked at: nothing old is deployed.
    """
    return record is None or record.outcome is Outcome.PENDING


def _is_approved(record: CommitStatus | None) -> bool:
    return record is not None and record.outcome is not Outcome.FAILURE


def _is_in_doubt(
    bot: Bot, commit: Commit, words: Mapping[str, CommitStatus], records: Iterable[CommitStatus | None]
) -> bool:
    """Whether a step of the base must be looked at: not approved and not taken back, or approved and flagged."""
    flag = words.get(bot.flag_context)
    is_flagged = flag is not None and flag.outcome is Outcome.FAILURE
    if any(map(_is_approved, records)):
        return is_flagged
    is_done = is_flagged and flag is not None and bool(flag.url)
    return not is_done and bool(commit.parents) and bool(guarded(bot, commit.parents[0], commit.sha))


def _begin_to_watch(bot: Bot, sha: str) -> None:
    """From here on: what was there before, nobody had asked to be approved, and nothing of it is taken back."""
    said = CommitStatus(bot.watch_context, Outcome.SUCCESS, f"from here on, {bot.base} is looked after")
    bot.forge.set_status(sha, said)
