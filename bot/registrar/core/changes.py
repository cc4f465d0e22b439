"""Knows what changes between two states of a model, and what must be edited to bring a change about."""

from collections.abc import Collection, Iterator

from registrar.core.lifecycle import Transition
from registrar.core.standing import named, status_of, traffic_of
from registrar.core.status_edits import StatusEdit
from registrar.core.versions import ascending
from registrar.errors import NotAllowed, Unknown
from registry_schema import Holders, Holdings, Registry


def transitions(
    model: str, before: Holdings, after: Holdings, *, versions: Collection[str], initial: str
) -> tuple[Transition, ...]:
    """Every version whose status or share of the traffic differs, ascending; named nowhere means the initial status."""
    concerned = ascending({*versions, *named(before), *named(after)})
    moves = (_transition(model, version, before, after, initial) for version in concerned)
    return tuple(move for move in moves if move.before != move.after or move.traffic_before != move.traffic_after)


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


def _transition(model: str, version: str, before: Holdings, after: Holdings, initial: str) -> Transition:
    return Transition(
        model,
        version,
        status_of(before, version, initial=initial),
        status_of(after, version, initial=initial),
        traffic_of(before, version),
        traffic_of(after, version),
    )


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
