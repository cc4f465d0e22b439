"""`/registrar deploy`: what waits for a person, or could not be started, is started because one has asked for it."""

from registrar.core.deploying import PlannedDeploy
from registrar.core.events import FollowUp, PullRequestChanged, StartDeploy
from registrar.core.people import Person
from registrar.core.pull_requests import PullRequestState
from registrar.deploys import lines
from registrar.deploys.operations import operation_of, status_context, target_of
from registrar.errors import ForgeUnavailable, NotAllowed, Unknown
from registrar.forges.looking import one_look
from registrar.handlers.bot import Bot
from registrar.handlers.following import run_behind, superseded
from registrar.handlers.judging import Judged, judge_merged
from registrar.handlers.merged import merge_time


def release_deploys(bot: Bot, number: int, *, by: Person) -> tuple[int, tuple[FollowUp, ...]]:
    """Start each deploy of a merged pull request that waits or was refused; how many, and what to look at next.

    Raises `NotAllowed` where nothing may be deployed, and `Unknown` where nothing waits.
    """
    pull_request = bot.forge.pull_request(number)
    name = f"{bot.forge.words.noun} {bot.forge.words.pull_request(number)}"
    if pull_request.state is not PullRequestState.MERGED or pull_request.base_ref != bot.base:
        raise NotAllowed(f"{name} is not merged into {bot.base}, so there is nothing to deploy yet")
    judged = judge_merged(bot, pull_request)
    if not judged.report.verdict.passed:
        raise NotAllowed(f"{name} is not deployed: {judged.report.verdict.reason}")
    starts = [each for planned in judged.report.deploys for each in _released(bot, judged, planned, by=by)]
    if not starts:
        raise Unknown(f"no deploy of {name} waits for anybody")
    return len(starts), (*starts, FollowUp(PullRequestChanged(bot.forge.repository, number)))


def _released(bot: Bot, judged: Judged, planned: PlannedDeploy, *, by: Person) -> tuple[FollowUp, ...]:
    commit, number, context = judged.landing.after, judged.pull_request.number, status_context(planned)
    operation = operation_of(number, planned, commit=commit)
    said = bot.said_under(commit, context)
    if said is not None and lines.has_a_run_that_waits(said):
        with one_look():  # a start cannot be undone
            _resumed(bot, judged, planned, operation)
        return (FollowUp(PullRequestChanged(bot.forge.repository, number)),)
    if said is None or not any(claim(said) for claim in (lines.is_waiting, lines.is_released, lines.is_refused)):
        return ()
    if not lines.is_released(said):
        said = lines.released(context, by=by, at=bot.now())
        bot.forge.set_status(commit, said)
    return (lines.start(StartDeploy(bot.forge.repository, number, operation), said),)


def _resumed(bot: Bot, judged: Judged, planned: PlannedDeploy, operation: str) -> None:
    why = superseded(bot, judged, planned.transition)
    if why:
        raise NotAllowed(f"not deployed: {why}")
    target = target_of(planned, bot.secrets)
    said = bot.said_under(judged.landing.after, status_context(planned))
    run = run_behind(said, bot, planned, operation, since=merge_time(judged.pull_request))
    if run is None:
        raise ForgeUnavailable("a run that waits is not listed at the moment")
    resumed = bot.forge.resume_run(target, run) if run.waits else run
    bot.forge.set_status(judged.landing.after, lines.running(status_context(planned), resumed))
