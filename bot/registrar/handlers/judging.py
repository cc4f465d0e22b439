"""A merged pull request judged anew: on what really landed, by the rules, owners and reviews of before the merge."""

from dataclasses import dataclass, replace

from registrar.core.approvals import approved_by
from registrar.core.evaluation import evaluate, guarded_paths
from registrar.core.people import Person
from registrar.core.pull_requests import PullRequest
from registrar.core.reports import Kind, Report
from registrar.core.verdicts import all_of
from registrar.handlers.bot import Bot
from registrar.handlers.gathering import gather
from registrar.handlers.landing import Landing, landing_of


@dataclass(frozen=True, slots=True)
class Judged:
    """A merged pull request, where it landed, what is to be said of it, and whose approval counted."""

    pull_request: PullRequest
    landing: Landing
    report: Report
    approved_by: tuple[Person, ...]


def judge_merged(bot: Bot, pull_request: PullRequest) -> Judged:
    """Gather and judge anew. Raises `Unknown` when the base does not hold what the forge calls merged."""
    landing = landing_of(bot, pull_request)
    facts = gather(bot, pull_request, base=landing.before)
    report = evaluate(facts)
    if report.kind is not Kind.NOTHING:
        verdict = all_of(report.verdict.name, [*(report.verdict.children or (report.verdict,)), landing.verdict])
        report = replace(report, verdict=verdict)
    return Judged(pull_request, landing, report, approved_by(facts.approvals, guarded_paths(facts)))
