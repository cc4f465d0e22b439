"""A merged pull request judged: on what really landed, by the rules, owners and reviews of before the merge, once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Final

from registrar.core.approvals import approved_by
from registrar.core.evaluation import evaluate, guarded_paths
from registrar.core.evaluation_facts import EvaluationFacts
from registrar.core.layout import version_folder
from registrar.core.paths import RULES, is_guarded
from registrar.core.people import Person
from registrar.core.pull_requests import CommitStatus, Outcome, PullRequest
from registrar.core.reports import Kind, Report
from registrar.core.verdicts import Verdict, all_of, failed, passed
from registrar.errors import ForgeUnavailable, NotAllowed, Unknown
from registrar.handlers.bot import Bot
from registrar.handlers.breaches import guarded
from registrar.handlers.gathering import gather
from registrar.handlers.landing import Landing, landing_of
from registrar.handlers.vetting import refuse_unvetted

NONE: Final[frozenset[int]] = frozenset()
TOLD_WITHIN = timedelta(minutes=2)  # what a forge may take to list who pushed


@dataclass(frozen=True, slots=True)
class Judged:
    """A merged pull request, where it landed, what is to be said of it, by which facts, and whose approval counted."""

    pull_request: PullRequest
    landing: Landing
    report: Report
    facts: EvaluationFacts
    approved_by: tuple[Person, ...]
    is_recorded: bool  # before this look at it


def judge_merged(bot: Bot, pull_request: PullRequest, *, within: frozenset[int] = NONE) -> Judged:
    """Judge it, or tell how it was judged when it landed: rights, reviews and owners of later change nothing.

    Raises `Unknown` when the base does not hold what the forge calls merged, `NotAllowed` when it cannot be told where
    it landed, and `ForgeUnavailable` while the forge does not tell yet who pushed, or by whom the rules stand. `within`
    numbers those that are judged already, and wait for this.
    """
    landing = landing_of(bot, pull_request)
    record = bot.said_under(landing.after, bot.record_context(pull_request.number))
    if not (record and record.url):
        _refuse_unvetted(bot, landing, within=within | {pull_request.number})  # before anything is read by it
    facts = gather(bot, pull_request, base=landing.before)
    report = evaluate(facts)
    if report.kind is Kind.NOTHING:
        record = None
    else:
        report = _judged(bot, pull_request, landing, report)  # what landed is looked at each time: the ledger tells it
        report = _recorded(report, record) if record and record.url else report
        _refuse_haste(bot, pull_request, facts, report)
    return Judged(
        pull_request,
        landing,
        report,
        facts,
        approved_by(facts.approvals, guarded_paths(facts)),
        is_recorded=record is not None and bool(record.url),
    )


def _refuse_unvetted(bot: Bot, landing: Landing, *, within: frozenset[int]) -> None:
    """Neither the rules nor what it changes may stand by something that is still to be flagged."""
    changed = {path for path in guarded(bot, landing.before, landing.after) if is_guarded(path)}
    if changed:
        asked = partial(is_approved, bot, within=within)
        refuse_unvetted(bot, base=landing.before, is_approved=asked, paths=RULES | changed)


def was_approved(bot: Bot, pull_request: PullRequest) -> bool | None:
    """By our record; None while there is none."""
    landed = pull_request.merge_commit
    record = bot.said_under(landed, bot.record_context(pull_request.number)) if landed is not None else None
    return None if record is None else record.outcome is not Outcome.FAILURE


def would_be_approved(bot: Bot, pull_request: PullRequest, *, within: frozenset[int] = NONE) -> bool:
    """By what can be seen now; what waits to be judged by this itself proves nothing."""
    if pull_request.number in within:
        return False
    try:
        report = judge_merged(bot, pull_request, within=within).report
    except (NotAllowed, Unknown):
        return False
    return report.kind is not Kind.NOTHING and report.verdict.passed


def is_approved(bot: Bot, pull_request: PullRequest, *, within: frozenset[int] = NONE) -> bool:
    """By our record, or else by what can be seen."""
    word = was_approved(bot, pull_request)
    return would_be_approved(bot, pull_request, within=within) if word is None else word


def _judged(bot: Bot, pull_request: PullRequest, landing: Landing, report: Report) -> Report:
    live = report.verdict.children or (report.verdict,)
    versions = _versions_unaltered(bot, pull_request, landing, report)
    whole = all_of(report.verdict.name, [*live, landing.verdict, *versions])
    return replace(report, verdict=replace(whole, reason=report.verdict.reason) if whole.passed else whole)


def _recorded(report: Report, record: CommitStatus) -> Report:
    """The record is our own line under the commit that landed; one without an address is a flag, not a judgement."""
    had_passed = record.outcome is not Outcome.FAILURE
    if had_passed is report.verdict.passed:
        return report
    name = report.verdict.name
    if had_passed:
        return replace(report, verdict=all_of(name, [passed("record", f"when it landed: {record.description}")]))
    return replace(report, verdict=all_of(name, [failed("record", record.description)]))


def _versions_unaltered(bot: Bot, pull_request: PullRequest, landing: Landing, report: Report) -> Iterator[Verdict]:
    """The facts of what is deployed, and so its weights, are those that the approvers saw."""
    for planned in report.deploys:
        folder = version_folder(planned.transition.model, planned.transition.version)
        seen, merged = (bot.git.entry(sha, folder) for sha in (pull_request.head_sha, landing.after))
        if seen != merged:
            yield failed(folder, f"{folder} was altered on {bot.base} meanwhile; restore it, and ask again")


def _refuse_haste(bot: Bot, pull_request: PullRequest, facts: EvaluationFacts, report: Report) -> None:
    """A refusal is recorded for good, so it must not rest on what the forge has only not told yet."""
    merged_at = pull_request.merged_at
    unknown = facts.approvals.contributors.unknown
    if unknown and not report.verdict.passed and merged_at is not None and bot.now() - merged_at < TOLD_WITHIN:
        raise ForgeUnavailable(f"the forge does not tell yet who {unknown[0]} is")
