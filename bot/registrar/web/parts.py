"""Knows which parts a server is made of, and who tells what to whom."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from registrar.bootstrap import registries_for_server
from registrar.core.events import Event, FollowUp
from registrar.database.connecting import address_of, connected, refuse_unreachable
from registrar.database.effects import KeptEffects, UnderWay
from registrar.database.migrating import migrate
from registrar.database.sights import Sights
from registrar.engine import Engine, Handle
from registrar.handlers.bot import Bot
from registrar.handlers.registries import Registries
from registrar.observing.numbers import NUMBERS, Numbers
from registrar.settings import ServerSettings
from registrar.web.app import Inside, create_app
from registrar.web.keyring import Keyring
from registrar.web.metrics import exposition
from registrar.web.readiness import Readiness, inbox_of
from registrar.web.webhooks import Door

log = logging.getLogger("registrar.server")


@dataclass(frozen=True, slots=True)
class Parts:
    """One server, put together and not begun."""

    database: sa.Engine
    registries: Registries
    bots: Sequence[Bot]  # of those registries that are there
    engine: Engine
    readiness: Readiness
    app: FastAPI
    keep: timedelta  # for how long what is done is remembered

    def begin(self) -> None:
        """Take up what was interrupted, and look at everything."""
        self.engine.start(keep=self.keep)
        for sweep in self.registries.sweeps:
            self.engine.accept(f"start:{sweep.work_key}:{datetime.now(UTC).isoformat()}", sweep)
        self.readiness.begun()

    def end(self, grace: timedelta) -> bool:
        """Finish what is running, and leave the rest; False when something still runs that has to be left too."""
        is_over = self.engine.stop(grace)
        self.database.dispose()
        return is_over


def put_together(server: ServerSettings, learn: Callable[[str], None] = lambda _: None) -> Parts:
    """Everything that the settings ask for; `learn` is told of secrets that come later.

    Raises `RegistrarError` for what cannot be had.
    """
    database, under_way = _database(server), UnderWay()
    effects = partial(KeptEffects, database, fence=under_way.still_ours)
    registries = registries_for_server(server, effects, learn=learn)
    bots = registries.start()
    engine = Engine(
        server.state_directory,
        noting_sights(registries.handle, Sights(database), NUMBERS),
        database=database,
        under_way=under_way,
        regularly=registries.sweeps,
        lease=timedelta(seconds=server.lease_seconds),
    )
    readiness = Readiness(inbox_of(database))
    inside = Inside(
        why_not_ready=readiness.why_not,
        metrics=exposition(
            NUMBERS,
            database,
            lambda: engine.paused is not None,
            repositories=[each.repository for each in server.registries],
        ),
        metrics_token=server.metrics_token.reveal() if server.metrics_token else None,
    )
    keep = timedelta(days=server.keep_days)
    return Parts(database, registries, bots, engine, readiness, create_app(_door(server, engine), inside), keep)


def noting_sights(handle: Handle, sights: Sights, numbers: Numbers) -> Handle:
    """Handle events, and tell the other replicas what was seen on the way."""

    def noting(event: Event) -> Sequence[FollowUp]:
        try:
            return handle(event)
        finally:
            for seen in numbers.take_unsaved():
                try:
                    sights.keep(seen.what, seen.of, seen.state, at=seen.at)
                except SQLAlchemyError:  # it is seen again at the next sweep
                    log.warning("what was seen of %s could not be kept", seen.of, exc_info=True)

    return noting


def _database(server: ServerSettings) -> sa.Engine:
    url = server.database.url
    database = connected(address_of(url.reveal() if url else "", server.state_directory))
    refuse_unreachable(database)
    migrate(database)
    return database


def _door(server: ServerSettings, engine: Engine) -> Door:
    own = {name: [each.reveal() for each in secrets] for name, secrets in server.own_secrets.items()}
    return Door(
        forge=server.settings.forge,
        repositories=[each.repository for each in server.registries],
        keys=Keyring([each.reveal() for each in server.webhook_secrets], own),
        accept=engine.accept_soon,
        now=lambda: datetime.now(UTC),
    )
