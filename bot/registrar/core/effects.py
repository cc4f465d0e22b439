"""Knows how an effect happens once: an intent is kept before the act and its result after, and a doubt is looked up."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from registrar.errors import ForgeUnavailable, NotConfirmed, RegistrarError

Done = TypeVar("Done")

MOST_ACTS = 2  # of one effect: the first, and one more when the other side can be shown not to have it
SHOWS_UP_WITHIN = timedelta(seconds=10)  # how long after a write a forge's listings may lack it; an assumption
DOUBTED_FOR = timedelta(hours=1)  # a listing that lacks it for so long says that it never happened

Fence = Callable[[], None]  # raises `Superseded` when somebody else has taken over the work that is under way


@dataclass(frozen=True, slots=True)
class Effect:
    """What is kept of one effect."""

    kind: str  # for a person who reads: "comment", "deploy"
    acts: int  # that may have happened since it was last known to be undone
    since: timedelta  # how long ago the last of them was begun
    result: str | None  # what it is called on the other side; None: that is in doubt


class Effects(Protocol):
    """The effects of one registry, each under its operation key."""

    def still_ours(self) -> None:
        """Ask before every write. Raises `Superseded` when another replica has taken over the work under way."""
        ...

    def known(self, key: str) -> Effect | None:
        """What is kept of an effect; None when nothing is, which proves nothing: it is but a cache."""
        ...

    def begin(self, key: str, kind: str) -> None:
        """Keep that it is about to be acted. Raises `Superseded` like `still_ours`."""
        ...

    def done(self, key: str, result: str) -> None:
        """Keep what it became. Raises `Superseded` like `still_ours`."""
        ...

    def dropped(self, key: str) -> None:
        """Count the last act for none: the other side has said no. Raises `Superseded` like `still_ours`."""
        ...


class RememberedEffects:
    """What one process remembers, while nobody else can take over its work: for the command line, and for tests."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._effects: dict[str, tuple[Effect, datetime]] = {}

    def still_ours(self) -> None:
        """It always is."""

    def known(self, key: str) -> Effect | None:
        """See `Effects`."""
        if key not in self._effects:
            return None
        effect, begun = self._effects[key]
        return replace(effect, since=self._now() - begun)

    def begin(self, key: str, kind: str) -> None:
        """See `Effects`."""
        known = self.known(key)
        acts = known.acts + 1 if known is not None and known.result is None else 1
        self._effects[key] = Effect(kind, acts, timedelta(), None), self._now()

    def done(self, key: str, result: str) -> None:
        """See `Effects`; what was found rather than made was never begun."""
        effect, begun = self._effects.get(key, (Effect("found", 0, timedelta(), None), self._now()))
        self._effects[key] = replace(effect, result=result), begun

    def dropped(self, key: str) -> None:
        """See `Effects`."""
        effect, begun = self._effects[key]
        self._effects[key] = replace(effect, acts=effect.acts - 1), begun


def acted(effects: Effects, key: str, kind: str, act: Callable[[], Done]) -> Done:
    """Keep the intent, then act. An answer that is a plain no takes it back; any other failure leaves a doubt.

    What it became is the caller's to keep, by `done`.
    """
    effects.begin(key, kind)
    try:
        return act()
    except RegistrarError as error:
        if not isinstance(error, ForgeUnavailable) or error.was_refused:
            effects.dropped(key)
        raise


def refuse_one_more(known: Effect | None, key: str) -> None:
    """Raises when an effect that was looked for, and is not there, must not be acted (again) now."""
    if known is None or known.result is not None or not known.acts or known.since >= DOUBTED_FOR:
        return
    if known.since < SHOWS_UP_WITHIN:
        raise ForgeUnavailable(f"{key} may have been done, and need not show yet; it is looked for again")
    if known.acts >= MOST_ACTS:
        raise NotConfirmed(f"{key} was sent {known.acts} times and is not to be seen; look before it is repeated")
