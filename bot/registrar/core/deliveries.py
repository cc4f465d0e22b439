"""Knows which webhooks lead here, and which of their deliveries must be sent again: what no sweep would find."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

_QUERY = re.compile(r"[?#].*", re.DOTALL)
_TAKEN, _NO = range(200, 300), range(400, 500)  # HTTP's own numbers

MOST_ATTEMPTS = 20  # to tell one thing, each with ten minutes for whoever mends it: what stays lost then is named


class HookState(StrEnum):
    """How a webhook fares, as its forge tells."""

    ACTIVE = "active"
    FAILING = "failing"  # the last time nobody took what it told
    DISABLED = "disabled"  # it tells nothing any more, for a while or for good


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook that leads to this bot."""

    id: int
    page: str  # where a person looks after it
    state: HookState
    says: str = ""  # why it is not active


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to tell something."""

    id: int
    name: str  # the same for every attempt to tell the same
    status: int  # that was answered; 0: nobody answered
    is_found: bool  # whether a sweep finds it, so that it need not be told again

    @property
    def arrived(self) -> bool:
        """Whether it was taken."""
        return self.status in _TAKEN


@dataclass(frozen=True, slots=True)
class Lost:
    """Something that did not arrive, and no sweep finds."""

    last: Delivery  # of the attempts to tell it
    attempts: int

    @property
    def is_refused(self) -> bool:
        """Whether telling it again changes nothing: it was, and the answer was no once more."""
        return self.attempts > 1 and self.last.status in _NO

    @property
    def is_given_up(self) -> bool:
        """Whether it was told so often in vain that a person must look why."""
        return self.is_refused or self.attempts >= MOST_ATTEMPTS


@dataclass(frozen=True, slots=True)
class Telling:
    """What is known of what a webhook has told."""

    newest: int | None = None  # the id of the newest attempt that was looked at
    works: bool = True  # whether that one arrived
    lost: Mapping[str, Lost] = field(default_factory=dict)  # by name, oldest first


def leads_here(url: str, *, door: str, public_url: str | None) -> bool:
    """Whether a webhook is this bot's: where nobody said its address, every one that ends in the path of its door."""
    address = _QUERY.sub("", url).rstrip("/")
    return address.endswith(door) if public_url is None else address == public_url + door


def after(known: Telling, attempts: Sequence[Delivery]) -> Telling:
    """What is known after a look at the attempts since the last one, newest first."""
    if not attempts:
        return known
    lost, arrived = dict(known.lost), set()
    for attempt in reversed(attempts):
        if attempt.arrived:
            arrived.add(attempt.name)
            lost.pop(attempt.name, None)
        elif not attempt.is_found and attempt.name not in arrived:
            before = lost[attempt.name].attempts if attempt.name in lost else 0
            lost[attempt.name] = Lost(attempt, before + 1)
    return Telling(attempts[0].id, attempts[0].arrived, lost)


def to_send_again(told: Telling, *, at_most: int) -> tuple[Delivery, ...]:
    """What to send again now, oldest first: each once, and again only as long as nobody answers, and not without end.

    While nothing arrives one is enough to see whether anything would.
    """
    waiting = tuple(each.last for each in told.lost.values() if not each.is_given_up)
    return waiting[:at_most] if told.works else waiting[-1:]
