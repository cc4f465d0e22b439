"""The run of a deploy is found again, and what it runs for may have been taken back meanwhile."""

from dataclasses import replace
from datetime import datetime

from registrar.core.deploying import PlannedDeploy
from registrar.core.lifecycle import Transition
from registrar.core.pull_requests import CommitStatus, Outcome, Run
from registrar.deploys import lines
from registrar.deploys.operations import status_context, target_of
from registrar.forges.looking import asked_anew
from registrar.handlers.bot import Bot
from registrar.handlers.judging import Judged
from registrar.handlers.tenure import given_by
from registrar.repository.snapshot import snapshot


def run_behind(
    said: CommitStatus | None, bot: Bot, planned: PlannedDeploy, operation: str, *, since: datetime
) -> Run | None:
    """The run as the forge named it when it was started, by our own line or by what is kept; else by its key.

    A pipeline need not tell the key, and a rule with a trigger token may keep the bot from seeing it.
    """
    target = target_of(planned, bot.secrets)
    kept = bot.effects.known(operation)
    address = (said.url if said is not None else "") or (kept.result if kept is not None else None)
    known = bot.forge.run(target, address) if address else None
    return known or bot.forge.find_run(target, operation, since=since)


def as_it_stands(bot: Bot, judged: Judged, planned: PlannedDeploy, run: Run) -> CommitStatus:
    """Our line of a run, with why it may have failed: an application deploys nothing after what was promoted later."""
    said = lines.running(status_context(planned), run)
    if said.outcome is not Outcome.FAILURE:
        return said
    with asked_anew():  # it may have ended after the base was looked at
        why = superseded(bot, judged, planned.transition)
    return replace(said, description=f"{said.description}: {why}") if why else said


def superseded(bot: Bot, judged: Judged, change: Transition) -> str:
    """Why the merge does not say any more what is to run: what came back to a status later did so by another word."""
    tip = snapshot(bot.git, bot.base_tip())
    if change.version not in tip.holdings(change.model).holders_of(change.after):
        return f"{change.version} does not hold {change.after} any more"
    given = given_by(bot, judged.facts.registry, change.model, change.version, change.after, base=tip.commit)
    if given is None or not bot.git.is_ancestor(given, judged.landing.after):
        by = f", and has it again by {given[:7]}" if given is not None else ""
        return f"{change.version} has lost {change.after} since{by}"
    return ""
