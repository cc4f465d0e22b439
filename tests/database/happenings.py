"""What happened to a server before a person looks: events that wait, run, were parked and are done."""

from datetime import UTC, datetime

import sqlalchemy as sa

from registrar.core.events import Event, PullRequestChanged
from registrar.database.inbox import Inbox
from registrar.database.migrating import migrate
from registrar.database.replicas import Replicas
from registrar.database.tables import INBOX
from registrar.database.works import Claim, Works

REASON = "GitHub does not take it: no commits between main and change"


def a_pull_request(number: int, repository: str = "acme/registry") -> PullRequestChanged:
    return PullRequestChanged(repository, number)


class Server:
    """A server's database, and the one replica that works on it."""

    def __init__(self, database: sa.Engine) -> None:
        migrate(database)
        self.database = database
        self.inbox = Inbox(database)
        self.works = Works(database)
        self.replica = Replicas(database).join("host:1")

    def hears(self, *events: Event) -> None:
        known = self._count()
        for number, event in enumerate(events):
            assert self.inbox.add(f"guid-{known + number}", event, now=datetime.now(UTC))

    def takes(self) -> Claim:
        [claim] = self.works.take(replica=self.replica, room=1, now=datetime.now(UTC))
        return claim

    def finishes(self, event: Event) -> None:
        self.hears(event)
        claim = self.takes()
        self.works.finish(claim, event)
        self.works.release(claim)

    def parks(self, *events: Event, reason: str = REASON) -> int:
        """The number of the job that it becomes."""
        self.hears(*events)
        claim = self.takes()
        [row] = self.inbox.rows(claim.batch)
        self.works.park(claim, row, reason=reason)
        self.works.release(claim)
        return row.id

    def _count(self) -> int:
        with self.database.connect() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(INBOX)).scalar_one()
