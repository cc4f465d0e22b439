"""What happens while the forge is asked: right before it looks, or before its answer arrives."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class StillLocked:
    """GitLab has merged it, and does not say so yet: between the two a merge request is locked."""

    async def strike(self, exchange: Exchange) -> None:
        answer = await exchange.act()
        said = json.loads(answer.body) | {"state": "locked", "merged_at": None, "merge_commit_sha": None}
        await exchange.answer(replace(answer, body=json.dumps(said).encode()))
