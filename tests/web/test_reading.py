"""A body is read in bounded memory and time, whoever sends it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.requests import Request

from registrar.web.reading import LARGE_AT_ONCE, LARGEST_BODY, SMALL, Bodies, TooLarge, TooSlow

CHUNK = 64 * 1024  # as the server hands them on
Receive = Callable[[], Awaitable[dict[str, Any]]]


class Stranger:
    """Sends a body without end, one chunk each time that one is asked for, and counts them."""

    def __init__(self, *, until: int | None = None, pause: asyncio.Event | None = None) -> None:
        self.sent = 0
        self.is_no_longer_small = asyncio.Event()
        self._until = until
        self._pause = pause

    async def receive(self) -> dict[str, Any]:
        if self._until is not None and self.sent >= self._until:
            if self._pause is not None:
                await self._pause.wait()
            return {"type": "http.request", "body": b"", "more_body": False}
        self.sent += CHUNK
        if self.sent > SMALL:
            self.is_no_longer_small.set()
        return {"type": "http.request", "body": b"x" * CHUNK, "more_body": True}


def request(receive: Receive, **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": raw}, receive)


@pytest.mark.fault(8)
def test_no_more_than_the_cap_is_taken_of_a_body_without_end() -> None:
    stranger = Stranger()

    with pytest.raises(TooLarge):
        asyncio.run(Bodies().read(request(stranger.receive)))

    assert stranger.sent <= LARGEST_BODY + CHUNK


@pytest.mark.fault(8)
def test_of_a_body_that_says_how_large_it_is_nothing_is_taken() -> None:
    stranger = Stranger()

    with pytest.raises(TooLarge):
        asyncio.run(Bodies().read(request(stranger.receive, content_length=str(LARGEST_BODY + 1))))

    assert stranger.sent == 0


@pytest.mark.fault(8)
def test_of_many_large_bodies_at_once_all_but_a_few_wait_while_they_are_small() -> None:
    async def read_many() -> list[int]:
        pause = asyncio.Event()
        strangers = [Stranger(until=4 * SMALL, pause=pause) for _ in range(3 * LARGE_AT_ONCE)]
        bodies = Bodies()
        reading = [asyncio.create_task(bodies.read(request(stranger.receive))) for stranger in strangers]
        for stranger in strangers:
            await stranger.is_no_longer_small.wait()
        sent = [stranger.sent for stranger in strangers]
        pause.set()
        assert {len(body) for body in await asyncio.gather(*reading)} == {4 * SMALL}
        return sent

    sent = asyncio.run(read_many())

    assert sum(each > SMALL + CHUNK for each in sent) == LARGE_AT_ONCE


@pytest.mark.fault(8)
def test_a_small_body_does_not_wait_for_the_large_ones() -> None:
    async def read_one() -> bytes:
        bodies = Bodies()
        never = asyncio.Event()
        slow = [Stranger(until=4 * SMALL, pause=never) for _ in range(2 * LARGE_AT_ONCE)]
        waiting = [asyncio.create_task(bodies.read(request(stranger.receive))) for stranger in slow]
        body = await bodies.read(request(Stranger(until=CHUNK).receive))
        for task in waiting:
            task.cancel()
        return body

    assert len(asyncio.run(read_one())) == CHUNK


def test_a_body_that_does_not_end_in_time_is_given_up() -> None:
    async def silent() -> dict[str, Any]:
        never = asyncio.Event()
        await never.wait()
        raise AssertionError

    with pytest.raises(TooSlow):
        asyncio.run(Bodies(patience=0.01).read(request(silent)))


def test_a_sender_that_leaves_is_given_up() -> None:
    async def left() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    with pytest.raises(TooSlow):
        asyncio.run(Bodies().read(request(left)))
