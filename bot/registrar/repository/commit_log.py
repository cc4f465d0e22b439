"""Knows how a commit reads in git's log: who, when, why, and its trailers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_UNIT = "\x1f"
_TRAILERS = f"%(trailers:only,unfold,separator=%x{ord(_UNIT):02x})"
_FIELDS = ("%H", "%P", "%T", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%B", _TRAILERS)
LOG_FORMAT = "--format=tformat:" + "%x00".join(_FIELDS)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who wrote or committed something, and when."""

    name: str
    email: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit as the log tells it."""

    sha: str
    parents: tuple[str, ...]
    tree: str
    author: Signature
    committer: Signature
    message: str
    trailers: tuple[tuple[str, str], ...]

    def trailer(self, key: str) -> tuple[str, ...]:
        """Every value of a trailer, whatever the case of its key."""
        return tuple(value for name, value in self.trailers if name.casefold() == key.casefold())


def parsed_log(output: bytes) -> Iterator[Commit]:
    """Every commit of `git log -z` in `LOG_FORMAT`."""
    fields = iter(output.decode("utf-8", "replace").split("\0")[:-1])
    for sha, parents, tree, *people, message, trailers in zip(*[fields] * len(_FIELDS), strict=True):
        yield Commit(
            sha,
            tuple(parents.split()),
            tree,
            Signature(people[0], people[1], _moment(people[2])),
            Signature(people[3], people[4], _moment(people[5])),
            message,
            tuple(_trailers(trailers)),
        )


def _trailers(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split(_UNIT):
        key, colon, value = line.partition(":")
        if colon:
            yield key.strip(), value.strip()


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:  # git stores any number as a time; one that no calendar has is told as the beginning
        return datetime.fromtimestamp(0, UTC)
