"""A pull request is looked at again: what it changes is judged, the comment and the status say so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from registrar import rendering
from registrar.core.evaluation import evaluate
from registrar.core.events import FollowUp, PullRequestChanged
from registrar.core.pull_requests import CommitStatus, Outcome, PullRequest, PullRequestState
from registrar.core.reports import Kind, Report
from registrar.core.verdicts import VerdictState, all_of, failed
from registrar.errors import InvalidRegistry
from registrar.forges.looking import asked_anew
from registrar.handlers.bot import Bot
from registrar.handlers.gathering import gather
from registrar.handlers.interventions import carry, interventions_of
from registrar.handlers.landed import look_at_merge
from registrar.handlers.landing import refuse_landing
from registrar.handlers.merged import TOPIC, look_after_merged
from registrar.handlers.races import clear_branch, look_at_losers, settle_race
from registrar.handlers.rejection import close_rejected, heed, is_ours

OUTCOMES = {
    VerdictState.PASSED: Outcome.SUCCESS,
    VerdictState.WAITING: Outcome.PENDING,
    VerdictState.FAILED: Outcome.FAILURE,
}


def look_at_pull_request(event: PullRequestChanged, bot: Bot) -> tuple[FollowUp, ...]:
    """Make comment and status say what is true of the pull request now."""
    bot.base_tip()  # read first: one that is still open after that is not in it, and not judged as no change at all
    pull_request = bot.forge.pull_request(event.number)
    if pull_request.base_ref != bot.base:
        return ()
    refuse_landing(pull_request)
    match pull_request.state:
        case PullRequestState.OPEN:
            return _look_at_open(bot, pull_request, event)
        case PullRequestState.MERGED:
            return _look_at_merged(bot, pull_request)
        case PullRequestState.CLOSED:
            return _look_at_closed(bot, pull_request)


def _look_at_open(bot: Bot, pull_request: PullRequest, event: PullRequestChanged) -> tuple[FollowUp, ...]:
    base = bot.base_tip()
    try:
        facts, told = heed(bot, pull_request, gather(bot, pull_request, base=base), base=base)
    except InvalidRegistry as error:
        # The base itself is broken: nothing can be judged until it is mended, and saying where is the mend.
        stood = interventions_of(bot, pull_request)
        for each in (stood.hold, stood.rejection):
            carry(bot, pull_request, each)
        verdict = all_of("base", [failed(problem.path, str(problem)) for problem in error.problems])
        _say(bot, pull_request, Report(Kind.INVALID, verdict, problems=error.problems))
        return ()
    carry(bot, pull_request, facts.hold)
    report = evaluate(facts)
    _say(bot, pull_request, report)
    if close_rejected(bot, pull_request, facts):
        return told  # what is turned down races no more
    return (*told, *settle_race(bot, pull_request, facts, report), *_when_time_changes_it(event, report, now=facts.now))


def _when_time_changes_it(event: PullRequestChanged, report: Report, *, now: datetime) -> Iterator[FollowUp]:
    """Look again when a freeze begins or ends, or a version has held its status long enough."""
    if report.look_again is not None:
        name = f"time:{event.work_key}:{report.look_again.isoformat()}"
        yield FollowUp(event, after=(report.look_again - now).total_seconds(), once=name)


def _look_at_merged(bot: Bot, pull_request: PullRequest) -> tuple[FollowUp, ...]:
    """Its deploys first; then, by how it was judged, what nobody approved is taken back, and losers are told."""
    _see_it_land(bot, pull_request)
    deploys = look_after_merged(bot, pull_request)
    breaches = look_at_merge(bot, pull_request)
    clear_branch(bot, pull_request)
    return (*deploys, *breaches, *look_at_losers(bot, pull_request))


def _see_it_land(bot: Bot, pull_request: PullRequest) -> None:
    """The base was read before the request, which may have been merged in between."""
    landed = pull_request.merge_commit
    is_there = landed is not None and bot.git.contains(landed) and bot.git.is_ancestor(landed, bot.base_tip())
    if not is_there:
        with asked_anew():
            bot.base_tip()


def _look_at_closed(bot: Bot, pull_request: PullRequest) -> tuple[FollowUp, ...]:
    """One that was turned down may be taken back, and may have a branch left."""
    rejection = interventions_of(bot, pull_request).rejection if is_ours(bot, pull_request) else None
    if rejection is None or not rejection.stands:
        return ()
    base = bot.base_tip()
    try:
        facts, told = heed(bot, pull_request, gather(bot, pull_request, base=base), base=base)
    except InvalidRegistry:
        return ()  # whether it was taken back cannot be judged before the base is mended: until then it stands
    close_rejected(bot, pull_request, facts)
    return told


def _say(bot: Bot, pull_request: PullRequest, report: Report) -> None:
    url, number = pull_request.url, pull_request.number
    status = CommitStatus(
        bot.status_context, OUTCOMES[report.verdict.state], rendering.status_description(report.verdict), url
    )
    is_there = bot.forge.has_comment(number, TOPIC)
    if not is_there and _was_deleted(bot, pull_request, status):
        return
    if report.kind is not Kind.NOTHING or is_there:
        url = bot.forge.keep_comment(number, TOPIC, rendering.comment(report))
    bot.forge.set_status(pull_request.head_sha, replace(status, url=url))


def _was_deleted(bot: Bot, pull_request: PullRequest, status: CommitStatus) -> bool:
    """Whether a comment said the same, and a person took it away: our status leads to where it was.

    It comes back when there is something else to say. A bot that remembers what it wrote knows that better.
    """
    said = bot.said_under(pull_request.head_sha, status.context)
    if said is None or said.url in {"", status.url} or said.outcome is not status.outcome:
        return False
    begins = said.description.removesuffix("…")  # a forge takes so much of it
    return status.description.startswith(begins) and (begins != said.description or begins == status.description)
