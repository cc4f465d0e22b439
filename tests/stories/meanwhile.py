"""What happens while the forge is asked: right before it looks, or before its answer arrives."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from registrar.sandbox.exchange import Exchange


@dataclass(frozen=True, slots=True)
class JustBefore:
    """Something happens, and the forge answers what is true then."""

    happens: Callable[[], object]

    async def strike(self, exchange: Exchange) -> None:
        await asyncio.to_thread(self.happens)
        await exchange.answer(await exchange.act())


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """The forge answers what was true as it was asked, and something else happens before that arrives."""

    happens: Callable[[], object]

    async def strike(self, exchange: Exchange) -> None:
        answer = await exchange.act()
        await asyncio.to_thread(self.happens)
        await exchange.answer(answer)
