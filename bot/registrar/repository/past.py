"""Knows what the base branch held at a moment of the past: by the ledger where it tells of the merge, else by git."""

from dataclasses import dataclass
from datetime import datetime

from registrar.core.audit_notes import moment, told
from registrar.errors import Unknown
from registrar.repository.audited import shallow_ends
from registrar.repository.auditing import Step, steps
from registrar.repository.git import GitRepository


@dataclass(frozen=True, slots=True)
class Stood:
    """The commit at which the base stood, and how that is known."""

    commit: str
    title: str
    landed_at: datetime
    by_ledger: bool  # by the forge's clock; else by the clock of whoever made the commit


def base_at(repository: GitRepository, tip: str, at: datetime) -> Stood:
    """Where a base that is at the tip now was at a moment. Raises `Unknown` where it was not there yet.

    What the forge says of a merge holds for all that was there before it and all that came after it. Between two such
    merges, nothing landed before it was made: the base stood below the first commit that was made later.
    """
    found: Stood | None = None
    last = None
    for last in steps(repository, tip):
        stood = _stood(last)
        if stood.landed_at > at:
            found = None
            continue
        found = found or stood
        if stood.by_ledger:
            return found
    if found is None or (last is not None and last.sha in shallow_ends(repository) and found.commit == last.sha):
        raise Unknown(_not_yet(repository, at, last))
    return found


def _stood(step: Step) -> Stood:
    title = step.message.partition("\n")[0]
    merges = told(step.note, step.sha, is_cut=step.is_cut).merged if step.note else ()
    landed = [at for at in (moment(merged["at"]) for merged in merges) if at is not None]
    return Stood(step.sha, title, max(landed, default=step.committed_at), bool(landed))


def _not_yet(repository: GitRepository, at: datetime, first: Step | None) -> str:
    said = f"nothing is known of the base at {at.isoformat(timespec='seconds')}"
    if first is None:
        return said
    if first.sha in shallow_ends(repository):
        return f"{said}: this clone begins with {first.sha[:7]}; git fetch --unshallow"
    return f"{said}: it begins with {first.sha[:7]}, of {first.committed_at.isoformat()}"
