"""Knows what becomes of ten thousand events that wait: one look at each pull request is promised, and all done."""  # noqa: INP001 - a script

import argparse
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from registrar.core.events import Event, FollowUp, PullRequestChanged
from registrar.database.connecting import address_of, connected
from registrar.database.inbox import Inbox
from registrar.database.migrating import migrate
from registrar.database.tables import DONE, INBOX
from registrar.engine import Engine, Handle

EVENTS, PULL_REQUESTS, REGISTRIES = 10_000, 500, 5
_AT_ONCE = 500  # rows of one commit


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run has shown."""

    events: int
    pull_requests: int
    looks: int  # at pull requests
    most_looks: int  # at one of them
    forgotten: int  # events that are not done
    seconds: float

    @property
    def are_as_promised(self) -> bool:
        """Each pull request was looked at once, and every event is done."""
        return (self.looks, self.most_looks, self.forgotten) == (self.pull_requests, 1, 0)


def main() -> int:
    """Print how many looks it took; 1 when the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--database", default="", help="the address of an empty PostgreSQL; a file of SQLite otherwise")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        figures = _measured(Path(folder), arguments.database)
    sys.stdout.write(json.dumps(asdict(figures), indent=2) + "\n" if arguments.json else _text(figures))
    return 0 if figures.are_as_promised else 1


def _text(figures: Figures) -> str:
    ratio = figures.looks / figures.pull_requests
    return (
        f"{figures.events} events on {figures.pull_requests} pull requests of {REGISTRIES} registries\n"
        f"looks for each pull request  {ratio:6.2f}, 1 promised; at most {figures.most_looks}\n"
        f"events that were forgotten   {figures.forgotten:6}, 0 promised\n"
        f"pull requests a second       {figures.pull_requests / figures.seconds:6.0f}\n"
    )


def _measured(folder: Path, url: str) -> Figures:
    database = connected(address_of(url, folder))
    migrate(database)
    events = [_event(number) for number in range(EVENTS)]
    inbox, now = Inbox(database), datetime.now(UTC)
    for first in range(0, EVENTS, _AT_ONCE):
        part = events[first : first + _AT_ONCE]
        inbox.add_all([(f"delivery-{first + number}", event) for number, event in enumerate(part)], now=now)
    looks: Counter[Event] = Counter()
    seconds = _worked_off(Engine(folder, _looking(looks), database=database), database)
    forgotten = _unfinished(database)
    database.dispose()
    return Figures(EVENTS, PULL_REQUESTS, looks.total(), max(looks.values()), forgotten, seconds)


def _event(number: int) -> PullRequestChanged:
    """Many events of each pull request, as far from each other as they can be."""
    which = number % PULL_REQUESTS
    return PullRequestChanged(f"acme/registry-{which % REGISTRIES}", which // REGISTRIES + 1)


def _looking(looks: Counter[Event]) -> Handle:
    lock = threading.Lock()

    def look(event: Event) -> Sequence[FollowUp]:
        with lock:
            looks[event] += 1
        return ()

    return look


def _worked_off(engine: Engine, database: sa.Engine) -> float:
    start = time.perf_counter()
    engine.start()
    while _unfinished(database):
        time.sleep(0.1)
    seconds = time.perf_counter() - start
    engine.stop()
    return seconds


def _unfinished(database: sa.Engine) -> int:
    unfinished = sa.func.coalesce(INBOX.c.outcome, "") != DONE
    with database.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).where(unfinished)).scalar_one()


if __name__ == "__main__":
    sys.exit(main())
