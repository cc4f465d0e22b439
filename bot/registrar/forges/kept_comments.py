"""Which comments on a forge are ours, and how each topic keeps exactly one.

A comment is ours when its first line is the marker *and* our account wrote it: anybody can copy a marker.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from registrar.core.people import Person
from registrar.errors import Unknown
from registrar.forges.shortening import shortened


@dataclass(frozen=True, slots=True)
class KeptComment:
    """A comment as it is now."""

    id: int
    body: str
    author: int | None  # the id of the account; None: it was deleted
    url: str


class Conversations(Protocol):
    """The comments under the pull requests of one repository, as a forge has them."""

    def listed(self, number: int) -> Iterable[KeptComment]:
        """Every comment on a pull request, all pages, in any order."""
        ...

    def found(self, number: int, comment: int) -> KeptComment | None:
        """One comment; None when it is not on that pull request."""
        ...

    def written(self, number: int, text: str) -> KeptComment:
        """Write a comment."""
        ...

    def edited(self, number: int, comment: int, text: str) -> KeptComment:
        """Give a comment of ours other words."""
        ...

    def deleted(self, number: int, comment: int) -> None:
        """Take a comment of ours away. Raises `Unknown` when it is not there."""
        ...


class KeptComments:
    """The comments that this process keeps in one repository.

    It remembers which it wrote, because a listing may lag behind a write and would make it write a second one.
    """

    def __init__(self, conversations: Conversations, *, instance: str, limit: int, farewell: str) -> None:
        """`instance` tells apart two Registrars that share an account; `farewell` ends a text over the `limit`."""
        self._conversations = conversations
        self._instance = instance
        self._limit = limit
        self._farewell = farewell
        self._written: dict[tuple[int, str], int] = {}

    def keep(self, number: int, topic: str, body: str, *, myself: Person) -> str:
        """Create the one comment on a topic, or edit it where it says something else. Returns its address."""
        marker = self._marker(topic)
        text = f"{marker}\n{shortened(body, limit=self._limit - len(marker) - 1, farewell=self._farewell)}"
        current = self._remembered(number, topic, marker, myself) or self._listed(number, marker, myself)
        if current is None:
            current = self._conversations.written(number, text)
        elif not _same_text(current.body, text):
            current = self._conversations.edited(number, current.id, text)
        self._written[number, topic] = current.id
        return current.url

    def has(self, number: int, topic: str, *, myself: Person) -> bool:
        """Whether there is a comment of ours on a topic."""
        marker = self._marker(topic)
        return (self._remembered(number, topic, marker, myself) or self._listed(number, marker, myself)) is not None

    def _marker(self, topic: str) -> str:
        return f"<!-- registrar:{_quoted(topic)}:{_quoted(self._instance)} -->"

    def _remembered(self, number: int, topic: str, marker: str, myself: Person) -> KeptComment | None:
        written = self._written.get((number, topic))
        comment = self._conversations.found(number, written) if written is not None else None
        return comment if comment is not None and _is_ours(comment, marker, myself) else None

    def _listed(self, number: int, marker: str, myself: Person) -> KeptComment | None:
        """The newest of ours; older ones, left by a race that nobody could see, are deleted."""
        comments = self._conversations.listed(number)
        ours = sorted((c for c in comments if _is_ours(c, marker, myself)), key=lambda comment: comment.id)
        for older in ours[:-1]:
            self._delete(number, older)
        return ours[-1] if ours else None

    def _delete(self, number: int, comment: KeptComment) -> None:
        try:
            self._conversations.deleted(number, comment.id)
        except Unknown:
            return  # somebody else was faster


def _is_ours(comment: KeptComment, marker: str, myself: Person) -> bool:
    lines = comment.body.splitlines()
    return bool(lines) and lines[0].strip() == marker and comment.author == myself.id


def _same_text(kept: str, text: str) -> bool:
    """A forge may keep a text with other line ends, and without the blank at its end."""
    return kept.replace("\r\n", "\n").rstrip() == text.rstrip()


def _quoted(text: str) -> str:
    """A text that cannot end the comment it stands in."""
    return quote(text, safe="/@ ").replace("--", "-%2D")
