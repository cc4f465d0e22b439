"""Knows how a run only tells what it would do: each write is told of, and refused at the fence.

Where nothing rests on its answer it is passed over. What would come of any other one is not known, so the work on its
event ends there.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast

from registrar.core.effects import Effect, RememberedEffects
from registrar.core.events import Event, FollowUp, SendNotice, WorkStopped, named
from registrar.core.pull_requests import CommitStatus
from registrar.errors import OnlyForetold
from registrar.forges.port import Forge
from registrar.handlers import handle
from registrar.handlers.bot import Bot
from registrar.observing.deeds import DEEDS


class NoEffects:
    """Nothing is written, whoever wants it; see `Effects`."""

    def __init__(self) -> None:
        self._found = RememberedEffects(lambda: datetime.now(UTC))

    def still_ours(self) -> None:
        """Raises `OnlyForetold`: whoever asks is about to write."""
        raise OnlyForetold

    def known(self, key: str) -> Effect | None:
        """What was found on the other side."""
        return self._found.known(key)

    def begin(self, key: str, kind: str) -> None:
        """It is told of where it is written."""

    def done(self, key: str, result: str) -> None:
        """It was found: nothing else is done here."""
        self._found.done(key, result)

    def dropped(self, key: str) -> None:
        """It was never begun."""


class ReadForge:
    """A forge that is only read: it lets whoever says something go on, and says it back to them."""

    def __init__(self, forge: Forge) -> None:
        self._forge = forge
        self._said: dict[tuple[str, str], CommitStatus] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._forge, name)

    def set_status(self, sha: str, status: CommitStatus) -> None:
        """See `Forge`; from here on it is as if it stood there."""
        with suppress(OnlyForetold):
            self._forge.set_status(sha, status)
            return
        said = replace(status, creator=self._forge.myself(), updated_at=datetime.now(UTC))
        self._said[sha, status.context] = said

    def statuses(self, sha: str, *, by: datetime | None = None) -> tuple[CommitStatus, ...]:
        """See `Forge`."""
        if by is not None:
            return self._forge.statuses(sha, by=by)
        ours = [said for (commit, _), said in self._said.items() if commit == sha]
        return (*reversed(ours), *self._forge.statuses(sha))

    def keep_comment(self, number: int, topic: str, body: str) -> str:
        """See `Forge`; a comment that is not written yet has no address but that of what it is on."""
        with suppress(OnlyForetold):
            return self._forge.keep_comment(number, topic, body)
        return self._forge.pull_request(number).url

    def close_pull_request(self, number: int) -> None:
        """See `Forge`."""
        with suppress(OnlyForetold):
            self._forge.close_pull_request(number)


@dataclass(slots=True)
class Foresight:
    """Works on events as a run does, and writes nothing."""

    bot: Bot
    cut_short: list[Event] = field(default_factory=list)  # at a write on whose answer the rest depends

    def __post_init__(self) -> None:
        self.bot = replace(self.bot, forge=cast("Forge", ReadForge(self.bot.forge)))

    def handle(self, event: Event) -> Sequence[FollowUp]:
        """As the bot handles it, up to the first write that cannot be passed over."""
        if isinstance(event, SendNotice | WorkStopped):
            DEEDS.foretell(f"tell of it: {event.about}, {event.subject} ({named(event)})")
            return ()
        try:
            return handle(event, self.bot)
        except OnlyForetold:
            self.cut_short.append(event)
            return ()
