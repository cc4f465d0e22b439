"""Which comments on a forge are ours, and how each topic keeps exactly one.

A comment is ours when its first line is the marker *and* our account wrote it: anybody can copy a marker.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

from registrar.core.effects import Effects, acted, refuse_one_more
from registrar.core.people import Person
from registrar.errors import Unknown
from registrar.forges.looking import asked_anew
from registrar.forges.shortening import shortened


@dataclass(frozen=True, slots=True)
class KeptComment:
    """A comment as it is now."""

    id: int
    body: str
    author: int | None  # the id of the account; None: it was deleted
    url: str
    at: datetime | None = None  # when it was written; None: the forge did not say


class Conversations(Protocol):
    """The comments under the pull requests of one repository, as a forge has them."""

    def listed(self, number: int) -> Iterable[KeptComment]:
        """Every comment on a pull request, all pages, in any order."""
        ...

    def listed_since(self, moment: datetime) -> Iterable[tuple[int, KeptComment]]:
        """Every comment anywhere that was written since then, with its number; perhaps older ones too."""
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

    def farewell(self, number: int) -> str:
        """What ends a text that the forge does not take whole: where to read the rest."""
        ...

    def deleted(self, number: int, comment: int) -> None:
        """Take a comment of ours away. Raises `Unknown` when it is not there."""
        ...


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is kept of a comment once it was written: which it is, and what it said."""

    id: int
    digest: str
    url: str

    def __str__(self) -> str:
        return f"{self.id} {self.digest} {self.url}"

    @classmethod
    def of(cls, text: str) -> "Remembered":
        """What `str` made a text of."""
        number, digest, url = text.split(" ", 2)
        return cls(int(number), digest, url)


class KeptComments:
    """The comments that the bot keeps in one repository.

    What is remembered of them wins over a listing, which may lag behind a write and would make it write a second one.
    One that a person has deleted is written anew when there is something else to say, and not before.
    """

    def __init__(self, conversations: Conversations, effects: Effects, *, instance: str, limit: int) -> None:
        """`instance` tells apart two Registrars that share an account; a text over the `limit` is shortened."""
        self._conversations = conversations
        self._effects = effects
        self._instance = instance
        self._limit = limit

    def keep(self, number: int, topic: str, body: str, *, myself: Person) -> str:
        """Create the one comment on a topic, or edit it where it says something else. Returns its address."""
        marker = self._marker(topic)
        farewell = self._conversations.farewell(number)
        text = f"{marker}\n{shortened(body, limit=self._limit - len(marker) - 1, farewell=farewell)}"
        remembered = self._remembered(number, topic)
        if remembered is not None:
            current = self._conversations.found(number, remembered.id)
            if current is None and remembered.digest == _digest(text):
                self._effects.done(self._key(number, topic), str(remembered))  # so that it is not forgotten meanwhile
                return remembered.url
            kept = self._edited(number, current, remembered.id, text, myself)
        else:
            kept = None
        kept = kept or self._adopted_or_written(number, topic, text, myself)
        now = Remembered(kept.id, _digest(text), kept.url)
        if now != remembered:
            self._effects.done(self._key(number, topic), str(now))
        return kept.url

    def since(self, moment: datetime, under: Collection[int] | None) -> Mapping[tuple[int, int], str]:
        """What anybody has written since then, by number and id; that without a time is told too. None: anywhere."""
        found = (
            self._conversations.listed_since(moment)
            if under is None
            else ((number, each) for number in under for each in self._conversations.listed(number))
        )
        return {(number, each.id): each.body for number, each in found if each.at is None or each.at >= moment}

    def has(self, number: int, topic: str, *, myself: Person) -> bool:
        """Whether there is a comment of ours on a topic, or was until somebody deleted it."""
        if self._remembered(number, topic) is not None:
            return True
        return self._listed(number, self._marker(topic), myself) is not None

    def _marker(self, topic: str) -> str:
        return f"<!-- registrar:{_quoted(topic)}:{_quoted(self._instance)} -->"

    def _key(self, number: int, topic: str) -> str:
        return f"comment:{number}:{topic}:{self._instance}"

    def _remembered(self, number: int, topic: str) -> Remembered | None:
        known = self._effects.known(self._key(number, topic))
        return Remembered.of(known.result) if known is not None and known.result is not None else None

    def _edited(
        self, number: int, current: KeptComment | None, comment: int, text: str, myself: Person
    ) -> KeptComment | None:
        """The comment with this text. None when it is gone, or was never ours: to read it may fail only for now."""
        if current is not None and current.author != myself.id:
            return None
        if current is not None and _same_text(current.body, text):
            return current
        try:
            return self._conversations.edited(number, comment, text)
        except Unknown:
            return None

    def _adopted_or_written(self, number: int, topic: str, text: str, myself: Person) -> KeptComment:
        key = self._key(number, topic)
        known = self._effects.known(key)
        with asked_anew() if known is not None else nullcontext():  # it may be there by now
            listed = self._listed(number, self._marker(topic), myself)
        edited = self._edited(number, listed, listed.id, text, myself) if listed is not None else None
        if edited is not None:
            return edited
        refuse_one_more(known, f"a comment on {topic} under {number}")
        return acted(self._effects, key, "comment", lambda: self._conversations.written(number, text))

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


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _quoted(text: str) -> str:
    """A text that cannot end the comment it stands in."""
    return quote(text, safe="/@ ").replace("--", "-%2D")
