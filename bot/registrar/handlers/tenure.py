"""Since when versions hold their statuses, as the forge shows it: by the merges that gave them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from registrar.core.candidates import makes_room, rests_on
from registrar.core.evaluation_facts import ModelChange
from registrar.core.layout import version_folder
from registrar.core.pull_requests import PullRequestState
from registrar.errors import Unknown
from registrar.handlers.bot import Bot
from registrar.handlers.breaches import is_flagged
from registrar.repository.history import history
from registry_schema import Registry


def entered(
    bot: Bot, rules: Registry, changes: Iterable[ModelChange], *, base: str
) -> Mapping[tuple[str, str], datetime]:
    """When each version got the status that it is to leave for one that asks how long it has held it."""
    found = {}
    for change in changes:
        for move in change.transitions(rules):
            if not move.keeps_status and move.after in rules.statuses and rules.statuses[move.after].soak is not None:
                since = _merged_at(bot, given_by(bot, rules, move.model, move.version, move.before, base=base))
                if since is not None:
                    found[move.model, move.version] = since
    return found


def unapproved(
    bot: Bot, rules: Registry, changes: Iterable[ModelChange], *, base: str
) -> Mapping[tuple[str, str], str]:
    """Of what promotions rest on, the versions that hold their status by a step that nobody approved, and that step."""
    found = {}
    for change in changes:
        for move in change.transitions(rules):
            if move.keeps_status or move.after not in rules.statuses or makes_room(rules, move):
                continue
            for version, status in rests_on(rules, change, move):
                sha = given_by(bot, rules, change.name, version, status, base=base)
                if sha is not None and is_flagged(bot, sha):
                    found[change.name, version] = sha
    return found


def given_by(bot: Bot, rules: Registry, model: str, version: str, status: str, *, base: str) -> str | None:
    """The commit of the base that gave the version the status it holds there.

    One that was never moved has it since it is there; None when it holds another.
    """
    for entry in history(bot.git, base, model):
        for move in entry.transitions:
            if move.version == version and not move.keeps_status:
                return entry.commit.sha if move.after == status else None
    if status != rules.initial:
        return None
    log = bot.git.first_parent_log(None, base, version_folder(model, version))
    return log[-1].sha if log else None


def _merged_at(bot: Bot, sha: str | None) -> datetime | None:
    """When the forge merged the pull request that brought the commit to the base; of several, the last."""
    if sha is None:
        return None
    try:
        numbers = bot.forge.pull_requests_of_commit(sha)
    except Unknown:
        return None
    behind = (bot.forge.pull_request(number) for number in numbers)
    merges = (each for each in behind if each.state is PullRequestState.MERGED and each.base_ref == bot.base)
    return max((each.merged_at for each in merges if each.merged_at is not None), default=None)
