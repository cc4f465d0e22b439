"""The run of a deploy is found again."""

from datetime import datetime

from registrar.core.deploying import PlannedDeploy
from registrar.core.pull_requests import CommitStatus, Run
from registrar.deploys.operations import target_of
from registrar.handlers.bot import Bot


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
