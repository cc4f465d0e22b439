"""A pull request is looked at again: what it changes is judged, the comment and the status say so."""

from registrar import rendering
from registrar.core.evaluation import evaluate
from registrar.core.events import FollowUp, PullRequestChanged
from registrar.core.pull_requests import CommitStatus, Outcome, PullRequest, PullRequestState
from registrar.core.reports import Kind, Report
from registrar.core.verdicts import VerdictState, all_of, failed
from registrar.errors import InvalidRegistry
from registrar.handlers.bot import Bot
from registrar.handlers.gathering import gather
from registrar.handlers.merged import TOPIC, look_after_merged

OUTCOMES = {
    VerdictState.PASSED: Outcome.SUCCESS,
    VerdictState.WAITING: Outcome.PENDING,
    VerdictState.FAILED: Outcome.FAILURE,
}


def look_at_pull_request(event: PullRequestChanged, bot: Bot) -> tuple[FollowUp, ...]:
    """Make comment and status say what is true of the pull request now."""
    pull_request = bot.forge.pull_request(event.number)
    if pull_request.base_ref != bot.base:
        return ()
    match pull_request.state:
        case PullRequestState.OPEN:
            _say(bot, pull_request, _report(bot, pull_request))
            return ()
        case PullRequestState.MERGED:
            return look_after_merged(bot, pull_request)
        case PullRequestState.CLOSED:
            return ()


def _report(bot: Bot, pull_request: PullRequest) -> Report:
    try:
        return evaluate(gather(bot, pull_request, base=bot.base_tip()))
    except InvalidRegistry as error:
        # The base itself is broken: nothing can be judged until it is mended, and saying where is the mend.
        verdict = all_of("base", [failed(problem.path, str(problem)) for problem in error.problems])
        return Report(Kind.INVALID, verdict, problems=error.problems)


def _say(bot: Bot, pull_request: PullRequest, report: Report) -> None:
    url = ""
    number = pull_request.number
    if report.kind is not Kind.NOTHING or bot.forge.has_comment(number, TOPIC):
        url = bot.forge.keep_comment(number, TOPIC, rendering.comment(report))
    status = CommitStatus(
        context=bot.status_context,
        outcome=OUTCOMES[report.verdict.state],
        description=rendering.status_description(report.verdict),
        url=url,
    )
    bot.forge.set_status(pull_request.head_sha, status)
