"""Everything an evaluation rests on, read from git and the forge into one frozen value."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from registrar.core.approval_facts import ApprovalFacts
from registrar.core.evaluation_facts import EvaluationFacts, ModelChange
from registrar.core.paths import is_guarded, is_looked_after, is_status
from registrar.core.pull_requests import Contributors, Outcome, PullRequest
from registrar.errors import ForgeUnavailable, InvalidRegistry
from registrar.handlers.bot import Bot
from registrar.handlers.breaches import restored, tampering, was_given
from registrar.handlers.glass import glass_of
from registrar.handlers.interventions import interventions_of
from registrar.handlers.overtaken import with_overtakings
from registrar.handlers.owners import other_owners_before, owners_of
from registrar.handlers.requesters import asked_for, requester_of
from registrar.handlers.tenure import entered, unapproved
from registrar.repository.history import held_before
from registrar.repository.model_changes import model_changes
from registrar.repository.snapshot import snapshot
from registry_schema import Problem

NOBODY = Contributors(people=(), unknown=())


def gather(bot: Bot, pull_request: PullRequest, *, base: str) -> EvaluationFacts:
    """Read what the pull request changes and who stands behind it; rules and owners come from the commit `base`."""
    fork = fork_point(bot, pull_request, base=base)
    head = snapshot(bot.git, pull_request.head_sha)
    files = bot.git.diff(fork, head.commit)
    ours = [file.path for file in files if is_looked_after(file.path)]
    problems = head.problems(ours) if ours else ()
    stepped_in = interventions_of(bot, pull_request)
    before, tip = snapshot(bot.git, fork), snapshot(bot.git, base)
    changes = (
        ()
        if problems
        else with_overtakings(
            bot, model_changes(ours, fork=before, base=tip, head=head), fork=fork, head=head.commit, base=base
        )
    )
    put_back = restored(bot, files, base=base)
    tampered, judged_by = _sound_rules(bot, ours, put_back, base=base)
    rules = snapshot(bot.git, judged_by).registry()
    return EvaluationFacts(
        registry=rules,
        models=changes,
        files=files,
        held_before=_held_before(bot, base, changes),
        approvals=_approvals(bot, pull_request, ours, fork=fork, base=judged_by),
        problems=problems,
        draft=pull_request.is_draft,
        now=pull_request.merged_at or bot.now(),
        glass=glass_of(bot, pull_request, stepped_in.glass, rules),
        hold=stepped_in.hold,
        rejection=stepped_in.rejection,
        entered=entered(bot, rules, changes, base=base),
        restored=put_back,
        tampered=tampered,
        moved=tuple(_moved(bot, ours, fork=fork, head=head.commit, base=base)),
        unapproved=unapproved(bot, rules, changes, base=base),
    )


def fork_point(bot: Bot, pull_request: PullRequest, *, base: str) -> str:
    """Where the branch of the pull request left the base.

    Raises `ForgeUnavailable` when the forge announces a head that git cannot fetch yet: asking again is right; and
    `InvalidRegistry` when the branch has nothing in common with the base.
    """
    bot.fetch_head(pull_request)
    if not bot.git.contains(pull_request.head_sha):
        raise ForgeUnavailable(f"git does not have {pull_request.head_sha[:7]} of {pull_request.url} yet")
    fork = bot.git.merge_base(base, pull_request.head_sha)
    if fork is None:
        raise InvalidRegistry([Problem("branch", 0, f"shares no history with {bot.base}", f"branch off {bot.base}")])
    return fork


def _held_before(bot: Bot, base: str, changes: Iterable[ModelChange]) -> Mapping[tuple[str, str], frozenset[str]]:
    """What only a step gave that nobody approved was never held: a return to it would be a way past the gates."""
    held: dict[tuple[str, str], frozenset[str]] = {}
    for change in changes:
        if change.before == change.after:
            continue
        for version, statuses in held_before(bot.git, base, change.name).items():
            after = change.after.status_of(version)
            comes_back = after is not None and after in statuses and after != change.before.status_of(version)
            if after is not None and comes_back and not was_given(bot, change.name, version, after, base=base):
                held[change.name, version] = statuses - {after}
            else:
                held[change.name, version] = statuses
    return held


def _sound_rules(
    bot: Bot, changed: Iterable[str], put_back: Collection[str], *, base: str
) -> tuple[Mapping[str, str], str]:
    """Which rules stand as nobody approved them, and the commit to judge by.

    What only puts back is how the rules become sound again: it is judged by those of before they were not.
    """
    guarded = [path for path in changed if is_guarded(path)]
    found = tampering(bot, base=base) if guarded else None
    if found is None:
        return {}, base
    return ({}, found.before) if all(path in put_back for path in guarded) else (found.commits, base)


def _moved(bot: Bot, changed: Iterable[str], *, fork: str, head: str, base: str) -> Iterator[str]:
    """What git would merge line by line, so that what landed is nothing that anybody saw."""
    for path in (each for each in changed if is_guarded(each) and not is_status(each)):
        now = bot.git.entry(base, path)
        if now not in (bot.git.entry(fork, path), bot.git.entry(head, path)):
            yield path


def _approvals(bot: Bot, pull_request: PullRequest, changed: Sequence[str], *, fork: str, base: str) -> ApprovalFacts:
    """People are looked up only where a path needs them: a registration costs the forge nothing."""
    paths = [path for path in changed if is_guarded(path)]
    owners, unowned, problems = owners_of(bot, paths, base=base) if paths else ({}, {}, ())
    began = fork if bot.git.is_ancestor(fork, base) else base
    owners_before = other_owners_before(bot, owners, fork=began, base=base)
    return ApprovalFacts(
        head_sha=pull_request.head_sha,
        base_ref=bot.base,
        base_sha=base,
        requester=requester_of(bot, pull_request, fork=fork) if paths else pull_request.author,
        author=pull_request.author,
        contributors=_contributors(bot, pull_request, fork=fork) if paths else NOBODY,
        bot=bot.forge.myself(),
        owners=owners,
        reviews=bot.forge.reviews(pull_request.number) if paths else (),
        unowned=unowned,
        problems=problems,
        merged_at=_last_moment(bot, pull_request),
        owners_before=owners_before,
        fork=began if owners_before else None,
    )


def _contributors(bot: Bot, pull_request: PullRequest, *, fork: str) -> Contributors:
    told = bot.forge.contributors(pull_request.number)
    others = asked_for(bot, pull_request, fork=fork)
    return replace(told, people=tuple({each.id: each for each in (*told.people, *others)}.values()))


def _last_moment(bot: Bot, pull_request: PullRequest) -> datetime | None:
    """Until when a review counts. Forges tell whole seconds: one in the second of the merge may have come after it.

    It counts when we ourselves had turned the head green by then; else in doubt it does not.
    """
    merged_at = pull_request.merged_at
    if merged_at is None or _was_green(bot, pull_request, by=merged_at):
        return merged_at
    return merged_at - timedelta(seconds=1)


def _was_green(bot: Bot, pull_request: PullRequest, *, by: datetime) -> bool:
    """By what we had said then: a look that began before the merge may say something else after it."""
    said = bot.said_under(pull_request.head_sha, bot.status_context, by=by)
    return said is not None and said.outcome is Outcome.SUCCESS
