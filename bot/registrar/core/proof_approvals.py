"""Knows whether the approvals that the ledger names were enough, by the rules and the CODEOWNERS of then."""

from collections.abc import Iterator

from registrar.core.approval_facts import ApprovalFacts, Owner
from registrar.core.codeowners.ownership import why_unowned
from registrar.core.evaluation import guarded_paths
from registrar.core.evaluation_facts import EvaluationFacts
from registrar.core.ledger import BrokenGlass, Counted, Merged
from registrar.core.objections import cannot_approve
from registrar.core.people import Person
from registrar.core.proof_authority import authorities, may_mean
from registrar.core.proof_facts import TAKE_BACK, Finding, Grade, Landed, breach, called, forge_of
from registrar.core.pull_requests import Contributors, Review, ReviewState
from registrar.core.quorums import Quorum, level, quorums_of, telling
from registrar.core.votes import effective_votes
from registrar.core.wording import every
from registry_schema import Approvals, Registry

_NOBODY = Person(0, "", is_bot=True)  # the ledger says of everyone whether they are a bot
_WHO_WROTE = "see who wrote it: git log --show-signature refs/notes/registrar"
_OWNED_BY_NOBODY = "name owners in CODEOWNERS, then take it back or ask for it anew"


def facts_of(landed: Landed, entry: Merged, rules: Registry) -> EvaluationFacts:
    """The change as it can be judged again: what git shows, with the people whom the ledger names."""
    return EvaluationFacts(
        registry=rules,
        approvals=_approvals(landed, entry),
        now=entry.at,
        models=landed.models,
        files=landed.files,
        held_before=landed.held_before,
        problems=landed.problems,
        restored=landed.restored,
        glass=_glass(rules, entry),
        entered=landed.entered,
    )


def false_authority(landed: Landed, entry: Merged) -> Iterator[Finding]:
    """Every approval by a line of CODEOWNERS that does not say so."""
    for authority in authorities(landed, entry):
        for why in filter(None, map(authority.why_not, authority.counted)):
            yield breach(landed.commit, f"an approval of {called(entry)} rests on nothing", why, _WHO_WROTE)


def broken_glass(landed: Landed, entry: Merged, rules: Registry) -> Iterator[Finding]:
    """Who let the change pass in an emergency, and whether the rules let them."""
    if entry.ruling != "glass broken":
        return
    name = called(entry)
    if entry.glass is None:
        yield breach(landed.commit, f"glass was broken for {name}", "its entry does not say by whom", _WHO_WROTE)
    elif _glass(rules, entry) is None:
        why = f"break_glass of registry.yaml at {landed.before[:7]} does not name {entry.glass.person.login}"
        yield breach(landed.commit, f"glass was broken for {name} by somebody who may not", why, TAKE_BACK)
    else:
        why = f"{entry.glass.person.login}: {entry.glass.reason} ({entry.glass.url})"
        yield Finding(Grade.GLASS, landed.commit, f"{name} landed by broken glass", why, "see that it was right")


def lacking_approvals(landed: Landed, facts: EvaluationFacts) -> Iterator[Finding]:
    """Every guarded file that too few of its owners approved."""
    people = facts.approvals
    for path, demand in guarded_paths(facts).items():
        found = [*_lacking(landed.before, people, path, demand)]
        if path in people.owners_before:
            found += _too_few_owners(landed.fork or "", people.as_before(), path, demand)
        for why, mend in found:
            yield breach(landed.commit, f"{path} was changed without the approvals that it needs", why, mend)


def _lacking(at: str, facts: ApprovalFacts, path: str, demand: Approvals) -> Iterator[tuple[str, str]]:
    if facts.requester is None:
        yield "the ledger does not say who asked for it, so nobody can be shown to be somebody else", TAKE_BACK
    if path in facts.unowned:
        yield facts.unowned[path], _OWNED_BY_NOBODY
        return
    yield from ((str(problem), f"mend {problem.path}, then ask for it anew") for problem in facts.problems)
    yield from _too_few_owners(at, facts, path, demand)


def _too_few_owners(at: str, facts: ApprovalFacts, path: str, demand: Approvals) -> Iterator[tuple[str, str]]:
    votes = effective_votes(facts.reviews, until=facts.merged_at)
    quorums = quorums_of(facts, path, demand, votes)
    lacking = [quorum for quorum in telling(quorums) if not quorum.is_met]
    if lacking:
        yield "; ".join(_too_few(at, facts, quorum, demand) for quorum in lacking), TAKE_BACK


def _too_few(at: str, facts: ApprovalFacts, quorum: Quorum, demand: Approvals) -> str:
    section = f" of section {quorum.section}" if quorum.section else ""
    approved = every([owner.person.login for owner in quorum.approved]) if quorum.approved else "nobody"
    why = [_objection(facts, owner, demand) for rule in quorum.rules for owner in rule.owners]
    said = "; ".join(dict.fromkeys(reason for reason in why if reason))
    return (
        f"at {at[:7]} it needs {quorum.count} owners{section} with {demand.permission}, and by the ledger "
        f"{approved} approved" + (f": {said}" if said else "")
    )


def _objection(facts: ApprovalFacts, owner: Owner, demand: Approvals) -> str | None:
    never = cannot_approve(facts, owner, level(demand))
    if never is not None:
        return never
    review = next(each for each in facts.reviews if owner.person.same_as(each.reviewer))
    if review.sha != facts.head_sha:
        return f"{owner.person.login} approved {review.sha[:7]}, and the head was {facts.head_sha[:7]}"
    late = facts.merged_at is not None and review.submitted_at > facts.merged_at
    return f"{owner.person.login} approved after the merge" if late else None


def _approvals(landed: Landed, entry: Merged) -> ApprovalFacts:
    now, then = authorities(landed, entry)
    codeowners = landed.codeowners
    none = f"{landed.before[:7]} has no CODEOWNERS file"
    unowned = {path: why_unowned(codeowners, path) if codeowners else none for path in landed.content}
    return ApprovalFacts(
        head_sha=entry.head,
        base_ref="",
        base_sha=landed.before,
        requester=entry.requester,
        author=entry.author,
        contributors=Contributors(entry.contributors, unknown=()),
        bot=_NOBODY,
        owners={path: now.rules_of(path) for path in landed.content},
        unowned={path: why for path, why in unowned.items() if why is not None},
        reviews=tuple(_review(counted) for each in (now, then) for counted in each.sound),
        problems=codeowners.problems if codeowners else (),
        merged_at=entry.at,
        owners_before={path: then.rules_of(path) for path in landed.content if then.asks_else(now, path)},
        fork=landed.fork,
    )


def _review(counted: Counted) -> Review:
    return Review(counted.review, counted.person, ReviewState.APPROVED, counted.sha, counted.at)


def _glass(registry: Registry, entry: Merged) -> BrokenGlass | None:
    rules, glass = registry.break_glass, entry.glass
    if entry.ruling != "glass broken" or rules is None or glass is None:
        return None
    forge = forge_of(entry.url)
    return glass if any(may_mean(word, glass.person, forge=forge) for word in rules.people) else None
