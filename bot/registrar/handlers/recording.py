"""What became of a merge is written into the ledger: once, and before anything is started for it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from registrar.core.deploying import PlannedDeploy
from registrar.core.evaluation_facts import EvaluationFacts
from registrar.core.ledger import Deployed, Merged
from registrar.core.ledger_making import Steps, entry_of, told_of
from registrar.core.pull_requests import CommitStatus, Outcome
from registrar.deploys import lines
from registrar.deploys.operations import operation_of
from registrar.handlers.bot import Bot
from registrar.handlers.judging import Judged
from registrar.handlers.noting import note
from registrar.handlers.requesters import requester_of

Deploys = Mapping[PlannedDeploy, CommitStatus | None]


def record(bot: Bot, judged: Judged, deploys: Deploys) -> str:
    """Note how a merge was judged and how its deploys stand, unless that is noted; the answer is why it cannot be."""
    return note(bot, judged.landing.after, _merge(bot, judged), *_deploys(bot, judged, deploys))


def _merge(bot: Bot, judged: Judged) -> Merged:
    head, landing = judged.pull_request.head_sha, judged.landing
    return entry_of(
        judged.pull_request,
        _with_requester(bot, judged),
        judged.report,
        landed=Steps(landing.before, landing.after),
        content={path: bot.git.blob_id(head, path) or "" for path in told_of(judged.facts)},
    )


def _with_requester(bot: Bot, judged: Judged) -> EvaluationFacts:
    """A judgement does not ask on whose behalf the bot opened what needs no approval; the ledger does."""
    facts, pull_request = judged.facts, judged.pull_request
    if not bot.forge.myself().same_as(facts.approvals.requester):
        return facts
    fork = bot.git.merge_base(judged.landing.before, pull_request.head_sha)
    requester = requester_of(bot, pull_request, fork=fork) if fork is not None else None
    return replace(facts, approvals=replace(facts.approvals, requester=requester))


def _deploys(bot: Bot, judged: Judged, deploys: Deploys) -> Iterator[Deployed]:
    for planned, said in deploys.items():
        if said is None or lines.is_waiting(said) or lines.is_released(said):
            continue
        if said.url:
            started = said.description if said.outcome is Outcome.PENDING else "started"
            yield _deployed(bot, judged, planned, replace(said, outcome=Outcome.PENDING, description=started))
        if said.outcome is not Outcome.PENDING:
            yield _deployed(bot, judged, planned, said)


def _deployed(bot: Bot, judged: Judged, planned: PlannedDeploy, said: CommitStatus) -> Deployed:
    change, number = planned.transition, judged.pull_request.number
    return Deployed(
        operation=operation_of(number, planned, commit=judged.landing.after),
        number=number,
        at=bot.now(),
        model=change.model,
        version=change.version,
        status=change.after,
        repository=planned.rule.repository,
        pipeline=planned.rule.pipeline,
        outcome=said.outcome,
        detail=said.description,
        url=said.url,
    )
