"""Knows who must approve a change, and whether they have."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from registrar.core.approval_facts import ApprovalFacts, Approvers, Owner, ask_alike, each_once
from registrar.core.facts_used import facts_of, facts_of_path
from registrar.core.lifecycle import Transition
from registrar.core.objections import cannot_approve, rejected
from registrar.core.people import Person
from registrar.core.pull_requests import Review
from registrar.core.quorums import Quorum, level, quorums_of, telling
from registrar.core.verdicts import Verdict, VerdictState, all_of, failed, passed, waiting
from registrar.core.votes import effective_votes, opposes
from registrar.core.wording import every
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
    """The strictest demand, for these models, of every status that is entered or left; None when none asks for any."""
    touched = dict.fromkeys((status, move.model) for move in transitions for status in (move.before, move.after))
    asked = ((registry.statuses[status].approvals, model) for status, model in touched if status in registry.statuses)
    demands = [approvals.of(model) for approvals, model in asked if approvals is not None]
    if not demands:
        return None
    strictest = max(demands, key=level)
    return Approvals(count=max(demand.count for demand in demands), permission=strictest.permission)


def approvers(facts: ApprovalFacts, required: Mapping[str, Approvals]) -> tuple[Approvers, ...]:
    """Who can approve each path: its owners, without those who asked for the change, wrote it or pushed it."""
    return tuple(
        Approvers(path, _people(quorum.can), quorum.count, level(demand), quorum.section)
        for path, demand in required.items()
        for quorum in telling(quorums_of(facts, path, demand, {}))
    )


def approval(facts: ApprovalFacts, required: Mapping[str, Approvals]) -> Verdict:
    """Judge every path that needs approval by its own owners; nothing to judge is a doubt, and fails."""
    return replace(_approval(facts, required), facts=facts_of(facts))


def _approval(facts: ApprovalFacts, required: Mapping[str, Approvals]) -> Verdict:
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
    return all_of(
        _NAME, [verdict for path, demand in required.items() for verdict in _judge_twice(facts, path, demand)]
    )


def _judge_twice(facts: ApprovalFacts, path: str, demand: Approvals) -> Iterator[Verdict]:
    """By the owners of now, and by those of when the branch began: who became one on the way approves nothing alone."""
    votes = effective_votes(facts.reviews, until=facts.merged_at)
    yield replace(_judge(facts, path, demand, votes), facts=facts_of_path(facts, path, demand, votes))
    rules = facts.owners_before.get(path)
    if rules is None or ask_alike(rules, facts.rules_of(path)):
        return
    name = f"approval of {path} by the owners of before"
    if not rules:
        yield failed(name, f"nobody owned {path} when this branch began; update the branch, and approve that")
        return
    earlier = facts.as_before()
    before = _judge(earlier, path, demand, votes)
    reason = f"{before.reason}, by CODEOWNERS as it was when this branch began"
    told = facts_of_path(earlier, path, demand, votes)
    yield replace(before, name=name, reason=reason if before.passed else f"{reason}; or update the branch", facts=told)


def approved_by(facts: ApprovalFacts, required: Mapping[str, Approvals]) -> tuple[Person, ...]:
    """Everyone whose approval counted for one of the paths, each account once."""
    votes = effective_votes(facts.reviews, until=facts.merged_at)
    return _people(
        each_once(
            owner for path, demand in required.items() for owner in quorums_of(facts, path, demand, votes)[-1].approved
        )
    )


def uncounted(whole: Verdict) -> tuple[str, ...]:
    """Why reviews that were given do not count, from a verdict that holds that of `approval`, each reason once."""
    paths = [path for verdict in whole.children if verdict.name == _NAME for path in verdict.children]
    reasons = [review.reason for path in paths for review in path.children[1:]]
    return tuple(dict.fromkeys(reasons))


def _judge(facts: ApprovalFacts, path: str, demand: Approvals, votes: Mapping[int, Review]) -> Verdict:
    name = f"approval of {path}"
    unowned = _why_unowned(facts, path)
    if unowned is not None:
        return failed(name, unowned)
    opposed = [owner.person.login for owner in facts.owners_of(path) if opposes(owner.person, votes)]
    if opposed:
        return failed(
            name, f"{every(opposed)} asked for changes; this waits until they approve, or their review is dismissed"
        )
    quorums = quorums_of(facts, path, demand, votes)
    hopeless = [quorum for quorum in quorums if not quorum.can_be_met]
    if hopeless:
        return failed(name, "; ".join(_too_few(facts, path, demand, quorum) for quorum in _first(hopeless)))
    return _counted(facts, path, demand, quorums)


def _why_unowned(facts: ApprovalFacts, path: str) -> str | None:
    """Why nobody can be asked: a rule whose owners the forge does not know is no rule that holds."""
    if path in facts.unowned:
        return facts.unowned[path]
    rules = facts.rules_of(path)
    unknown = next((rule for rule in rules if not rule.owners), None)
    if rules and unknown is None:
        return None
    if unknown is not None and unknown.lapses:
        return (
            f"{unknown.source} names nobody for {path} whom the forge knows, and the forge approves such a rule by "
            "itself; name there who may approve it"
        )
    return f"CODEOWNERS names nobody for {path} whom the forge knows; name there who may approve it"


def _too_few(facts: ApprovalFacts, path: str, demand: Approvals, quorum: Quorum) -> str:
    objections = (cannot_approve(facts, owner, level(demand)) for rule in quorum.rules for owner in rule.owners)
    why = "; ".join(objection for objection in objections if objection)
    can = f"only {every([owner.person.login for owner in quorum.can])} can" if quorum.can else "no owner can"
    whom = f"{quorum.count} of section {quorum.section}" if quorum.section else str(quorum.count)
    return (
        f"{path} needs {whom} to approve it, but {can}"
        + (f": {why}" if why else "")
        + "; name more owners in CODEOWNERS"
    )


def _counted(facts: ApprovalFacts, path: str, demand: Approvals, quorums: Sequence[Quorum]) -> Verdict:
    *each, together = quorums
    lacking = [quorum for quorum in quorums if not quorum.is_met]
    wait = f"waiting for {' and for '.join(quorum.missing for quorum in _first(lacking))}"
    parts = [together.approvals] * bool(together.approved) + [wait] * bool(lacking)
    state, reason = VerdictState.WAITING if lacking else VerdictState.PASSED, ", ".join(parts)
    counted = {owner.person.id for owner in together.approved}
    rejections = tuple(rejected(facts, path, needed=level(demand), counted=counted)) if lacking else ()
    sections = tuple(_section(quorum) for quorum in telling(quorums)) if each else ()
    summary = Verdict("every section" if sections else path, state, reason, sections)
    whole = Verdict(f"approval of {path}", state, reason)
    return replace(whole, children=(summary, *rejections)) if sections or rejections else whole


def _first(lacking: Sequence[Quorum]) -> Sequence[Quorum]:
    """What is said first: what single rules lack, and only then what they lack together."""
    return [quorum for quorum in lacking if len(quorum.rules) == 1] or lacking


def _section(quorum: Quorum) -> Verdict:
    name = f"section {quorum.section}" if quorum.section else "every rule"
    return passed(name, quorum.approvals) if quorum.is_met else waiting(name, f"waiting for {quorum.missing}")


def _people(owners: Iterable[Owner]) -> tuple[Person, ...]:
    return tuple(owner.person for owner in owners)
