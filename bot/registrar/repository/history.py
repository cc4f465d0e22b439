"""Knows what happened to a model: every change of its status file that landed on a branch, and who asked for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from registrar.core import layout
from registrar.core.changes import transitions
from registrar.core.lifecycle import Transition
from registrar.errors import InvalidRegistry
from registrar.repository.commit_log import Commit
from registrar.repository.git import GitRepository
from registrar.repository.snapshot import Snapshot
from registry_schema import Holdings

REQUESTED_BY = "Requested-by"


@dataclass(frozen=True, slots=True)
class Entry:
    """One step of the branch that changed a model's status file; a merge is one step."""

    commit: Commit
    transitions: tuple[Transition, ...]  # none when the file could not be read, or when nothing but its form changed
    is_readable: bool
    requested_by: tuple[str, ...]  # by its trailers, or by those of the commits that a merge brought


def history(repository: GitRepository, commit: str, model: str) -> tuple[Entry, ...]:
    """Newest first, along the first parents of the commit, whatever became of the model since."""
    steps = _steps(repository, commit, model)
    initial = _initial(repository, commit)
    entries = []
    before = Holdings()
    for step, after in steps:
        moves = () if after is None else transitions(model, before, after, initial=initial)
        entries.append(Entry(step, moves, after is not None, _requested_by(repository, step)))
        before = before if after is None else after
    return tuple(reversed(entries))


def held_before(repository: GitRepository, commit: str, model: str) -> Mapping[str, frozenset[str]]:
    """The statuses that each version was ever given by the history of the commit, the present ones included."""
    held: dict[str, frozenset[str]] = {}
    for _, holdings in _steps(repository, commit, model):
        for status, holders in holdings.statuses.items() if holdings is not None else ():
            for holder in holders:
                held[holder.version] = held.get(holder.version, frozenset()) | {status}
    return held


def earlier_holders(repository: GitRepository, commit: str, model: str, status: str) -> tuple[str, ...]:
    """Every version that the status was ever given to, the one that held it last first, the present ones included."""
    found: dict[str, None] = {}
    for _, holdings in reversed(_steps(repository, commit, model)):
        if holdings is not None:
            found.update(dict.fromkeys(version for version in holdings.holders_of(status) if version not in found))
    return tuple(found)


def _steps(repository: GitRepository, commit: str, model: str) -> list[tuple[Commit, Holdings | None]]:
    """Oldest first; None where the file could not be read."""
    log = repository.first_parent_log(None, commit, layout.status_path(model))
    return [(step, _holdings(repository, step.sha, model)) for step in reversed(log)]


def _holdings(repository: GitRepository, sha: str, model: str) -> Holdings | None:
    try:
        return Snapshot(repository, sha).holdings(model)
    except InvalidRegistry:
        return None


def _requested_by(repository: GitRepository, step: Commit) -> tuple[str, ...]:
    named = step.trailer(REQUESTED_BY)
    if named or len(step.parents) < 2:  # noqa: PLR2004 -- what has two parents is a merge
        return named
    onto, brought = step.parents[:2]
    every = [name for commit in repository.first_parent_log(onto, brought) for name in commit.trailer(REQUESTED_BY)]
    return tuple(dict.fromkeys(every))


def _initial(repository: GitRepository, commit: str) -> str:
    return Snapshot(repository, commit).registry().initial
