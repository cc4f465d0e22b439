"""Knows why someone cannot approve a change, and why a review does not count."""

from collections.abc import Collection, Iterator

from registrar.core.approval_facts import ApprovalFacts, Owner
from registrar.core.people import Permission, Person
from registrar.core.pull_requests import Review, ReviewState
from registrar.core.verdicts import Verdict, failed, waiting
from registrar.core.votes import effective_votes

_SHOWN = 7  # characters of a sha


def takes_part(facts: ApprovalFacts, person: Person) -> str | None:
    """Why this person is not somebody else: who asked for a change or made it cannot approve it, and no bot can."""
    who = person.login
    if person.is_bot or person.same_as(facts.bot):
        return f"{who} is a bot, and bots do not count"
    if person.same_as(facts.requester):
        return f"{who} asked for this change, so {who} cannot approve it"
    if person.same_as(facts.author):
        return f"{who} opened this change, so {who} cannot approve it"
    if any(person.same_as(contributor) for contributor in facts.contributors.people):
        return f"{who} wrote or pushed a commit of this change, so {who} cannot approve it"
    return None


def cannot_approve(facts: ApprovalFacts, owner: Owner, needed: Permission) -> str | None:
    """Why this owner can never approve the change as it is; None when they can."""
    part = takes_part(facts, owner.person)
    if part is None and owner.permission < needed:
        return f"{owner.person.login} has {owner.permission.name.lower()}, {needed.name.lower()} is needed"
    return part


def rejected(facts: ApprovalFacts, path: str, *, needed: Permission, counted: Collection[int]) -> Iterator[Verdict]:
    """Every approval of the path that does not count, and why; one that can be given again is waited for.

    `counted` are the ids of those whose approval does.
    """
    owners = {owner.person.id: owner for owner in facts.owners_of(path)}
    for person_id, vote in effective_votes(facts.reviews).items():
        if vote.reviewer is None or person_id in counted or vote.state is ReviewState.CHANGES_REQUESTED:
            continue
        who, owner = vote.reviewer, owners.get(person_id)
        never = cannot_approve(facts, owner, needed) if owner else takes_part(facts, who) or _no_owner(who, path)
        yield failed(who.login, never) if never else waiting(who.login, _not_this_time(facts, vote, who))
    if any(review.reviewer is None and review.state is ReviewState.APPROVED for review in facts.reviews):
        yield failed("deleted account", "an account that was deleted has approved, and nobody can tell whose it was")


def _no_owner(person: Person, path: str) -> str:
    return f"{person.login} does not own {path}"


def _not_this_time(facts: ApprovalFacts, vote: Review, person: Person) -> str:
    """Why a vote of someone who can approve is no approval of this content."""
    if vote.state is ReviewState.DISMISSED:
        return f"the review of {person.login} {vote.why_void or 'was dismissed'}"
    if not vote.sha:
        return f"the forge does not say when {person.login} approved, so not what: approve again"
    if vote.sha != facts.head_sha:
        return f"{person.login} approved {vote.sha[:_SHOWN]}, but the head is now {facts.head_sha[:_SHOWN]}"
    return f"{person.login} approved after the merge, which is too late"
