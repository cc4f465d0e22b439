"""Knows the servers that webhooks are sent to: the bot's door, and ones that only prove a webhook and write a row."""  # noqa: INP001 - a script

import asyncio
import hashlib
import hmac
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool

from registrar.core.events import PullRequestChanged
from registrar.database.connecting import address_of, connected
from registrar.database.grouping import Arrival, Grouping
from registrar.database.inbox import Inbox
from registrar.database.migrating import migrate
from registrar.engine import Engine
from registrar.sandbox.serving import listen
from registrar.web.app import create_app
from registrar.web.http import configured
from registrar.web.keyring import Keyring
from registrar.web.webhooks import Accept, Door

SECRET = "the-secret-of-the-benchmark"  # noqa: S105 - it opens nothing
_EVENT = PullRequestChanged("acme/registry", 7)


def main() -> None:
    """Serve until it is told to stop, after the port was printed."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    database = connected(address_of("", folder))
    migrate(database)
    match name:
        case "registrar":
            _serve(_door(_arrivals(database).add))
        case "registrar-working":
            engine = Engine(folder, lambda _: (), database=database)
            engine.start()
            _serve(_door(engine.accept_soon))
            engine.stop()
        case _:
            _serve(_bare(database, grouped=name == "bare-grouped"))


def _serve(app: FastAPI) -> None:
    with listen(0) as listener:
        listener.listen()
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn raises it again when it has stopped
        with suppress(KeyboardInterrupt):
            uvicorn.Server(configured(app)).run([listener])


def _door(accept: Accept) -> FastAPI:
    return create_app(
        Door(
            forge="github",
            repositories=["acme/registry"],
            keys=Keyring([SECRET]),
            accept=accept,
            now=lambda: datetime.now(UTC),
        )
    )


def _bare(database: sa.Engine, *, grouped: bool) -> FastAPI:
    inbox, arrivals = Inbox(database), _arrivals(database)
    app = FastAPI(openapi_url=None)

    def keep(delivery: str) -> None:
        inbox.add(delivery, _EVENT, now=datetime.now(UTC))

    async def keep_with_others(delivery: str) -> None:
        kept: Future[bool] = arrivals.add(delivery, _EVENT)
        await asyncio.wrap_future(kept)

    @app.post("/webhooks/github")
    async def webhook(request: Request) -> Response:
        body = await request.body()
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(f"sha256={digest}", request.headers["x-hub-signature-256"]):
            return Response(status_code=401)
        delivery = request.headers["x-github-delivery"]
        await (keep_with_others(delivery) if grouped else run_in_threadpool(keep, delivery))
        return Response("accepted\n", status_code=202)

    return app


def _arrivals(database: sa.Engine) -> Grouping:
    inbox = Inbox(database)

    def keep(arrived: Sequence[Arrival]) -> frozenset[str]:
        return inbox.add_all(arrived, now=datetime.now(UTC))

    return Grouping(keep)


if __name__ == "__main__":
    main()
