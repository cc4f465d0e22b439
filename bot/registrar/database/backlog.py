"""How much there is to do, whoever does it: what waits, since when, and what was parked."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from registrar.database.connecting import now_of
from registrar.database.tables import INBOX, IS_PARKED, REPLICAS


@dataclass(frozen=True, slots=True)
class Backlog:
    """The state of the work at one moment."""

    oldest: float  # seconds that the event waits which waits longest, of those whose time has come
    waiting: int  # events that nobody has taken yet
    running: int
    later: int  # events whose time has not come: another try, another look
    parked: Mapping[str, int]  # events that wait for a person, by repository
    replicas: int  # that are alive


def backlog(database: sa.Engine) -> Backlog:
    """Ask the database, by its own clock. Raises what the database raises."""
    now = now_of(database)
    is_open, is_due = INBOX.c.outcome.is_(None), INBOX.c.due_at <= now
    free = INBOX.c.batch.is_(None)
    query = sa.select(
        sa.func.coalesce(now - sa.func.min(sa.case((is_due, INBOX.c.due_at))), 0.0),
        sa.func.count(sa.case((sa.and_(free, is_due), 1))),
        sa.func.count(sa.case((~free, 1))),
        sa.func.count(sa.case((sa.and_(free, ~is_due), 1))),
    ).where(is_open)
    parked = sa.select(INBOX.c.repository, sa.func.count()).where(IS_PARKED).group_by(INBOX.c.repository)
    alive = sa.select(sa.func.count()).select_from(REPLICAS).where(REPLICAS.c.ended_at.is_(None))
    with database.connect() as connection:
        oldest, waiting, running, later = connection.execute(query).one()
        found = {str(repository): int(count) for repository, count in connection.execute(parked)}
        replicas = connection.execute(alive).scalar_one()
    return Backlog(max(float(oldest), 0.0), waiting, running, later, found, replicas)
