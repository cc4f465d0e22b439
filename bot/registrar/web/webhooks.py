"""From the socket to a durable row: cap, signature, meaning, and only then 202."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import SQLAlchemyError

from registrar.core.events import Event, JobChanged, RunChanged
from registrar.errors import BadPayload, BadSignature
from registrar.forges import github_webhook, gitlab_webhook
from registrar.forges.payloads import Ignored

LARGEST_BODY = 25 * 1024 * 1024  # https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap

Accept = Callable[[str, Event], bool]

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
    repository: str
    secrets: Sequence[str] = field(repr=False)
    accept: Accept
    now: Callable[[], datetime]


def routes(door: Door) -> APIRouter:
    """A route for each forge, so that a webhook of the wrong one is told where this bot's belong."""
    router = APIRouter()

    @router.post("/webhooks/{forge}")
    async def webhook(forge: str, request: Request) -> Response:
        if forge not in DIALECTS:
            return _answer(404, "no forge of this name is known here")
        if forge != door.forge:
            return _answer(401, f"the registry of this bot has its webhooks at /webhooks/{door.forge}")
        body = await _read(request)
        if body is None:
            return _answer(413, "the body is larger than 25 MB")
        return await run_in_threadpool(receive, door, request.headers, body)

    return router


def receive(door: Door, headers: Mapping[str, str], body: bytes) -> Response:
    """What to answer to one webhook; an event is on disk before 202 is answered."""
    dialect = DIALECTS[door.forge]
    try:
        dialect.verify(headers, body, door.secrets, now=door.now())
        delivery = dialect.delivery_id(headers, body)
        event = dialect.parse(headers, body)
    except BadSignature as error:
        return _answer(401, str(error))
    except BadPayload as error:
        log.warning("a webhook was not understood: %s", error)
        return _answer(dialect.NOT_UNDERSTOOD, f"not understood: {error}")
    if isinstance(event, Ignored):
        if event.is_odd:
            log.warning("a webhook was not understood: %s", event.reason)
        return _answer(200, f"ignored: {event.reason}")
    if event.repository.casefold() == door.repository.casefold():
        event = replace(event, repository=door.repository)  # forges do not mind the case; one place is one work key
    elif not isinstance(event, RunChanged | JobChanged):
        return _answer(200, f"ignored: this bot looks after {door.repository}")
    return _kept(door, delivery, event)


def _kept(door: Door, delivery: str, event: Event) -> Response:
    try:
        added = door.accept(delivery, event)
    except SQLAlchemyError:
        log.exception("could not keep delivery %s", delivery)
        return _answer(503, "the event could not be kept; redeliver it later")
    return _answer(202, "accepted" if added else "known already")


async def _read(request: Request) -> bytes | None:
    """The body, or None as soon as it is known to be too large."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > LARGEST_BODY:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)


def _answer(status: int, message: str) -> Response:
    return Response(message + "\n", status_code=status, media_type="text/plain")
