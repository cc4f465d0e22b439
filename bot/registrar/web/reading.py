"""Knows how the body of a request is read when whoever sends it may be anybody: in bounded memory and time."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import ClientDisconnect, Request

LARGEST_BODY: Final = 25 * 1024 * 1024  # https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap
SMALL: Final = 256 * 1024  # what nearly every webhook is below
LARGE_AT_ONCE: Final = 8  # so all of them together take 200 MB; the others wait with what is still small
PATIENCE: Final = 30.0  # seconds for one body: GitLab itself gives up after 10, GitHub Enterprise after 30


class TooLarge(Exception):
    """The body is, or says that it is, larger than what any forge sends."""


class TooSlow(Exception):
    """The body did not come to its end in time, or whoever sent it left."""


@dataclass(slots=True)
class Bodies:
    """Reads bodies, a few large ones at a time."""

    patience: float = PATIENCE
    _large: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LARGE_AT_ONCE))

    async def read(self, request: Request) -> bytes:
        """The whole body. Raises `TooLarge` as soon as that is known, not at the end, and `TooSlow`."""
        declared = request.headers.get("content-length", "0")
        if declared.isdecimal() and int(declared) > LARGEST_BODY:
            raise TooLarge
        try:
            async with asyncio.timeout(self.patience):
                return await self._read(request)
        except (TimeoutError, ClientDisconnect) as error:
            raise TooSlow from error

    async def _read(self, request: Request) -> bytes:
        body = bytearray()
        chunks = request.stream()
        async for chunk in chunks:
            body += chunk
            if len(body) > SMALL:
                async with self._large:
                    async for more in chunks:
                        body += more
                        if len(body) > LARGEST_BODY:
                            raise TooLarge
        return bytes(body)
