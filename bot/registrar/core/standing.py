"""Knows the status of every version, also of those that a status file does not name."""

from collections.abc import Iterable

from registry_schema import Holdings


def status_of(holdings: Holdings, version: str, *, initial: str) -> str:
    """The status the version holds; the initial one when it is named nowhere."""
    return holdings.status_of(version) or initial


def holders_of(holdings: Holdings, status: str, *, versions: Iterable[str], initial: str) -> tuple[str, ...]:
    """The versions that hold the status, in the order of `versions` for the initial one."""
    if status == initial:
        return tuple(version for version in versions if status_of(holdings, version, initial=initial) == initial)
    return holdings.holders_of(status)


def named(holdings: Holdings) -> frozenset[str]:
    """Every version that the status file names."""
    return frozenset(holder.version for holders in holdings.statuses.values() for holder in holders)


def traffic_of(holdings: Holdings, version: str) -> int | None:
    """The share of the traffic that the status file gives the version."""
    every = (holder for holders in holdings.statuses.values() for holder in holders)
    return next((holder.traffic for holder in every if holder.version == version), None)
