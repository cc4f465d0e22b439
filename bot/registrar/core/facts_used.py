"""Knows how the facts are told that an approval was judged by: accounts by their numbers, contents by their hashes."""

from collections.abc import Iterable, Iterator, Mapping

from registrar.core.approval_facts import ApprovalFacts, Owner
from registrar.core.people import Person
from registrar.core.pull_requests import Review
from registry_schema import Approvals

Facts = tuple[tuple[str, str], ...]


def facts_of(facts: ApprovalFacts) -> Facts:
    """What every path is judged by: the content, the base whose rules decide, and who cannot approve."""
    unknown = tuple(f"{name} (no account)" for name in facts.contributors.unknown)
    return (
        ("head", facts.head_sha),
        ("base", f"{facts.base_ref} at {facts.base_sha}"),
        ("requester", _account(facts.requester)),
        ("author", _account(facts.author)),
        ("contributors", _listed([*map(_account, facts.contributors.people), *unknown])),
    )


def facts_of_path(facts: ApprovalFacts, path: str, demand: Approvals, votes: Mapping[int, Review]) -> Facts:
    """What one path is judged by: how many of whom are asked for, and the last word of everyone who gave one."""
    return (
        ("asked for", f"{demand.count} with {demand.permission} rights"),
        *((rule.source, _listed(map(_owner, rule.owners))) for rule in facts.rules_of(path)),
        *_said(votes),
    )


def _said(votes: Mapping[int, Review]) -> Iterator[tuple[str, str]]:
    for vote in votes.values():
        yield f"review {vote.id}", f"{_account(vote.reviewer)} {vote.state} {vote.sha or 'of an unknown commit'}"


def _owner(owner: Owner) -> str:
    return f"{owner.person.login} ({owner.person.id}, {owner.permission.name.lower()})"


def _account(person: Person | None) -> str:
    return f"{person.login} ({person.id})" if person is not None else "nobody that can be shown"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "nobody"
