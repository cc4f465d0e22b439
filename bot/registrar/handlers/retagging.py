"""Tags that are lost are found, as those of what landed last are looked for in every sweep."""

from collections.abc import Iterable

from registrar.core.changes import transitions
from registrar.core.events import FollowUp, KeepTags
from registrar.core.gto import Merge, Tag, stage_tags, untagged
from registrar.core.layout import MODELS, model_of_path
from registrar.core.lifecycle import Transition
from registrar.errors import InvalidRegistry
from registrar.handlers.bot import Bot
from registrar.handlers.tagging import are_wanted
from registrar.repository.snapshot import Snapshot, snapshot
from registrar.repository.tags import fetched_tags


def lost_tags(bot: Bot, approved: Iterable[tuple[int, str]], *, tip: str) -> tuple[FollowUp, ...]:
    """What to look at again, of approved merges by number and commit, because a tag is not there that tells of them.

    It is told from git alone, so a merge that landed as several commits is looked at by its last.
    """
    if not are_wanted(bot, tip):
        return ()
    merges = [(number, merge) for number, sha in approved if (merge := _told_by_git(bot, sha)) is not None]
    models = sorted({model for _, merge in merges for model in merge.models})
    tags = fetched_tags(bot.git, *models) if models else ()
    return tuple(
        FollowUp(KeepTags(bot.forge.repository, number))
        for number, merge in merges
        if any(_is_untold(bot, merge, model, tags, tip) for model in merge.models)
    )


def _is_untold(bot: Bot, merge: Merge, model: str, tags: tuple[Tag, ...], tip: str) -> bool:
    if untagged(merge, model, tags):
        return True
    rules = snapshot(bot.git, bot.git.first_parent(merge.commit) or merge.commit).registry()
    later = {commit.sha for commit in bot.git.first_parent_log(merge.commit, tip, MODELS)}
    return bool(stage_tags(merge, model, rules=rules, tags=tags, later=later))


def _told_by_git(bot: Bot, sha: str) -> Merge | None:
    """What a commit of the base did, whoever asked for it; None where there were no tags yet, or no rules."""
    parent = bot.git.first_parent(sha)
    if parent is None or not are_wanted(bot, parent):
        return None
    before, after = snapshot(bot.git, parent), snapshot(bot.git, sha)
    models = sorted({model for file in bot.git.diff(parent, sha) if (model := model_of_path(file.path)) is not None})
    try:
        moves = tuple(move for model in models for move in _moves(before, after, model))
    except InvalidRegistry:
        return None
    added = tuple((model, each) for model in models for each in _added(before, after, model))
    (commit,) = bot.git.log(None, sha, limit=1)
    return Merge("", "", sha, commit.committer.at, moves, added)


def _moves(before: Snapshot, after: Snapshot, model: str) -> tuple[Transition, ...]:
    initial = before.registry().initial
    return transitions(model, before.holdings(model), after.holdings(model), initial=initial)


def _added(before: Snapshot, after: Snapshot, model: str) -> tuple[str, ...]:
    known = before.versions(model)
    return tuple(version for version in after.versions(model) if version not in known)
