"""What any replica saw last, for all of them: when a registry was swept, how its webhook fares."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from registrar.database.tables import SIGHTS


@dataclass(frozen=True, slots=True)
class Sight:
    """One thing that was seen."""

    what: str  # "sweep" or "hook"
    of: str  # the repository that it is about
    state: str
    at: float  # seconds since the epoch


class Sights:
    """The table; of each thing it keeps the newest sight."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database
        self._insert_into = sqlite.insert if database.dialect.name == "sqlite" else postgresql.insert

    def keep(self, what: str, of: str, state: str, *, at: datetime) -> None:
        """Keep what was seen, unless somebody saw it later."""
        insert = self._insert_into(SIGHTS).values(what=what, of=of, state=state, at=at.timestamp())
        newer = insert.on_conflict_do_update(
            index_elements=[SIGHTS.c.what, SIGHTS.c.of],
            set_={"state": insert.excluded.state, "at": insert.excluded.at},
            where=SIGHTS.c.at <= insert.excluded.at,
        )
        with self._database.begin() as connection:
            connection.execute(newer)

    def all(self) -> Iterable[Sight]:
        """Everything that is known."""
        query = sa.select(SIGHTS.c.what, SIGHTS.c.of, SIGHTS.c.state, SIGHTS.c.at).order_by(SIGHTS.c.what, SIGHTS.c.of)
        with self._database.connect() as connection:
            return tuple(Sight(*row) for row in connection.execute(query))
