"""Knows whether the approvals that the ledger names were enough, by the rules and the CODEOWNERS of then."""

from collections.abc import Iterator

from registrar.core.approval_facts import ApprovalFacts, Owner, Rule
from registrar.core.codeowners.ownership import Ownership, required_of, why_unowned
from registrar.core.evaluation import guarded_paths
from registrar.core.evaluation_facts import EvaluationFacts
from registrar.core.ledger import BrokenGlass, Counted, Merged
from registrar.core.objections import cannot_approve
from registrar.core.people import Person
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
    for counted in entry.approvals:
        why = _not_by_that_line(landed, entry, counted)
        if why is not None:
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
    for path, demand in guarded_paths(facts).items():
        for why, mend in _lacking(landed, facts.approvals, path, demand):
            yield breach(landed.commit, f"{path} was changed without the approvals that it needs", why, mend)


def _lacking(landed: Landed, facts: ApprovalFacts, path: str, demand: Approvals) -> Iterator[tuple[str, str]]:
    if facts.requester is None:
        yield "the ledger does not say who asked for it, so nobody can be shown to be somebody else", TAKE_BACK
    if path in facts.unowned:
        yield facts.unowned[path], _OWNED_BY_NOBODY
        return
    yield from ((str(problem), f"mend {problem.path}, then ask for it anew") for problem in facts.problems)
    votes = effective_votes(facts.reviews, until=facts.merged_at)
    quorums = quorums_of(facts, path, demand, votes)
    lacking = [quorum for quorum in telling(quorums) if not quorum.is_met]
    if lacking:
        yield "; ".join(_too_few(landed, facts, quorum, demand) for quorum in lacking), TAKE_BACK


def _too_few(landed: Landed, facts: ApprovalFacts, quorum: Quorum, demand: Approvals) -> str:
    section = f" of section {quorum.section}" if quorum.section else ""
    approved = every([owner.person.login for owner in quorum.approved]) if quorum.approved else "nobody"
    why = [_objection(facts, owner, demand) for rule in quorum.rules for owner in rule.owners]
    said = "; ".join(dict.fromkeys(reason for reason in why if reason))
    return (
        f"at {landed.before[:7]} it needs {quorum.count} owners{section} with {demand.permission}, and by the ledger "
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
    sound = [counted for counted in entry.approvals if _not_by_that_line(landed, entry, counted) is None]
    codeowners = landed.codeowners
    none = f"{landed.before[:7]} has no CODEOWNERS file"
    unowned = {path: why_unowned(codeowners, path) if codeowners else none for path in landed.content}
    rules = {
        path: tuple(_rule(each, path, sound) for each in required_of(codeowners, path)) if codeowners else ()
        for path in landed.content
    }
    return ApprovalFacts(
        head_sha=entry.head,
        base_ref="",
        base_sha=landed.before,
        requester=entry.requester,
        author=entry.author,
        contributors=Contributors(entry.contributors, unknown=()),
        bot=_NOBODY,
        owners=rules,
        unowned={path: why for path, why in unowned.items() if why is not None},
        reviews=tuple(_review(counted) for counted in sound),
        problems=codeowners.problems if codeowners else (),
        merged_at=entry.at,
    )


def _rule(ownership: Ownership, path: str, counted: list[Counted]) -> Rule:
    """Its owners are those whom the ledger names: who else is in a team, only the forge knew."""
    mine = {each.person.id: each for each in counted if each.path == path and each.word in ownership.owners}
    owners = tuple(Owner(each.person, each.permission) for each in mine.values())
    return Rule(ownership.source, owners, ownership.section, ownership.count, lapses=ownership.lapses)


def _review(counted: Counted) -> Review:
    return Review(counted.review, counted.person, ReviewState.APPROVED, counted.sha, counted.at)


def _not_by_that_line(landed: Landed, entry: Merged, counted: Counted) -> str | None:
    """Why the line of CODEOWNERS that an approval rests on does not give that authority; None: as far as it can tell.

    Who is in a team, and whose an address is, it cannot.
    """
    claim = f"the ledger says that {counted.person.login} owns {counted.path} by {counted.rule} as {counted.word}"
    lines = required_of(landed.codeowners, counted.path) if landed.codeowners else ()
    named = [each for each in lines if _rule(each, counted.path, []).source == counted.rule]
    if not any(counted.word in each.owners for each in named):
        return f"{claim}, and at {landed.before[:7]} that line does not say so"
    if not _may_mean(counted.word, counted.person, forge=forge_of(entry.url)):
        return f"{claim}, which names somebody else"
    return None


def _glass(registry: Registry, entry: Merged) -> BrokenGlass | None:
    rules, glass = registry.break_glass, entry.glass
    if entry.ruling != "glass broken" or rules is None or glass is None:
        return None
    forge = forge_of(entry.url)
    return glass if any(_may_mean(word, glass.person, forge=forge) for word in rules.people) else None


def _may_mean(word: str, person: Person, *, forge: str | None) -> bool:
    """Whether a word of CODEOWNERS can mean the person: GitLab writes a group as it writes an account."""
    name = word.removeprefix("@")
    is_account = name != word and "/" not in name and "@" not in name and forge != "gitlab"
    return not is_account or name.casefold() == person.login.casefold()
