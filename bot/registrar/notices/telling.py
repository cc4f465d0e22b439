"""Knows who must be told of an effect: the rules of a commit name the channels, and each is told by itself."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from registrar.core.events import FollowUp, SendNotice
from registrar.errors import InvalidRegistry
from registry_schema import Notice
from registry_schema.policy import NoticeEvent

log = logging.getLogger("registrar.notices")


@dataclass(frozen=True, slots=True)
class Notices:
    """The notices of one registry, by the rules of whichever commit is asked."""

    repository: str
    rules: Callable[[str], tuple[Notice, ...]]  # `notices:` of registry.yaml at a commit

    def tell(  # noqa: PLR0913 - what a notice says, each by its name
        self, event: NoticeEvent, *, at: str, key: str, subject: str, url: str, by: str = "", reason: str = ""
    ) -> tuple[FollowUp, ...]:
        """What to look at next so that everybody who wants to hear of the event is told: return it from your handler.

        Nothing is sent here, so nothing here can fail or take time. Call it where you write your own record of the
        effect (your commit status, your ledger entry), right before that, and only while the record is not there yet.

        - `at`: the commit of the base whose registry.yaml says who is told; of a change that landed, the base before it
        - `key`: names the effect for good, `7-<sha>`: under the same key nobody is told twice, however often you call
        - `subject`: what it is about in a few words, `digits 1.1.0 to Production`, `commit 4f2a91c`
        - `by`, `reason`: whose doing it is, by login, and their words or ours; texts of people are made harmless here
        - `url`: where to read more: the pull request, the comment, the commit, the run

        A channel that does not take it is tried again by the engine for about an hour, and then given up, logged.
        After a crash at the wrong moment, or without its database, somebody may be told a second time.
        """
        return tuple(
            FollowUp(
                SendNotice(self.repository, channel, event, subject, by, reason, url, name),
                once=name,
            )
            for channel in self._channels(event, at)
            for name in (f"notice:{channel}:{event}:{key}",)
        )

    def _channels(self, event: NoticeEvent, at: str) -> tuple[str, ...]:
        try:
            wanted = (notice.channel for notice in self.rules(at) if event in notice.events)
            return tuple(dict.fromkeys(wanted))
        except InvalidRegistry as error:
            log.warning("nobody is told of %s: the rules of %s cannot be read: %s", event, at[:7], error)
            return ()
