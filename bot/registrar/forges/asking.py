"""What asking any forge needs: a wish that an error can tell of, a token that may be sent, and when to come back."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from registrar.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a forge, so that an error can say it: an infinitive, and the right that a token needs for it."""

    to: str
    right: str


def segment(text: str) -> str:
    """A text as one segment of a path."""
    return quote(text, safe="")


def usable_token(token: str) -> str:
    """The token, if a header can carry it; raises `NotAllowed`, which does not show it."""
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise NotAllowed("the token is empty or holds a character that no token has; nothing was sent")
    return token


def retry_at(*, after: str, reset: str, otherwise: timedelta) -> datetime:
    """When a forge wants to be asked again.

    `after` is its Retry-After, in seconds or as a date; `reset` the second of the epoch in which its limit ends. Either
    may be empty or nonsense; `otherwise` is how long its silence means.
    """
    now = datetime.now(UTC)
    with suppress(ValueError, OverflowError):
        if after := after.strip():
            return now + timedelta(seconds=int(after)) if after.isdecimal() else parsedate_to_datetime(after)
        if reset:
            return datetime.fromtimestamp(int(reset), UTC)
    return now + otherwise
