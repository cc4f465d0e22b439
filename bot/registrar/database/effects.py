"""The effects that every replica knows of: each under its operation key, begun before the act and done after it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from registrar.core.effects import Effect, Fence
from registrar.database.connecting import now_of
from registrar.database.tables import EFFECTS, FORGOTTEN

WAS_DONE: Final = sa.and_(EFFECTS.c.result.is_not(None), EFFECTS.c.acts > 0)


class UnderWay:
    """What this thread works on, so that a write deep below can ask whether it still is ours. One for a process."""

    def __init__(self) -> None:
        self._fence: ContextVar[Fence | None] = ContextVar("fence", default=None)

    @contextmanager
    def held_by(self, fence: Fence) -> Iterator[None]:
        """Ask this before every write that is made inside."""
        token = self._fence.set(fence)
        try:
            yield
        finally:
            self._fence.reset(token)

    def still_ours(self) -> None:
        """Raises `Superseded` as the fence does; what is done outside of any work nobody can take over."""
        fence = self._fence.get()
        if fence is not None:
            fence()


class KeptEffects:
    """The effects of one registry in the database; see `Effects`."""

    def __init__(self, database: sa.Engine, repository: str, *, fence: Fence) -> None:
        self._database = database
        self._repository = repository
        self._fence = fence

    def still_ours(self) -> None:
        """See `Effects`."""
        self._fence()

    def known(self, key: str) -> Effect | None:
        """See `Effects`."""
        since = now_of(self._database) - EFFECTS.c.begun_at
        query = sa.select(EFFECTS.c.kind, EFFECTS.c.acts, since.label("since"), EFFECTS.c.result).where(self._is(key))
        with self._database.connect() as connection:
            row = connection.execute(query).one_or_none()
        return Effect(row.kind, row.acts, timedelta(seconds=max(row.since, 0.0)), row.result) if row else None

    def begin(self, key: str, kind: str) -> None:
        """See `Effects`."""
        again = sa.case((EFFECTS.c.result.is_(None), EFFECTS.c.acts + 1), else_=1)
        now = now_of(self._database)
        begun = {"acts": again, "begun_at": now, "done_at": None, "result": None}
        self._write(key, changes=begun, fresh={"kind": kind, "acts": 1, "begun_at": now})

    def done(self, key: str, result: str) -> None:
        """See `Effects`; what was found rather than made was never begun."""
        now = now_of(self._database)
        ended = {"done_at": now, "result": result}
        self._write(key, changes=ended, fresh={"kind": "found", "acts": 0, "begun_at": now, **ended})

    def dropped(self, key: str) -> None:
        """See `Effects`."""
        self._fence()
        with self._database.begin() as connection:
            connection.execute(sa.update(EFFECTS).where(self._is(key)).values(acts=EFFECTS.c.acts - 1))

    def _write(self, key: str, *, changes: Mapping[str, object], fresh: Mapping[str, object]) -> None:
        """Change the row, or make it; one work at a time knows a key, so nobody else makes it in between."""
        self._fence()
        with self._database.begin() as connection:
            changed = connection.execute(sa.update(EFFECTS).where(self._is(key)).values(changes))
            if not changed.rowcount:
                row = {"repository": self._repository, "key": key, **fresh}
                connection.execute(sa.insert(EFFECTS).values(row))

    def _is(self, key: str) -> sa.ColumnElement[bool]:
        return sa.and_(EFFECTS.c.repository == self._repository, EFFECTS.c.key == key)


def counted(database: sa.Engine) -> Mapping[str, int]:
    """How many effects of each kind were done, ever; what was only found to be there was done before."""
    query = sa.select(EFFECTS.c.kind, sa.func.count().label("times")).where(WAS_DONE).group_by(EFFECTS.c.kind)
    with database.connect() as connection:
        times = Counter({row.kind: row.times for row in connection.execute(query)})
        return times + Counter({row.kind: row.times for row in connection.execute(sa.select(FORGOTTEN))})
