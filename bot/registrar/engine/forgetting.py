"""Forgets what was done long ago: a portion at a time, between other things, and by one replica at once."""

from datetime import UTC, datetime, timedelta
from typing import Final

from registrar.database.retention import Retention
from registrar.database.works import Works
from registrar.engine.durable import Durable

PORTION: Final = 500  # rows: a tenth of a second among 300,000


class Forgetting:
    """Begins when it is told that it is time, and goes on until nothing old is left."""

    def __init__(self, works: Works, retention: Retention, durable: Durable, *, keep: timedelta) -> None:
        self._works = works
        self._retention = retention
        self._durable = durable
        self._keep = keep
        self._is_due = False

    def begin(self) -> None:
        """It is time again."""
        self._is_due = True

    def go_on(self) -> None:
        """Forget the next portion, if any; what another replica forgets just now waits for the next time."""
        if not self._is_due:
            return
        with self._works.looking_after() as is_ours:
            forgotten = self._portion() if is_ours else 0
        self._is_due = forgotten > 0

    def _portion(self) -> int:
        before = datetime.now(UTC) - self._keep
        under_way = [each.execution for each in self._works.unfinished()]
        rows = self._retention.forget(most=PORTION)
        return rows + self._durable.forget(before=before, most=PORTION, under_way=under_way)
