"""Knows whether what an entry of the ledger says of a commit is what git says of it."""

from collections.abc import Iterator, Sequence

from registrar.core.ledger import Merged
from registrar.core.proof_facts import Finding, Landed, breach, called, forge_of

_MEND = "see who wrote it: git log --show-signature refs/notes/registrar"


def false_claims(landed: Landed, entry: Merged) -> Iterator[Finding]:
    """Everything in which the two differ."""
    for why in _differences(landed, entry):
        yield breach(landed.commit, f"the ledger says something else of {called(entry)} than git", why, _MEND)


def _differences(landed: Landed, entry: Merged) -> Iterator[str]:
    if forge_of(entry.url) is None:
        yield f"its entry is of no request: {entry.url}"
    if entry.commit != landed.commit:
        yield f"its entry is of {entry.commit[:7]}"
    if entry.before != landed.before:
        yield f"its entry says that the base was {entry.before[:7]} before, and it was {landed.before[:7]}"
    if entry.fork != landed.fork:
        yield f"its entry says that its branch left the base at {str(entry.fork)[:7]}, and it did not"
    if not landed.problems:  # with them nobody can tell what changed, which is a breach by itself
        yield from _other_events(entry.transitions, landed.transitions)
        yield from _other_events(entry.registrations, landed.registrations)
    yield from _other_content(landed, entry)


def _other_events(told: Sequence[object], happened: Sequence[object]) -> Iterator[str]:
    yield from (f"its entry says {_said(each)}, which did not happen" for each in told if each not in happened)
    yield from (f"its entry does not say {_said(each)}" for each in happened if each not in told)


def _other_content(landed: Landed, entry: Merged) -> Iterator[str]:
    """An approval is of one content: what is not that very blob was not approved."""
    approved = dict(entry.content)
    for path, blob in landed.content.items():
        if (approved.get(path) or None) != blob:
            was = _blob(approved.get(path))
            yield f"{path} is not what was approved: {_blob(blob)} landed, and its entry says {was}"


def _said(event: object) -> str:
    return " ".join(event) if isinstance(event, tuple) else str(event)


def _blob(blob: str | None) -> str:
    return f"blob {blob[:7]}" if blob else "no file"
