"""An owner turns a change down: said for good, its request closed, and not asked for again by the same person."""

from dataclasses import replace

from registrar import rendering
from registrar.core.evaluation import guarded_paths
from registrar.core.evaluation_facts import EvaluationFacts
from registrar.core.events import FollowUp
from registrar.core.interventions import (
    ASKED_FOR_CHANGES,
    Intervention,
    Kind,
    objector,
    taken_back_by,
    why_not_an_owner,
)
from registrar.core.ledger import Rejected
from registrar.core.people import Person
from registrar.core.pull_requests import PullRequest, PullRequestState
from registrar.errors import NotAllowed
from registrar.handlers.bot import Bot
from registrar.handlers.gathering import gather
from registrar.handlers.interventions import carry, interventions_of
from registrar.handlers.noting import note

TOPIC = "rejection"

Heeded = tuple[EvaluationFacts, tuple[FollowUp, ...]]


def reject(
    bot: Bot, pull_request: PullRequest, facts: EvaluationFacts, *, by: Person, reason: str, base: str
) -> tuple[FollowUp, ...]:
    """Turn it down, because an owner says so. Raises `NotAllowed` to everybody else."""
    why = why_not_an_owner(facts.approvals, guarded_paths(facts), by)
    if why is not None:
        raise NotAllowed(
            f"only an owner who could approve it can reject it, and {why}; whoever asked for it can close it"
        )
    _, told = _turned_down(bot, pull_request, facts, by=by, reason=reason, base=base)
    return told


def heed(bot: Bot, pull_request: PullRequest, facts: EvaluationFacts, *, base: str) -> Heeded:
    """The facts once the reviews were heard: an approval takes a rejection back, an objection may be one."""
    rejection, required = facts.rejection, guarded_paths(facts)
    if rejection is not None and rejection.stands:
        by = taken_back_by(facts.approvals, required, rejection)
        if by is None:
            carry(bot, pull_request, rejection)
            return facts, ()
        return replace(facts, rejection=_taken_back(bot, pull_request, by)), ()
    objecting = objector(facts.approvals, required, since=rejection.at if rejection is not None else None)
    if objecting is None or not is_ours(bot, pull_request) or facts.registry.requests.changes_requested != "close":
        return facts, ()
    said, told = _turned_down(bot, pull_request, facts, by=objecting, reason=ASKED_FOR_CHANGES, base=base)
    return replace(facts, rejection=said), told


def close_rejected(bot: Bot, pull_request: PullRequest, facts: EvaluationFacts) -> bool:
    """Close a rejected request of ours, also once more, and delete its branch unless others have pushed to it.

    The answer is whether it is one.
    """
    if facts.rejection is None or not facts.rejection.stands or not is_ours(bot, pull_request):
        return False
    bot.forge.close_pull_request(pull_request.number)
    if bot.git.remote_branch(pull_request.head_ref) == pull_request.head_sha and _is_all_ours(bot, pull_request):
        bot.drop_branch(pull_request)
    return True


def refuse_rejected(bot: Bot, branch: str, existing: PullRequest | None, *, requester: Person) -> None:
    """Raises `NotAllowed` when the same wish of the same person was rejected, and nobody has taken that back.

    Every request of ours from the branch is asked about: who asked can put one of their own on top of a rejected one.
    """
    is_open = existing is not None and existing.state is PullRequestState.OPEN
    for each in (*([existing] if is_open and existing else ()), *bot.forge.closed_pull_requests(branch)):
        _refuse(bot, each, requester)


def _refuse(bot: Bot, pull_request: PullRequest, requester: Person) -> None:
    rejection = interventions_of(bot, pull_request).rejection if is_ours(bot, pull_request) else None
    if rejection is None or not rejection.stands:
        return
    base = bot.base_tip()
    facts = gather(bot, pull_request, base=base)
    facts, _ = heed(bot, pull_request, facts, base=base)  # an event of an approval can be lost
    if facts.rejection != rejection or not requester.same_as(facts.approvals.requester):
        return
    because = f": {rejection.reason}" if rejection.reason else ""
    name, who = bot.forge.words.pull_request(pull_request.number), rejection.person.login
    raise NotAllowed(
        f"{who} rejected this in {name}{because}. It stays so until {who}, or another owner who could approve it, "
        f"approves {name}"
    )


def is_ours(bot: Bot, pull_request: PullRequest) -> bool:
    """Whether the bot opened it for somebody."""
    return bot.forge.myself().same_as(pull_request.author)


def _turned_down(
    bot: Bot, pull_request: PullRequest, facts: EvaluationFacts, *, by: Person, reason: str, base: str
) -> tuple[Intervention, tuple[FollowUp, ...]]:
    """Said in the ledger and in a comment, and last under the head, which is the record."""
    number, head = pull_request.number, pull_request.head_sha
    entry = Rejected(
        number=number,
        url=pull_request.url,
        head=head,
        by=by,
        reason=reason,
        at=bot.now(),
        requester=facts.approvals.requester,
        transitions=facts.transitions(),
    )
    unwritten = note(bot, base, entry)
    rejection = Intervention(Kind.REJECTION, by, reason)
    text = rendering.rejection_comment(
        rejection, is_ours=is_ours(bot, pull_request), noun=bot.forge.words.noun, unwritten=unwritten
    )
    url = bot.forge.keep_comment(number, TOPIC, text)
    told = bot.notices.tell(
        "rejected", at=base, key=f"{number}-{head}", subject=pull_request.title, url=url, by=by.login, reason=reason
    )
    said = replace(rejection, url=url)
    bot.forge.set_status(head, said.line(number))
    return said, told


def _taken_back(bot: Bot, pull_request: PullRequest, by: Person) -> Intervention:
    lifted = Intervention(Kind.REJECTION, by, stands=False)
    text = rendering.rejection_comment(lifted, is_ours=is_ours(bot, pull_request), noun=bot.forge.words.noun)
    lifted = replace(lifted, url=bot.forge.keep_comment(pull_request.number, TOPIC, text))
    bot.forge.set_status(pull_request.head_sha, lifted.line(pull_request.number))
    return lifted


def _is_all_ours(bot: Bot, pull_request: PullRequest) -> bool:
    """What somebody else pushed is theirs to delete."""
    mine = bot.forge.commit_email(bot.forge.myself())
    fork = bot.git.merge_base(bot.base_tip(), pull_request.head_sha)
    return all(commit.author.email == mine for commit in bot.git.log(fork, pull_request.head_sha))
