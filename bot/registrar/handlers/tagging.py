"""What a merge did is told in GTO's words: by tags that are made once and never moved."""

import json
from collections.abc import Collection

from registrar.core.deploying import WEIGHTS
from registrar.core.events import FollowUp, KeepTags
from registrar.core.gto import Merge, moment, registration, stage_tags, untagged, version_tag
from registrar.core.layout import version_folder, version_path
from registrar.core.pull_requests import PullRequestState
from registrar.errors import InvalidRegistry, PushRejected
from registrar.handlers.bot import Bot
from registrar.handlers.judging import Judged, judge_merged
from registrar.repository.changesets import commit_change
from registrar.repository.commit_log import Commit, Signature
from registrar.repository.snapshot import snapshot
from registrar.repository.tags import fetched_tags, push_tag
from registry_schema import Registry

DVC_FILE = "dvc.yaml"
TRIES = 5  # each one lost is a tag of the model that somebody else has made


def tags_to_keep(bot: Bot, judged: Judged) -> tuple[FollowUp, ...]:
    """What to look at next so that the merge gets its tags, where the rules of before it want any.

    A piece of work of its own: what cannot be tagged stops no deploy. A merge that was refused gets no tag.
    """
    if not judged.report.verdict.passed or not are_wanted(bot, judged.landing.before):
        return ()
    if not _merge(bot, judged).models:
        return ()
    number = judged.pull_request.number
    return (FollowUp(KeepTags(bot.forge.repository, number), once=f"tags:{number}:{judged.landing.after}"),)


def keep_tags(event: KeepTags, bot: Bot) -> tuple[FollowUp, ...]:
    """Make the tags of a merge that are not there, after one more look at how it was judged."""
    pull_request = bot.forge.pull_request(event.number)
    if pull_request.state is not PullRequestState.MERGED or pull_request.base_ref != bot.base:
        return ()
    judged = judge_merged(bot, pull_request)
    if not judged.report.verdict.passed:
        return ()
    merge = _merge(bot, judged)
    rules = snapshot(bot.git, judged.landing.before).registry()
    later = {commit.sha for commit in bot.git.first_parent_log(merge.commit, bot.base_tip())}
    for model in merge.models:
        _keep(bot, merge, model, rules, later)
    return ()


def are_wanted(bot: Bot, commit: str) -> bool:
    """Whether the rules of a commit want tags."""
    try:
        return snapshot(bot.git, commit).registry().tags == "gto"
    except InvalidRegistry:
        return False


def _merge(bot: Bot, judged: Judged) -> Merge:
    report, number, at = judged.report, judged.pull_request.number, judged.pull_request.merged_at
    if at is None:
        raise AssertionError(f"{judged.pull_request.url} is merged, at no time")
    return Merge(
        name=f"{bot.forge.words.noun} {bot.forge.words.pull_request(number)}",
        url=judged.pull_request.url,
        commit=judged.landing.after,
        at=at.replace(microsecond=0),  # as git tells time
        transitions=report.transitions,
        registrations=tuple((each.model, each.version) for each in report.registrations),
    )


def _keep(bot: Bot, merge: Merge, model: str, rules: Registry, later: Collection[str]) -> None:
    me = bot.signature()
    for _ in range(TRIES):
        tags = fetched_tags(bot.git, model)
        at = moment(merge, model, tags=tags, later=later)
        made = tuple(
            registration(merge, model, version, commit=_for_dvc(bot, merge, model, version), at=at)
            for version in untagged(merge, model, tags)
        )
        try:
            for tag in (*made, *stage_tags(merge, model, rules=rules, tags=(*tags, *made), later=later)):
                push_tag(bot.git, tag, tagger=me)
        except PushRejected:
            continue  # somebody else tags the same model at this moment: the next number is another one now
        return
    raise PushRejected(f"others tag {model} faster than this bot can; it is tried again")


def _for_dvc(bot: Bot, merge: Merge, model: str, version: str) -> str:
    """The commit that registered a version, with a dvc.yaml upon it that tells `dvc artifacts get` its weights.

    No file of the registry could say that: two registrations that edit one file would conflict. Nor could GTO tell
    two versions apart that one merge registered. The same version always gives the same commit.
    """
    registered = _registered(bot, merge, model, version)
    weights = snapshot(bot.git, registered.sha).version(model, version).artifacts.get(WEIGHTS)
    folder = version_folder(model, version)
    artifacts = {model: {"path": f"{folder}/{weights.path}", "type": "model"}} if weights is not None else {}
    me = bot.signature()
    return commit_change(
        bot.git,
        registered.sha,
        {DVC_FILE: f"artifacts: {json.dumps(artifacts)}\n".encode()},
        message=f"Tell DVC of {version_tag(model, version)}\n\nFor `dvc artifacts get`; no branch holds this commit.",
        author=Signature(me.name, me.email, registered.committer.at),
    )


def _registered(bot: Bot, merge: Merge, model: str, version: str) -> Commit:
    if (model, version) in merge.registrations:
        return bot.git.log(None, merge.commit, limit=1)[0]
    return bot.git.first_parent_log(None, merge.commit, version_path(model, version))[-1]
