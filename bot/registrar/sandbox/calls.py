"""What requests to the API of any dialect have in common: they see one state of the forge, and ask for pages."""

import functools
from collections.abc import Awaitable, Callable
from typing import ParamSpec

from fastapi import Request, Response

from registrar.sandbox.forge import Forge

_Parameters = ParamSpec("_Parameters")


def locked(handler: Callable[_Parameters, Response]) -> Callable[_Parameters, Awaitable[Response]]:
    """Answer a call while nothing else changes; the handler's parameter `call` has the forge.

    The server's own thread does it: one call is answered at a time as it is, and to hand each to another thread and
    back takes longer than the answer.
    """

    @functools.wraps(handler)
    async def answer(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> Response:
        forge = getattr(kwargs["call"], "forge", None)
        if not isinstance(forge, Forge):
            raise TypeError(f"{handler.__name__} takes no call")
        with forge.store.lock:
            return handler(*args, **kwargs)

    return answer


def positive(request: Request, name: str, otherwise: int) -> int:
    """A number of the query, such as that of a page; anything else counts as not said."""
    text = request.query_params.get(name, "")
    return int(text) if text.isdecimal() and int(text) > 0 else otherwise
