"""From the socket to a durable row: cap, signature, meaning, and only then 202."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import SQLAlchemyError

from registrar.core.events import Event, JobChanged, RunChanged
from registrar.errors import BadPayload, BadSignature
from registrar.forges import github_webhook
from registrar.forges.payloads import Ignored

LARGEST_BODY = 25 * 1024 * 1024  # https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap

Accept = Callable[[str, Event], bool]

log = logging.getLogger("registrar.webhooks")


class Dialect(Protocol):
    """What a forge's webhook module can do, without any input or output."""

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> None:
        """Raise `BadSignature` unless the body was signed with one of the secrets."""
        ...

    def parse(self, headers: Mapping[str, str], body: bytes) -> Event | Ignored:
        """Turn bytes into an event, or say why it is not for us. Raises `BadPayload`."""
        ...

    def delivery_id(self, headers: Mapping[str, str]) -> str:
        """The forge's own name of this delivery."""
        ...


def routes(*, repository: str, secrets: Sequence[str], accept: Accept) -> APIRouter:
    """The webhook routes of one registry."""
    router = APIRouter()

    @router.post("/webhooks/github")
    async def github(request: Request) -> Response:
        body = await _read(request)
        if body is None:
            return _answer(413, "the body is larger than 25 MB")
        return await run_in_threadpool(
            receive, github_webhook, request.headers, body, repository=repository, secrets=secrets, accept=accept
        )

    return router


def receive(
    dialect: Dialect,
    headers: Mapping[str, str],
    body: bytes,
    *,
    repository: str,
    secrets: Sequence[str],
    accept: Accept,
) -> Response:
    """What to answer to one webhook; an event is on disk before 202 is answered."""
    try:
        dialect.verify(headers, body, secrets)
        delivery = dialect.delivery_id(headers)
        event = dialect.parse(headers, body)
    except BadSignature as error:
        return _answer(401, str(error))
    except BadPayload as error:
        return _answer(400, str(error))
    if isinstance(event, Ignored):
        return _answer(200, f"ignored: {event.reason}")
    if event.repository.casefold() == repository.casefold():
        event = replace(event, repository=repository)  # forges do not mind the case, and one place is one work key
    elif not isinstance(event, RunChanged | JobChanged):
        return _answer(200, f"ignored: this bot looks after {repository}")
    try:
        added = accept(delivery, event)
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
