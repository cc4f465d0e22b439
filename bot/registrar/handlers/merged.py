"""A merged pull request is looked after: its deploys are asked for, followed, and told of in the comment."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from registrar import rendering
from registrar.core.deploying import PlannedDeploy
from registrar.core.events import FollowUp, PullRequestChanged, StartDeploy
from registrar.core.pull_requests import CommitStatus, Outcome, PullRequest
from registrar.core.reports import Kind
from registrar.deploys import lines
from registrar.deploys.operations import operation_of, status_context
from registrar.handlers.bot import Bot
from registrar.handlers.failures import notice_failure, told_of_failures
from registrar.handlers.following import as_it_stands, run_behind
from registrar.handlers.judging import Judged, judge_merged
from registrar.handlers.landing import CannotBeJudged
from registrar.handlers.recording import record
from registrar.handlers.tagging import tags_to_keep
from registrar.rendering import DeployState

TOPIC = "verdict"
LOOK_AGAIN = timedelta(seconds=15)  # the application's webhooks are faster; this is for when they do not come
LOOK_AGAIN_AT_MOST = timedelta(minutes=10)  # for a deploy that takes hours: a look costs some fifteen requests
UNCONFIRMED_AFTER = timedelta(minutes=10)


def look_after_merged(bot: Bot, pull_request: PullRequest) -> tuple[FollowUp, ...]:
    """Ask for every deploy that the merge calls for, and say how each stands."""
    if bot.said_under(pull_request.head_sha, bot.status_context) is None:
        return ()  # no bot looked at it before the merge: an old one is not deployed because somebody edits its title
    try:
        judged = judge_merged(bot, pull_request)
    except CannotBeJudged as error:
        _say_it_cannot_be_judged(bot, pull_request, str(error))
        return ()
    if judged.report.kind is Kind.NOTHING:
        return ()
    planned = judged.report.deploys if judged.report.verdict.passed else ()
    said = {deploy: _brought_up_to_date(bot, judged, deploy) for deploy in planned}
    states = [_state(deploy, status) for deploy, status in said.items()]
    if not judged.is_recorded:  # before the ledger is, which tells for good how it was judged
        _say_how_it_was_judged(bot, judged, states, ended=False)
    unwritten = record(bot, judged, said)
    ended = not unwritten and all(state.outcome is not Outcome.PENDING for state in states)
    _say_how_it_was_judged(bot, judged, states, ended=ended, unwritten=unwritten)
    told = told_of_failures(bot, judged, said)
    return (*_follow_ups(bot, judged, said), *tags_to_keep(bot, judged), *told)


def merge_time(pull_request: PullRequest) -> datetime:
    """No run of its deploys is older than the merge."""
    if pull_request.merged_at is None:
        raise AssertionError(f"{pull_request.url} is merged, at no time")
    return pull_request.merged_at


def _say_it_cannot_be_judged(bot: Bot, pull_request: PullRequest, why: str) -> None:
    bot.forge.keep_comment(pull_request.number, TOPIC, rendering.unjudged_comment(why))
    if pull_request.merge_commit is not None:
        said = CommitStatus(bot.record_context(pull_request.number), Outcome.FAILURE, why)
        bot.forge.set_status(pull_request.merge_commit, said)


def _say_how_it_was_judged(
    bot: Bot, judged: Judged, states: Sequence[DeployState], *, ended: bool, unwritten: str = ""
) -> None:
    """In the comment, and under the commit that landed, where whoever looks at the base finds it.

    Pending until every deploy has ended and the ledger tells of it: a sweep looks again at what is, should the inbox
    have been lost meanwhile.
    """
    comment = rendering.merged_comment(judged.report, states, unwritten=unwritten)
    url = bot.forge.keep_comment(judged.pull_request.number, TOPIC, comment)
    verdict = judged.report.verdict
    outcome = (Outcome.SUCCESS if ended else Outcome.PENDING) if verdict.passed else Outcome.FAILURE
    number, after = judged.pull_request.number, judged.landing.after
    said = CommitStatus(bot.record_context(number), outcome, rendering.status_description(verdict), url)
    bot.forge.set_status(after, said)


def _brought_up_to_date(bot: Bot, judged: Judged, planned: PlannedDeploy) -> CommitStatus | None:
    """Our own line under the merged commit, with what its run says now; None: the deploy was not asked for yet."""
    context = status_context(planned)
    said = bot.said_under(judged.landing.after, context)
    if said is None and planned.rule.manual:
        said = lines.waiting(context)
        bot.forge.set_status(judged.landing.after, said)
    if said is None or said.outcome is not Outcome.PENDING or lines.is_waiting(said) or lines.is_released(said):
        return said
    operation = operation_of(judged.pull_request.number, planned, commit=judged.landing.after)
    run = run_behind(said, bot, planned, operation, since=merge_time(judged.pull_request))
    if run is not None:
        said = as_it_stands(bot, judged, planned, run)
    elif said.updated_at is not None and bot.now() - said.updated_at > UNCONFIRMED_AFTER:
        missing = "asked for, but no run has appeared; look at the pipeline"
        said = replace(said, outcome=Outcome.FAILURE, description=missing)
    notice_failure(bot, judged.landing.after, said)
    bot.forge.set_status(judged.landing.after, said)
    return said


def _state(planned: PlannedDeploy, said: CommitStatus | None) -> DeployState:
    if said is None:
        return DeployState(planned, Outcome.PENDING, "asked for")
    waits = lines.is_waiting(said) or lines.has_a_run_that_waits(said)
    return DeployState(planned, said.outcome, said.description, said.url, waits=waits)


def _follow_ups(bot: Bot, judged: Judged, said: dict[PlannedDeploy, CommitStatus | None]) -> Iterator[FollowUp]:
    repository, number = bot.forge.repository, judged.pull_request.number
    for planned, status in said.items():
        operation = operation_of(number, planned, commit=judged.landing.after)
        if status is None or lines.is_released(status) or _is_left_behind(bot, operation, status):
            yield lines.start(StartDeploy(repository, number, operation), status)
    if any(status is None or _moves(status) for status in said.values()):
        age = bot.now() - merge_time(judged.pull_request)
        after = min(max(age / 4, LOOK_AGAIN), LOOK_AGAIN_AT_MOST)
        yield FollowUp(PullRequestChanged(repository, number), after=after.total_seconds())


def _is_left_behind(bot: Bot, operation: str, said: CommitStatus) -> bool:
    """Whether somebody who is gone was about to start it: whoever is there knows what it has begun."""
    return lines.is_starting(said) and bot.effects.known(operation) is None


def _moves(said: CommitStatus) -> bool:
    """Whether it goes on by itself: what waits for a person is looked at again when one speaks."""
    return said.outcome is Outcome.PENDING and not lines.is_waiting(said)
