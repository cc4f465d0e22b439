"""From the socket to a durable row: cap, signature, meaning, and only then 202."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError

from registrar.core.events import Event, JobChanged, RunChanged
from registrar.database.grouping import StorageClosed
from registrar.errors import BadPayload, BadSignature
from registrar.forges import github_webhook, gitlab_webhook
from registrar.forges.payloads import Ignored
from registrar.observing.logs import about
from registrar.observing.numbers import NUMBERS
from registrar.web import answers
from registrar.web.answers import Answer
from registrar.web.keyring import Keyring
from registrar.web.reading import Bodies, TooLarge, TooSlow

_SHORT = 64 * 1024  # bytes; what is longer is read in another thread, as it would hold up the others

Accept = Callable[[str, Event], Future[bool]]  # whether a delivery is new, known as soon as its event is on disk

log = logging.getLogger("registrar.webhooks")


class Dialect(Protocol):
    """What a forge's webhook module can do, without any input or output."""

    @property
    def NOT_UNDERSTOOD(self) -> int:  # noqa: N802 - a constant of the module
        """The status to answer to what is authentic, and no event that the forge documents."""
        ...

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Sequence[str], *, now: datetime) -> None:
        """Raise `BadSignature` unless whoever sent the body knows one of the secrets."""
        ...

    def parse(self, headers: Mapping[str, str], body: bytes) -> Event | Ignored:
        """Turn bytes into an event, or say why it is not for us. Raises `BadPayload`."""
        ...

    def delivery_id(self, headers: Mapping[str, str], body: bytes) -> str:
        """The forge's own name of this delivery. Raises `BadPayload`."""
        ...


DIALECTS: Final[Mapping[str, Dialect]] = {"github": github_webhook, "gitlab": gitlab_webhook}


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Whose webhooks are let in, and where they go."""

    forge: str
    repositories: Sequence[str]  # the registries
    keys: Keyring
    accept: Accept
    now: Callable[[], datetime]
    bodies: Bodies = field(default_factory=Bodies)


@dataclass(frozen=True, slots=True)
class Admitted:
    """An event that is to be kept, and the name of its delivery."""

    delivery: str
    event: Event


def routes(door: Door) -> APIRouter:
    """A route for each forge, so that a webhook of the wrong one is told where this bot's belong."""
    router = APIRouter()
    for forge in DIALECTS:
        router.add_api_route(
            f"/webhooks/{forge}",
            _webhook(door, forge),
            name=forge,
            methods=["POST"],
            status_code=202,
            response_class=PlainTextResponse,
            responses=answers.DOCUMENTED,
            openapi_extra=answers.REQUEST,
        )
    return router


def _webhook(door: Door, forge: str) -> Callable[[Request], Awaitable[Response]]:
    async def webhook(request: Request) -> Response:
        """Take one event of a forge."""
        answer = await _answer(door, forge, request)
        NUMBERS.delivery_answered(answer.name)
        return Response(answer.message + "\n", status_code=answer.status, media_type="text/plain")

    return webhook


async def _answer(door: Door, forge: str, request: Request) -> Answer:
    if forge != door.forge:
        return answers.refused(f"the registry of this bot has its webhooks at /webhooks/{door.forge}")
    try:
        body = await door.bodies.read(request)
    except TooLarge:
        return answers.TOO_LARGE
    except TooSlow:
        return answers.TOO_SLOW
    admit = partial(admitted, door, request.headers, body)
    found = admit() if len(body) <= _SHORT else await run_in_threadpool(admit)
    return found if isinstance(found, Answer) else await _kept(door, found)


def admitted(door: Door, headers: Mapping[str, str], body: bytes) -> Admitted | Answer:
    """What of one webhook is to be kept, else what to answer to it."""
    dialect = DIALECTS[door.forge]
    try:
        proof = door.keys.proven(lambda secrets: dialect.verify(headers, body, secrets, now=door.now()))
        delivery = dialect.delivery_id(headers, body)
        event = dialect.parse(headers, body)
        if isinstance(event, Ignored):
            return _ignored(event)
        known = next((name for name in door.repositories if name.casefold() == event.repository.casefold()), None)
        if known is None and not isinstance(event, RunChanged | JobChanged):
            return _ignored(Ignored(f"this bot looks after {' and '.join(door.repositories)}"))
        proof.check(event.repository)
    except BadSignature as error:
        return answers.refused(str(error))
    except BadPayload as error:
        log.warning("a webhook was not understood: %s", error)
        return answers.not_understood(dialect.NOT_UNDERSTOOD, str(error))
    # Forges do not mind the case; one place is one work key.
    return Admitted(delivery, replace(event, repository=known) if known else event)


def _ignored(event: Ignored) -> Answer:
    if event.is_odd:
        log.warning("a webhook was not understood: %s", event.reason)
    else:
        log.debug("ignored a webhook: %s", event.reason)
    return answers.ignored(event.reason)


async def _kept(door: Door, new: Admitted) -> Answer:
    """An event is on disk before 202 is answered."""
    try:
        added = await asyncio.wrap_future(door.accept(new.delivery, new.event))
    except (SQLAlchemyError, StorageClosed):
        with about(delivery=new.delivery, repository=new.event.repository):
            log.exception("could not keep an event")
        return answers.NOT_KEPT
    return answers.ACCEPTED if added else answers.KNOWN


def at_once(keep: Callable[[str, Event], bool]) -> Accept:
    """Events that need not wait for a disk."""

    def accept(delivery: str, event: Event) -> Future[bool]:
        future: Future[bool] = Future()
        future.set_result(keep(delivery, event))
        return future

    return accept
