"""Knows what the ledger says of a merge, from what it was judged by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registrar.core.approval_facts import ApprovalFacts
from registrar.core.evaluation import guarded_paths
from registrar.core.evaluation_facts import EvaluationFacts
from registrar.core.ledger import Check, Counted, Measured, Merged, Ruling
from registrar.core.paths import is_guarded
from registrar.core.pull_requests import PullRequest
from registrar.core.quorums import quorums_of
from registrar.core.reports import Candidate, Report
from registrar.core.votes import effective_votes
from registry_schema import Approvals


@dataclass(frozen=True, slots=True)
class Steps:
    """Where a merge stands on the base: the commit that it made, and the one before all that it brought."""

    before: str
    after: str


def entry_of(
    pull_request: PullRequest, facts: EvaluationFacts, report: Report, *, landed: Steps, content: Mapping[str, str]
) -> Merged:
    """The entry of a merge; `content` is the blob of every path that `told_of` names, as it was approved."""
    people, guarded = facts.approvals, guarded_paths(facts)
    asked_before = {path: demand for path, demand in guarded.items() if path in people.owners_before}
    return Merged(
        number=pull_request.number,
        url=pull_request.url,
        at=facts.now,
        commit=landed.after,
        before=landed.before,
        head=pull_request.head_sha,
        author=pull_request.author,
        requester=people.requester,
        contributors=people.contributors.people,
        ruling=_ruling(report),
        reason=report.verdict.reason,
        transitions=report.transitions,
        registrations=tuple((each.model, each.version) for each in report.registrations),
        approvals=tuple(_counted(people, guarded)),
        checks=tuple(Check(leaf.name, leaf.state.value, leaf.reason) for leaf in report.verdict.leaves()),
        measured=tuple(each for candidate in report.candidates for each in _measured(candidate)),
        content=tuple(content.items()),
        glass=report.glass if report.verdict.passed else None,
        fork=people.fork,
        approvals_before=tuple(_counted(people.as_before(), asked_before)),
    )


def told_of(facts: EvaluationFacts) -> tuple[str, ...]:
    """The paths of which an entry tells the content: who holds what, the rules, the jobs."""
    return tuple(file.path for file in facts.files if is_guarded(file.path))


def _ruling(report: Report) -> Ruling:
    if not report.verdict.passed:
        return "refused"
    return "approved" if report.glass is None else "glass broken"


def _counted(facts: ApprovalFacts, required: Mapping[str, Approvals]) -> Iterator[Counted]:
    """Each approval once for each line that names its author."""
    votes = effective_votes(facts.reviews, until=facts.merged_at)
    for path, demand in required.items():
        together = quorums_of(facts, path, demand, votes)[-1]
        names = [(rule, owner) for rule in together.rules for owner in rule.owners]
        for person in (owner.person for owner in together.approved):
            vote = votes[person.id]
            yield from (
                Counted(person, owner.permission, path, rule.source, owner.word, vote.id, vote.sha, vote.submitted_at)
                for rule, owner in names
                if owner.person.same_as(person)
            )


def _measured(candidate: Candidate) -> Iterator[Measured]:
    """Every number that either version has."""
    status = candidate.status if candidate.baseline is not None else None
    for row in candidate.comparison.rows:
        if row.candidate is not None or row.baseline is not None:
            yield Measured(
                model=candidate.model,
                version=candidate.version,
                metric=row.metric,
                value=row.candidate,
                against=candidate.baseline,
                status=status,
                other=row.baseline,
                judgement=row.judgement.value,
            )
