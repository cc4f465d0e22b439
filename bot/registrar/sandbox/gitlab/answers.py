"""How GitLab answers: with a thing, with a page of a list and the way to the next, or with nothing."""

import math
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import Response
from fastapi.responses import JSONResponse

from registrar.sandbox.calls import positive
from registrar.sandbox.gitlab.requests import Call

MOST_PER_PAGE = 100
MOST_COUNTED = 10_000  # rows; of more GitLab tells no total: https://docs.gitlab.com/api/rest/#pagination
_DEFAULT_PER_PAGE = 20

_Item = TypeVar("_Item")


def answer(content: object, status_code: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer as GitLab sends it."""
    return JSONResponse(content, status_code, headers)


def nothing() -> Response:
    """The answer to what was done and needs no words."""
    return Response(status_code=204)


def paged(call: Call, items: Sequence[_Item], present: Callable[[_Item], object], *, counted: bool = True) -> Response:
    """One page of a list, with the numbers and the addresses of the others; long ones GitLab does not count."""
    size, page = (
        min(positive(call.request, "per_page", _DEFAULT_PER_PAGE), MOST_PER_PAGE),
        positive(call.request, "page", 1),
    )
    last = max(1, math.ceil(len(items) / size))
    shown = [present(item) for item in items[(page - 1) * size : page * size]]
    headers = {
        "X-Page": str(page),
        "X-Per-Page": str(size),
        "X-Next-Page": str(page + 1) if page < last else "",
        "X-Prev-Page": str(page - 1) if page > 1 else "",
    }
    pages = {"prev": page - 1} if page > 1 else {}
    pages |= ({"next": page + 1} if page < last else {}) | {"first": 1}
    if counted and len(items) <= MOST_COUNTED:
        headers |= {"X-Total": str(len(items)), "X-Total-Pages": str(last)}
        pages["last"] = last
    links = [f'<{_address(call, page=str(each), per_page=str(size))}>; rel="{name}"' for name, each in pages.items()]
    return answer(shown, headers=headers | {"Link": ", ".join(links)})


def keyed(call: Call, items: Sequence[_Item], present: Callable[[_Item], object]) -> Response:
    """The same for long lists: asked for by key, they are neither counted nor numbered, and only the next is told."""
    if call.request.query_params.get("pagination") != "keyset":
        return paged(call, items, present)
    size = min(positive(call.request, "per_page", _DEFAULT_PER_PAGE), MOST_PER_PAGE)
    begin = positive(call.request, "cursor", 0)
    end = begin + size
    shown = [present(item) for item in items[begin:end]]
    link = f'<{_address(call, cursor=str(end), per_page=str(size))}>; rel="next"'
    return answer(shown, headers={"Link": link} if end < len(items) else {})


def _address(call: Call, **changed: str) -> str:
    query = dict(call.request.query_params) | changed
    return f"{call.forge.origin}{call.request.url.path}?{urlencode(query)}"
