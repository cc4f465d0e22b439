"""Knows what changes between two states of a model, and what must be edited to bring a change about."""

from collections.abc import Collection, Iterator, Mapping

from registrar.core.lifecycle import Transition
from registrar.core.standing import status_of
from registrar.core.status_edits import StatusEdit
from registrar.core.versions import ascending
from registrar.errors import NotAllowed, Unknown
from registry_schema import Holders, Holdings, Registry


def transitions(model: str, before: Holdings, after: Holdings, *, initial: str) -> tuple[Transition, ...]:
    """Every version whose status or share of the traffic differs, ascending; named nowhere means the initial status."""
    had, has = _held(before), _held(after)
    nowhere = (initial, None)
    moved = ascending(each for each in {*had, *has} if had.get(each, nowhere) != has.get(each, nowhere))
    ways = ((each, had.get(each, nowhere), has.get(each, nowhere)) for each in moved)
    return tuple(
        Transition(model, version, old, new, old_share, new_share)
        for version, (old, old_share), (new, new_share) in ways
    )


def promoted(registry: Registry, holdings: Holdings, version: str, status: str) -> tuple[StatusEdit, ...]:
    """The edits that give the status to the version and send those it displaces where they belong.

    Raises `NotAllowed` when the version holds the status already, `Unknown` when there is no such status.
    """
    if status not in registry.statuses:
        raise Unknown(f"registry.yaml has no status {status}; it has {', '.join(registry.statuses)}")
    present = status_of(holdings, version, initial=registry.initial)
    if present == status:
        raise NotAllowed(f"{version} already holds {status}; there is nothing to change")
    leaves = () if holdings.status_of(version) is None else (StatusEdit(present, version, "remove"),)
    return (*leaves, *_placed(registry, holdings, version, status))


def rollback_target(
    status: str, earlier: tuple[str, ...], *, present: Collection[str], versions: Collection[str]
) -> str:
    """The newest earlier holder (`earlier` is newest first) that still exists and does not hold the status now.

    Raises `NotAllowed` when there is none.
    """
    for version in earlier:
        if version in versions and version not in present:
            return version
    now = f"before {' and '.join(present)}" if present else "that still exists"
    raise NotAllowed(f"no version held {status} {now}, so there is nothing to go back to; promote a version instead")


def _held(holdings: Holdings) -> Mapping[str, tuple[str, int | None]]:
    """Of each version that a status file names, its status and its share of the traffic: each holder looked at once."""
    return {
        holder.version: (status, holder.traffic) for status, holders in holdings.statuses.items() for holder in holders
    }


def _placed(registry: Registry, holdings: Holdings, version: str, status: str) -> Iterator[StatusEdit]:
    """Put the version there; whom a status for one version displaces goes on to a status for many, by the schema."""
    rules = registry.statuses[status]
    if status == registry.initial:
        return
    if rules.holders is Holders.MANY:
        yield StatusEdit(status, version, "add")
        return
    yield StatusEdit(status, version, "replace")
    if rules.displaced_to is not None and rules.displaced_to != registry.initial:
        yield from (StatusEdit(rules.displaced_to, each, "add") for each in holdings.holders_of(status))
