"""A deploy is started: once, after one more look at everything that must hold."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from registrar.core.deploying import WEIGHTS, PlannedDeploy
from registrar.core.effects import MOST_ACTS, acted
from registrar.core.events import FollowUp, PullRequestChanged, StartDeploy
from registrar.core.layout import version_folder
from registrar.core.pull_requests import CommitStatus, Outcome, Run
from registrar.deploys import lines
from registrar.deploys.operations import Payload, operation_of, status_context, target_of
from registrar.errors import ForgeUnavailable, NotAllowed, RegistrarError, TokenRefused
from registrar.forges.looking import one_look
from registrar.handlers.bot import Bot
from registrar.handlers.failures import notice_failure, told_of_failures
from registrar.handlers.following import as_it_stands, run_behind, superseded
from registrar.handlers.judging import Judged, judge_merged
from registrar.handlers.merged import merge_time
from registrar.repository.snapshot import snapshot

_NEVER_SEEN = "it was asked for and never seen to run; look at the pipeline"
SHOWS_UP_WITHIN = timedelta(seconds=60)  # how long a run that was dispatched may take to be listed; an assumption


def start_deploy(event: StartDeploy, bot: Bot) -> tuple[FollowUp, ...]:
    """Start the pipeline unless it runs already, and say under the merged commit how that went.

    Raises `ForgeUnavailable` where the forge shows no reason for it any more: it did when this was asked for.
    """
    judged = judge_merged(bot, bot.forge.pull_request(event.number))
    planned = _planned(judged, event.operation)
    if planned is None or not judged.report.verdict.passed:
        raise ForgeUnavailable(f"{event.operation} was to be started, and the forge does not show that it may be")
    try:
        with one_look():  # a start cannot be undone
            said = _started(bot, judged, planned)
    except (ForgeUnavailable, TokenRefused):
        raise
    except RegistrarError as error:
        say = lines.refused if _was_never_begun(bot, judged, planned, event.operation) else lines.given_up
        said = say(status_context(planned), str(error))
    notice_failure(bot, judged.landing.after, said)
    told = told_of_failures(bot, judged, {planned: said})
    bot.forge.set_status(judged.landing.after, said)
    return (*told, FollowUp(PullRequestChanged(event.repository, event.number)))


def _planned(judged: Judged, operation: str) -> PlannedDeploy | None:
    number, commit = judged.pull_request.number, judged.landing.after
    keys = {operation_of(number, planned, commit=commit): planned for planned in judged.report.deploys}
    return keys.get(operation)


def _started(bot: Bot, judged: Judged, planned: PlannedDeploy) -> CommitStatus:
    change = planned.transition
    context = status_context(planned)
    why = superseded(bot, judged, change)
    if why:
        return CommitStatus(context, Outcome.FAILURE, f"not deployed: {why}")
    operation = operation_of(judged.pull_request.number, planned, commit=judged.landing.after)
    said = bot.said_under(judged.landing.after, context)
    run = run_behind(said, bot, planned, operation, since=merge_time(judged.pull_request))
    if run is None:
        run = _dispatched(bot, judged, planned, operation)
    if run is None:
        return CommitStatus(context, Outcome.PENDING, "asked for; its run is not listed yet")
    return as_it_stands(bot, judged, planned, run)


def _dispatched(bot: Bot, judged: Judged, planned: PlannedDeploy, operation: str) -> Run | None:
    """Intent first, then the act.

    An intent without a run may be a run that is not listed yet: wait, then act at most once more, and not at all where
    a run is there that may be it.
    """
    tried = _tried(bot, judged, planned, operation)
    if tried.acts and bot.now() - tried.at < SHOWS_UP_WITHIN:
        retry_at = tried.at + SHOWS_UP_WITHIN
        raise ForgeUnavailable("a deploy may have been started, and is looked for", retry_at=retry_at)
    if tried.acts >= MOST_ACTS:
        raise NotAllowed(_NEVER_SEEN)
    payload, target = _payload(bot, judged, planned), target_of(planned, bot.secrets)
    if tried.acts:
        _refuse_a_second(bot, planned, operation, since=tried.at)
    bot.forge.set_status(judged.landing.after, lines.starting(status_context(planned), again=tried.acts > 0))
    run = acted(bot.effects, operation, "deploy", lambda: bot.forge.start_pipeline(target, payload.inputs()))
    if run is not None:
        bot.effects.done(operation, run.url)
    return run


def _refuse_a_second(bot: Bot, planned: PlannedDeploy, operation: str, *, since: datetime) -> None:
    """Raises `NotAllowed` when what was asked for may have become a run that does not tell what it is for."""
    perhaps = bot.forge.perhaps_run(target_of(planned, bot.secrets), operation, since=since)
    if perhaps is not None:
        raise NotAllowed(f"look at the pipeline: {perhaps.url} may be it, and tells no key")


@dataclass(frozen=True, slots=True)
class Tried:
    """How often a deploy may have been started, and when that was last begun."""

    acts: int
    at: datetime


def _tried(bot: Bot, judged: Judged, planned: PlannedDeploy, operation: str) -> Tried:
    """By our line under the commit, which outlives every database, and by what is kept, which no forge shows late.

    What is kept also tells that a start was refused, and so was none. Raises `NotAllowed` once it was given up.
    """
    intent, kept = _intent(bot, judged.landing.after, planned), bot.effects.known(operation)
    if intent is not None and intent.outcome is not Outcome.PENDING:
        raise NotAllowed(_NEVER_SEEN)
    said_at = (intent.updated_at if intent is not None else None) or merge_time(judged.pull_request)
    said = _acts_said(intent)
    if kept is None:
        return Tried(said, said_at)
    # A database may have been lost after the first start, and then knows of the second alone.
    is_last = said >= MOST_ACTS or kept.result is not None
    return Tried(MOST_ACTS if is_last else kept.acts, max(said_at, bot.now() - kept.since))


def _was_never_begun(bot: Bot, judged: Judged, planned: PlannedDeploy, operation: str) -> bool:
    """Whether nothing can have been started: by our line, and where that tells of an intent, by what became of it."""
    said, kept = bot.said_under(judged.landing.after, status_context(planned)), bot.effects.known(operation)
    if kept is not None and (kept.acts or kept.result is not None):
        return False
    if said is None or any(claim(said) for claim in (lines.is_released, lines.is_waiting, lines.is_refused)):
        return True
    return kept is not None and said.outcome is Outcome.PENDING and _acts_said(said) < MOST_ACTS


def _acts_said(intent: CommitStatus | None) -> int:
    if intent is None:
        return 0
    return MOST_ACTS if intent.description == lines.STARTING_AGAIN or intent.url else 1


def _intent(bot: Bot, commit: str, planned: PlannedDeploy) -> CommitStatus | None:
    """What an earlier try left; a person's word is no try, nor what the other side refused.

    Raises `NotAllowed` while it waits for a word.
    """
    said = bot.said_under(commit, status_context(planned))
    released = said is not None and (lines.is_released(said) or lines.is_refused(said))
    if planned.rule.manual and (said is None or lines.is_waiting(said)):
        raise NotAllowed("nobody has said that it is time; write /registrar deploy")
    return None if released else said


def _payload(bot: Bot, judged: Judged, planned: PlannedDeploy) -> Payload:
    change = planned.transition
    weights = snapshot(bot.git, judged.landing.after).version(change.model, change.version).artifacts[WEIGHTS]
    return Payload(
        planned,
        commit=judged.landing.after,
        weights_path=f"{version_folder(change.model, change.version)}/{weights.path}",
        weights_hash=weights.hash,
        pull_request=judged.pull_request.number,
        approvers=tuple(person.login for person in judged.approved_by),
    )
