"""Knows the order of versions: Semantic Versioning's, with the build as the last word where that leaves a tie."""

from collections.abc import Collection, Iterable

import semver


def ascending(versions: Iterable[str]) -> tuple[str, ...]:
    """The versions from the lowest to the highest."""
    return tuple(sorted(versions, key=_key))


def latest(versions: Collection[str]) -> str | None:
    """The highest version that is not a pre-release, or the highest of all when only those exist; None of none."""
    finished = [version for version in versions if semver.Version.parse(version).prerelease is None]
    return max(finished or versions, key=_key, default=None)


def _key(version: str) -> tuple[semver.Version, str]:
    return semver.Version.parse(version), version
