"""A race ends in one true state: who lost is told to whom, and a request of ours is made anew, or closed."""

from contextlib import suppress

from registrar import rendering
from registrar.core.evaluation_facts import EvaluationFacts
from registrar.core.events import FollowUp, PullRequestChanged
from registrar.core.layout import status_path
from registrar.core.overtaken import Lost
from registrar.core.people import Person
from registrar.core.pull_requests import Outcome, PullRequest
from registrar.core.reports import Report
from registrar.errors import NotAllowed, PushRejected, Unknown
from registrar.handlers.bot import Bot
from registrar.handlers.promotion import edited, planned_transitions
from registrar.handlers.proposals import Proposal, propose
from registrar.handlers.rejection import is_ours
from registrar.handlers.reverting import withdraw
from registrar.repository.snapshot import snapshot

TOPIC = "overtaken"
OURS = "registrar/"  # what the branches begin with that the bot makes
REVERTS = "registrar/revert/"


def settle_race(bot: Bot, pull_request: PullRequest, facts: EvaluationFacts, report: Report) -> tuple[FollowUp, ...]:
    """Do with a request of ours that lost what the rules say; what people opened is theirs, and was told.

    Nothing is built on what nobody approved: it waits until that is taken back, and is then as it was. While a merge is
    not judged yet, nobody has lost to it.
    """
    is_rejected = facts.rejection is not None and facts.rejection.stands
    if not report.lost or is_rejected or not _is_a_request(bot, pull_request):
        return ()
    if pull_request.head_ref.startswith(REVERTS):
        withdraw(bot, pull_request, f"{report.lost[0]}, so what this would take back does not stand there any more")
        return ()
    lost, requester = report.lost[0], facts.approvals.requester
    if len(report.lost) > 1 or lost.to.is_flagged or not lost.to.is_judged or requester is None:
        return ()
    if lost.is_of_one_status and facts.registry.requests.overtaken == "close":
        return _closed(bot, pull_request, lost, "The rules of this registry close such a request; ask for it anew.")
    return _made_anew(bot, pull_request, lost, requester)


def look_at_losers(bot: Bot, pull_request: PullRequest) -> tuple[FollowUp, ...]:
    """What to look at once a change was judged to be approved: whoever lost to it is told by whose word."""
    if not _was_approved(bot, pull_request):
        return ()
    return tuple(
        FollowUp(PullRequestChanged(bot.forge.repository, number), once=f"lost:{number}:{pull_request.number}")
        for number in bot.forge.open_pull_requests(bot.base)
    )


def clear_branch(bot: Bot, pull_request: PullRequest) -> None:
    """A request of ours that was merged and judged leaves no branch behind; what somebody pushed since stays."""
    landed = pull_request.merge_commit
    if landed is None or not _is_a_request(bot, pull_request):
        return
    if bot.said_under(landed, bot.record_context(pull_request.number)) is None:
        return
    with suppress(Unknown):  # it was gone when all branches were fetched
        if bot.git.resolve(pull_request.head_ref) == pull_request.head_sha:
            bot.drop_branch(pull_request)


def _is_a_request(bot: Bot, pull_request: PullRequest) -> bool:
    return is_ours(bot, pull_request) and pull_request.head_ref.startswith(OURS)


def _was_approved(bot: Bot, pull_request: PullRequest) -> bool:
    landed = pull_request.merge_commit
    record = bot.said_under(landed, bot.record_context(pull_request.number)) if landed is not None else None
    return record is not None and record.outcome is not Outcome.FAILURE


def _made_anew(bot: Bot, pull_request: PullRequest, lost: Lost, requester: Person) -> tuple[FollowUp, ...]:
    """The same wish of the same person on the new base; closed when the rules allow it no more."""
    tip = bot.base_tip()
    registry, wish = snapshot(bot.git, tip), lost.wish
    try:
        planned_transitions(bot, registry, wish.model, wish.version, wish.after)
    except (NotAllowed, Unknown) as error:
        return _closed(bot, pull_request, lost, f"It cannot be made anew: {rendering.inert(error)}.")
    proposal = Proposal(
        branch=pull_request.head_ref,
        title=pull_request.title,
        body=pull_request.body,
        files={status_path(wish.model): edited(registry, wish.model, wish.version, wish.after)},
        requester=requester,
    )
    try:
        propose(bot, proposal, tip=tip)
    except (NotAllowed, PushRejected):
        return ()  # somebody else has pushed to it: then it is told, as what people opened is
    becomes = "It is made anew on top of that, and compared with who holds what now: what was approved before is void."
    bot.forge.keep_comment(pull_request.number, TOPIC, rendering.overtaken_comment(lost, becomes=becomes))
    return (FollowUp(PullRequestChanged(bot.forge.repository, pull_request.number)),)


def _closed(bot: Bot, pull_request: PullRequest, lost: Lost, becomes: str) -> tuple[FollowUp, ...]:
    bot.forge.keep_comment(pull_request.number, TOPIC, rendering.overtaken_comment(lost, becomes=becomes))
    bot.forge.close_pull_request(pull_request.number)
    bot.drop_branch(pull_request)
    return ()
