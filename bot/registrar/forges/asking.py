"""What asking any forge needs: a wish that an error can tell of, a token that may be sent, and when to come back."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit

from requests import RequestException

from registrar.errors import ForgeUnavailable, NotAllowed, Unknown

_SOONEST = timedelta(seconds=5)  # a wait that a forge asked for counts as no attempt: at once would be for ever
_LATEST = timedelta(hours=1)  # GitHub's limits are counted by the hour, GitLab's by the minute or the hour


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a forge, so that an error can say it: an infinitive, and the right that a token needs for it."""

    to: str
    right: str


def no_answer(forge: str, wish: Wish, error: RequestException) -> ForgeUnavailable:
    """What is said where nothing came back: of a write nobody knows whether it was done, and a read does nothing."""
    asked = error.request
    what = f"{forge} did not answer when asked to {wish.to} ({type(error).__name__})"
    if asked is None or asked.method not in {"GET", "HEAD"}:
        return ForgeUnavailable(f"{what}; it may still have been done")
    url = urlsplit(str(asked.url))
    return ForgeUnavailable(f"{what}; see that {url.scheme}://{url.netloc} can be reached from here, and try again")


def is_no(kind: str) -> Unknown:
    """What is said where an address does not know what every forge of that kind does."""
    message = f"no {kind} answers at the forge's address"
    return Unknown(f"{message}; say which kind it is, with --forge or REGISTRAR_FORGE, or mend REGISTRAR_FORGE_URL")


def segment(text: str) -> str:
    """A text as one segment of a path."""
    return quote(text, safe="")


def usable_token(token: str) -> str:
    """The token, if a header can carry it; raises `NotAllowed`, which does not show it."""
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise NotAllowed("the token is empty or holds a character that no token has; nothing was sent")
    return token


def retry_at(*, after: str, reset: str, otherwise: timedelta, now: datetime | None = None) -> datetime:
    """When to ask a forge again: as it wants, but neither at once nor in another year.

    `after` is its Retry-After, in seconds or as a date; `reset` the second of the epoch in which its limit ends. Either
    may be empty or nonsense; `otherwise` is how long its silence means. `now` is the clock's unless told.
    """
    now = now or datetime.now(UTC)
    return min(max(_wanted(after.strip(), reset, now) or now + otherwise, now + _SOONEST), now + _LATEST)


def _wanted(after: str, reset: str, now: datetime) -> datetime | None:
    with suppress(ValueError, OverflowError):
        if after:
            wanted = now + timedelta(seconds=int(after)) if after.isdecimal() else parsedate_to_datetime(after)
            return wanted if wanted.tzinfo is not None else wanted.replace(tzinfo=UTC)
        if reset:
            return datetime.fromtimestamp(int(reset), UTC)
    return None
