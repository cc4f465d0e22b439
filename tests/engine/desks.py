"""What tests of attempts share: a desk, at which nothing is done by itself."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from registrar.core.events import CommentWritten, Event, FollowUp, PullRequestChanged, WorkStopped
from registrar.database.effects import UnderWay
from registrar.database.inbox import Inbox, decode
from registrar.database.replicas import Replicas
from registrar.database.tables import INBOX
from registrar.database.works import Claim, Works
from registrar.engine.attempts import Attempts
from registrar.engine.gate import Gate

SEVEN = PullRequestChanged("acme/registry", 7)
EIGHT = PullRequestChanged("acme/registry", 8)
COMMENT = CommentWritten("acme/registry", 7, 31)
LATER = timedelta(days=1)  # everything that was put off is due

Trouble = Exception | Callable[[], Sequence[FollowUp]]


class Desk:
    """Attempts on a database, without anything that runs by itself."""

    def __init__(self, database: sa.Engine) -> None:
        self.database = database
        self.inbox, self.works, self.replicas = Inbox(database), Works(database), Replicas(database)
        self.replica = self.replicas.join("somewhere 1")
        self.under_way = UnderWay()
        self.gate = Gate(probed_after=timedelta(minutes=1))
        self.clock_is_behind_by = timedelta()
        self.attempts = Attempts(
            self.inbox, self.works, self._handle, gate=self.gate, under_way=self.under_way, now=self.now
        )
        self.troubles: dict[Event, Trouble] = {}
        self.seen: list[Event] = []
        self.told: list[Event] = []

    def now(self) -> datetime:
        """By the database's clock, which need not be this machine's."""
        return datetime.now(UTC) + self.clock_is_behind_by

    def add(self, *events: Event) -> None:
        for number, event in enumerate(events):
            self.inbox.add(f"guid-{number}", event, now=datetime.now(UTC))

    def take(self, *, after: timedelta = timedelta()) -> tuple[Claim, ...]:
        return self.works.take(replica=self.replica, room=8, now=datetime.now(UTC) + after)

    def work(self, *, after: timedelta = timedelta()) -> list[Event]:
        """What was looked at."""
        self.seen.clear()
        for claim in self.take(after=after):
            self.attempts.work_on(claim, threading.Event())
        return list(self.seen)

    def states(self) -> list[tuple[str, int]]:
        """The outcome of each event, or why it waits, and how often it was tried."""
        with self.database.connect() as connection:
            rows = connection.execute(sa.select(INBOX).order_by(INBOX.c.id)).all()
        looks = [row for row in rows if not isinstance(decode(row.event), WorkStopped)]
        return [(row.outcome or f"waits: {row.error}", row.attempt) for row in looks]

    def _handle(self, event: Event) -> Sequence[FollowUp]:
        (self.told if isinstance(event, WorkStopped) else self.seen).append(event)
        match self.troubles.get(event):
            case None:
                return ()
            case Exception() as trouble:
                raise trouble
            case do:
                return do()
