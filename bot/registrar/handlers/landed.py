"""The base moved: what landed is looked after, and every open pull request is measured against the new base."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from registrar.core.events import BranchPushed, FollowUp, PullRequestChanged, SweepDue
from registrar.core.paths import is_status
from registrar.core.pull_requests import PullRequest, PullRequestState
from registrar.errors import NotAllowed, Unknown
from registrar.handlers.bot import Bot
from registrar.handlers.breaches import LOOKED_AFTER, brought, guarded, is_watched, put_aside_by
from registrar.handlers.judging import is_approved, was_approved, would_be_approved
from registrar.handlers.landing import landing_of, refuse_landing
from registrar.handlers.reverting import Breach, announce, leave_be, take_back
from registrar.handlers.vetting import behind, refuse_unvetted
from registrar.repository.commit_log import Commit

BORN = "0" * 40  # what a forge calls the commit before the first, and after the last
NAMED_WITHIN = timedelta(minutes=2)  # how long a forge may take to say what brought a commit; an assumption


def look_at_push(event: BranchPushed, bot: Bot) -> tuple[FollowUp, ...]:
    """Find the pull requests behind the new commits, and what came without one that was approved."""
    if event.branch != bot.base or BORN in {event.before, event.after}:
        return ()
    bot.base_tip()
    if not brought(bot, event.before):
        return (FollowUp(SweepDue(event.repository)),)  # dropped by a forced push, before it was ever fetched
    rewritten = _look_at_rewrite(bot, event)
    aside = put_aside_by(bot, event.before, event.after)
    commits = bot.git.first_parent_log(event.before, event.after, *LOOKED_AFTER)
    if not commits and rewritten is None and aside is None:
        return ()
    breaches = _look_at_steps(bot, event, aside, commits) if rewritten is None else rewritten
    landed = [number for commit in reversed(commits) for number in behind(bot, commit.sha)]
    affected = dict.fromkeys([*landed, *bot.forge.open_pull_requests(bot.base)])
    return (*breaches, *(_look_again(bot, number) for number in affected))


def look_at_merge(bot: Bot, pull_request: PullRequest) -> tuple[FollowUp, ...]:
    """The same of a pull request that is merged, and was looked after."""
    landed, tip = pull_request.merge_commit, bot.base_tip()
    if landed is None or not bot.git.contains(landed) or not bot.git.is_ancestor(landed, tip):
        return ()
    since = bot.git.first_parent_log(bot.git.first_parent(landed), tip)
    step = next((commit for commit in since if commit.sha == landed), None)
    return look_at_commit(bot, step, judged=pull_request) if step is not None else ()  # else it came with another


def look_at_commit(bot: Bot, commit: Commit, *, judged: PullRequest | None = None) -> tuple[FollowUp, ...]:
    """See whether what one step of the base brought was approved; if it was not, flag it and take it back.

    `judged` brought it, and was looked after. When it has no record all the same, it was merged before a bot had looked
    at it, or proposed nothing of what landed.
    """
    before = commit.parents[0] if commit.parents else None
    paths = guarded(bot, before, commit.sha) if before is not None else ()
    if before is None or not paths:
        return ()
    merged = _merged(bot, commit.sha, judged)
    recorded = {each.number: was_approved(bot, each) for each in merged}
    approved = dict(recorded)
    if judged is not None and None in approved.values():
        if not is_watched(bot, before):
            return ()
        approved |= {each.number: would_be_approved(bot, each) for each in merged if approved[each.number] is None}
    approving = next((each for each in merged if approved[each.number]), None)
    if approving is not None:
        leave_be(bot, commit.sha, approving, is_recorded=recorded[approving.number] is not None)
        return ()
    if None in approved.values():
        return tuple(_look_again(bot, number) for number, word in approved.items() if word is None)
    if not merged:
        return _once_it_is_sure(bot, Breach(before, commit, paths, _unasked(bot, paths)))
    return _taken_back(bot, _whole(bot, Breach(before, commit, paths, _refused(bot, merged[0]), merged[0])))


def _look_at_steps(
    bot: Bot, event: BranchPushed, aside: Commit | None, commits: tuple[Commit, ...]
) -> tuple[FollowUp, ...]:
    """Each by what it brought; the one that put aside what the base was by what came of that, with all below it."""
    if aside is None:
        return tuple(each for commit in commits for each in look_at_commit(bot, commit))
    later = bot.git.first_parent_log(aside.sha, event.after, *LOOKED_AFTER)
    told = tuple(each for commit in later for each in look_at_commit(bot, commit))
    paths = guarded(bot, event.before, aside.sha)
    if not paths or any(is_approved(bot, each) for each in _merged(bot, aside.sha, None)):
        return told
    why = f"a push put aside {event.before[:7]}, which {bot.base} was"
    return (*told, *take_back(bot, Breach(event.before, aside, paths, why, is_rewrite=True)))


def _look_at_rewrite(bot: Bot, event: BranchPushed) -> tuple[FollowUp, ...] | None:
    """A forced push drops what the base held: what of it was guarded is asked for again. None: it dropped nothing."""
    if bot.git.is_ancestor(event.before, event.after):
        return None
    paths = guarded(bot, event.before, event.after)
    (commit,) = bot.git.log(None, event.after, limit=1)
    why = f"a forced push took {event.before[:7]} out of {bot.base}"
    return take_back(bot, Breach(event.before, commit, paths, why, is_rewrite=True)) if paths else None


def _merged(bot: Bot, sha: str, judged: PullRequest | None) -> list[PullRequest]:
    """What was merged into the base: one that is open, or went elsewhere, may hold a commit of another's."""
    known = {judged.number: judged} if judged is not None else {}
    found = [known.get(number) or bot.forge.pull_request(number) for number in {*known, *behind(bot, sha)}]
    for each in found:
        refuse_landing(each)
    merged = [each for each in found if each.state is PullRequestState.MERGED and each.base_ref == bot.base]
    return sorted(merged, key=lambda each: each.number)


def _once_it_is_sure(bot: Bot, breach: Breach) -> tuple[FollowUp, ...]:
    """A merge that the forge cannot name yet looks like a push: flagged at once, and taken back once it stays one."""
    told = announce(bot, breach)
    flag = bot.said_under(breach.commit.sha, bot.flag_context)
    if flag is None or flag.updated_at is None or bot.now() - flag.updated_at < NAMED_WITHIN:
        again = BranchPushed(bot.forge.repository, bot.base, breach.before, breach.commit.sha)
        return (*told, FollowUp(again, after=NAMED_WITHIN.total_seconds()))
    return (*told, *_taken_back(bot, breach))


def _taken_back(bot: Bot, breach: Breach) -> tuple[FollowUp, ...]:
    """What was there before is put back, so it must be known first that this is no breach itself."""
    refuse_unvetted(bot, base=breach.before, is_approved=partial(is_approved, bot), paths=breach.paths)
    return take_back(bot, breach)


def _whole(bot: Bot, breach: Breach) -> Breach:
    """All that the merge brought, where that can be told: a rebase lands several commits."""
    if breach.brought_by is None:
        return breach
    try:
        landing = landing_of(bot, breach.brought_by)
    except (NotAllowed, Unknown):
        return breach
    (commit,) = bot.git.log(None, landing.after, limit=1)
    paths = guarded(bot, landing.before, landing.after)
    return replace(breach, before=landing.before, commit=commit, paths=paths)


def _unasked(bot: Bot, paths: tuple[str, ...]) -> str:
    what = "a status" if all(is_status(path) for path in paths) else paths[0]
    return f"{what} was changed without a {bot.forge.words.noun}"


def _refused(bot: Bot, pull_request: PullRequest) -> str:
    landed = pull_request.merge_commit
    record = bot.said_under(landed, bot.record_context(pull_request.number)) if landed is not None else None
    because = f" ({record.description})" if record is not None else ""
    return f"{bot.forge.words.pull_request(pull_request.number)} was merged unapproved{because}"


def _look_again(bot: Bot, number: int) -> FollowUp:
    return FollowUp(PullRequestChanged(bot.forge.repository, number))
