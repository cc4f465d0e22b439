"""Knows who must approve a change, and whether they have."""

from collections.abc import Iterable, Mapping, Sequence

from registrar.core.approval_facts import ApprovalFacts, Approvers, Owner
from registrar.core.lifecycle import Transition
from registrar.core.objections import cannot_approve, rejected
from registrar.core.people import Permission, Person
from registrar.core.pull_requests import Review, ReviewState
from registrar.core.verdicts import Verdict, VerdictState, all_of, failed, passed, waiting
from registrar.core.votes import effective_votes
from registrar.core.wording import either, every
from registry_schema import Approvals, Registry

__all__ = [
    "ApprovalFacts",
    "Approvers",
    "Owner",
    "approval",
    "approved_by",
    "approvers",
    "required_approvals",
    "uncounted",
]

_NAME = "approval"


def required_approvals(registry: Registry, transitions: Iterable[Transition]) -> Approvals | None:
    """The strictest demand of every status that is entered or left; None when none of them asks for approval."""
    touched = {status for transition in transitions for status in (transition.before, transition.after)}
    asked = [rules.approvals for status, rules in registry.statuses.items() if status in touched]
    demands = [demand for demand in asked if demand is not None]
    if not demands:
        return None
    strictest = max(demands, key=_level)
    return Approvals(count=max(demand.count for demand in demands), permission=strictest.permission)


def approvers(facts: ApprovalFacts, required: Mapping[str, Approvals]) -> tuple[Approvers, ...]:
    """Who can approve each path: its owners, without those who asked for the change, wrote it or pushed it."""
    return tuple(
        Approvers(path, tuple(owner.person for owner in _eligible(facts, path, demand)), demand.count, _level(demand))
        for path, demand in required.items()
    )


def approval(facts: ApprovalFacts, required: Mapping[str, Approvals]) -> Verdict:
    """Judge every path that needs approval by its own owners; nothing to judge is a doubt, and fails."""
    if facts.problems:
        return all_of(_NAME, [failed(problem.path, str(problem)) for problem in facts.problems])
    if facts.requester is None:
        return failed(_NAME, "who asked for this change cannot be shown, so nobody can approve it; ask for it anew")
    if facts.contributors.unknown:
        names = every(facts.contributors.unknown)
        return failed(
            _NAME,
            f"no account is known for {names}, who had a hand in this change, so no approver can be shown to be "
            "somebody else; commit with an address that belongs to an account",
        )
    return all_of(_NAME, [_judge(facts, path, demand) for path, demand in required.items()])


def approved_by(facts: ApprovalFacts, required: Mapping[str, Approvals]) -> tuple[Person, ...]:
    """Everyone whose approval counted for one of the paths, each account once."""
    votes = effective_votes(facts.reviews, until=facts.merged_at)
    people = (owner.person for path, demand in required.items() for owner in _eligible(facts, path, demand))
    return tuple({each.id: each for each in people if _approves(each, votes, facts.head_sha)}.values())


def uncounted(whole: Verdict) -> tuple[str, ...]:
    """Why reviews that were given do not count, from a verdict that holds that of `approval`, each reason once."""
    paths = [path for verdict in whole.children if verdict.name == _NAME for path in verdict.children]
    reasons = [review.reason for path in paths for review in path.children[1:]]
    return tuple(dict.fromkeys(reasons))


def _judge(facts: ApprovalFacts, path: str, demand: Approvals) -> Verdict:
    name = f"approval of {path}"
    if not facts.owners_of(path):
        nobody = f"CODEOWNERS names nobody for {path} whom the forge knows; name there who may approve it"
        return failed(name, facts.unowned.get(path, nobody))
    votes = effective_votes(facts.reviews, until=facts.merged_at)
    opposed = [owner.person.login for owner in facts.owners_of(path) if _opposes(owner.person, votes)]
    if opposed:
        return failed(
            name, f"{every(opposed)} asked for changes; this waits until they approve, or their review is dismissed"
        )
    eligible = _eligible(facts, path, demand)
    if len(eligible) < demand.count:
        return _too_few(facts, path, demand, eligible)
    return _counted(facts, path, demand, eligible, votes)


def _too_few(facts: ApprovalFacts, path: str, demand: Approvals, eligible: Sequence[Owner]) -> Verdict:
    objections = (cannot_approve(facts, owner, _level(demand)) for owner in facts.owners_of(path))
    why = "; ".join(objection for objection in objections if objection)
    can = f"only {every([owner.person.login for owner in eligible])} can" if eligible else "no owner can"
    return failed(
        f"approval of {path}",
        f"{path} needs {demand.count} to approve it, but {can}"
        + (f": {why}" if why else "")
        + "; name more owners in CODEOWNERS",
    )


def _counted(
    facts: ApprovalFacts, path: str, demand: Approvals, eligible: Sequence[Owner], votes: Mapping[int, Review]
) -> Verdict:
    name = f"approval of {path}"
    approved = [owner for owner in eligible if _approves(owner.person, votes, facts.head_sha)]
    if len(approved) >= demand.count:
        return passed(name, _approved_by(approved))
    missing = [owner.person.login for owner in eligible if owner not in approved]
    lacking = demand.count - len(approved)
    wait = f"waiting for {either(missing)}" if lacking == 1 else f"waiting for {lacking} of {every(missing)}"
    reason = f"{_approved_by(approved)}, {wait}" if approved else wait
    counted = {owner.person.id for owner in approved}
    rejections = tuple(rejected(facts, path, needed=_level(demand), counted=counted))
    return Verdict(name, VerdictState.WAITING, reason, (waiting(path, reason), *rejections) if rejections else ())


def _approved_by(owners: Sequence[Owner]) -> str:
    return f"approved by {', '.join(f'{owner.person.login} ({owner.line})' for owner in owners)}"


def _eligible(facts: ApprovalFacts, path: str, demand: Approvals) -> tuple[Owner, ...]:
    return tuple(owner for owner in facts.owners_of(path) if cannot_approve(facts, owner, _level(demand)) is None)


def _approves(person: Person, votes: Mapping[int, Review], head_sha: str) -> bool:
    vote = votes.get(person.id)
    return vote is not None and vote.state is ReviewState.APPROVED and vote.sha == head_sha


def _opposes(person: Person, votes: Mapping[int, Review]) -> bool:
    vote = votes.get(person.id)
    return vote is not None and vote.state is ReviewState.CHANGES_REQUESTED and not person.is_bot


def _level(demand: Approvals) -> Permission:
    return Permission[demand.permission.upper()]
