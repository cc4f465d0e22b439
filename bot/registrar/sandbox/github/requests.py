"""What every request to GitHub's API has in common: who calls, which repository, pages, and how a no is written."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from registrar.sandbox.accounts import Account, Role
from registrar.sandbox.calls import positive
from registrar.sandbox.credentials import password_of
from registrar.sandbox.forge import Forge
from registrar.sandbox.github.people import OF_APPS
from registrar.sandbox.refusals import (
    BadCredentials,
    CannotMerge,
    Forbidden,
    Invalid,
    Moved,
    NotFound,
    Refusal,
)
from registrar.sandbox.runner import Runner
from registrar.sandbox.store import Repository

DOCUMENTATION = "https://docs.github.com/rest"
MOST_PER_PAGE = 100
_DEFAULT_PER_PAGE = 30
_STATUS_CODES = {BadCredentials: 401, Forbidden: 403, NotFound: 404, CannotMerge: 405, Moved: 409, Invalid: 422}
_TELLING = {400, 401, 403, 404}  # the answers whose bodies repeat their status

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Call:
    """A request, and the account whose token came with it."""

    request: Request
    forge: Forge
    runner: Runner
    account: Account | None

    @property
    def actor(self) -> Account:
        """The account. Raises `BadCredentials` when no token came."""
        if self.account is None:
            raise BadCredentials("Requires authentication")
        return self.account


@dataclass(frozen=True, slots=True)
class RepositoryCall(Call):
    """A request about a repository that the account may read."""

    repository: Repository

    def require(self, role: Role, message: str) -> None:
        """Raises `Forbidden` with GitHub's words when the account may not."""
        if self.forge.store.role_of(self.actor, self.repository) < role:
            raise Forbidden(message)


async def _calling(request: Request) -> Call:
    forge: Forge = request.state.forge
    return Call(request, forge, request.state.runner, account_of(forge, request.headers.get("authorization")))


async def _visiting(call: Annotated[Call, Depends(_calling)], owner: str, repo: str) -> RepositoryCall:
    with call.forge.store.lock:
        repository = call.forge.store.repository(f"{owner}/{repo}")
        if call.forge.store.role_of(call.account, repository) < Role.READ:
            raise NotFound(f"there is no repository {owner}/{repo} for {call.account}")
        if repository.settings.archived and call.request.method != "GET":
            raise Forbidden("Repository was archived so is read-only.")
        _refuse_app_that_reads(call, repository)
    return RepositoryCall(call.request, call.forge, call.runner, call.account, repository)


def _refuse_app_that_reads(call: Call, repository: Repository) -> None:
    """A person who may read may comment; an app may do what it was given, as the job of a fork was given nothing."""
    is_app = call.account is not None and call.account.login.endswith(OF_APPS)
    may_write = call.forge.store.role_of(call.account, repository) >= Role.WRITE
    if is_app and not may_write and call.request.method != "GET":
        raise Forbidden("Resource not accessible by integration")


Calling = Annotated[Call, Depends(_calling)]
Visiting = Annotated[RepositoryCall, Depends(_visiting)]


def account_of(forge: Forge, authorization: str | None) -> Account | None:
    """Whose token an Authorization header holds; None without one. Raises `BadCredentials` for anything else."""
    if authorization is None:
        return None
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() == "basic":
        token = password_of(token)
    elif scheme.lower() not in {"token", "bearer"}:
        token = ""
    account = forge.store.account_of_token(token.strip())
    if account is None:
        raise BadCredentials("Bad credentials")
    return account


def answer(content: object, status_code: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer as GitHub sends it."""
    return JSONResponse(content, status_code, headers, media_type="application/json; charset=utf-8")


def nothing() -> Response:
    """The answer to what was done and needs no words."""
    return Response(status_code=204)


def paged(
    call: Call, items: Sequence[_Item], present: Callable[[_Item], object], *, wrap: str | None = None
) -> Response:
    """One page of a list, with the addresses of the others; `wrap` names the list inside of an object."""
    page, last = positive(call.request, "page", 1), max(1, math.ceil(len(items) / page_size(call)))
    shown = [present(item) for item in one_page(call, items)]
    content = shown if wrap is None else {"total_count": len(items), wrap: shown}
    return answer(content, headers=_links(call, page, last))


def page_size(call: Call) -> int:
    """How many the caller wants at once, as far as GitHub allows."""
    return min(positive(call.request, "per_page", _DEFAULT_PER_PAGE), MOST_PER_PAGE)


def one_page(call: Call, items: Sequence[_Item]) -> Sequence[_Item]:
    """The part of a list that the caller asked for."""
    begin = (positive(call.request, "page", 1) - 1) * page_size(call)
    return items[begin : begin + page_size(call)]


def _links(call: Call, page: int, last: int) -> dict[str, str]:
    pages: dict[str, int] = {}
    if page > 1:
        pages |= {"prev": min(page - 1, last), "first": 1}
    if page < last:
        pages |= {"next": page + 1, "last": last}
    links = [f'<{address(call, page=str(number))}>; rel="{name}"' for name, number in pages.items()]
    return {"Link": ", ".join(links)} if links else {}


def address(call: Call, **changed: str) -> str:
    """The address of this request with other parameters."""
    query = dict(call.request.query_params) | changed
    return f"{call.forge.origin}{call.request.url.path}?{urlencode(query)}"


def refuse_as_github(app: FastAPI) -> None:
    """Let every no of the application be written as GitHub writes it."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _no_route)


def _error(status_code: int, message: str, errors: list[object] | None = None) -> Response:
    content: dict[str, object] = {"message": message}
    if errors is not None:
        content["errors"] = errors
    content["documentation_url"] = DOCUMENTATION
    if status_code in _TELLING:
        content["status"] = str(status_code)
    return answer(content, status_code)


def _refusal(_: Request, refusal: Exception) -> Response:
    if isinstance(refusal, Invalid) and refusal.resource == "PullRequestReview":
        return _error(422, "Unprocessable Entity", [str(refusal)])
    if isinstance(refusal, Invalid) and refusal.resource:
        detail: dict[str, object] = {"resource": refusal.resource, "code": "custom", "message": str(refusal)}
        if refusal.field:
            detail = {"resource": refusal.resource, "code": "invalid", "field": refusal.field}
        return _error(422, "Validation Failed", [detail])
    message = "Not Found" if isinstance(refusal, NotFound) else str(refusal)
    return _error(next(code for kind, code in _STATUS_CODES.items() if isinstance(refusal, kind)), message)


def _unreadable(_: Request, error: Exception) -> Response:
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    if any(problem["type"] == "json_invalid" for problem in problems):
        return _error(400, "Problems parsing JSON")
    if any(problem["loc"][0] == "path" for problem in problems):
        return _error(404, "Not Found")
    fields = ", ".join(f"{problem['loc'][-1]!r}: {problem['msg']}" for problem in problems)
    return _error(422, f"Invalid request.\n\n{fields}")


def _no_route(_: Request, error: Exception) -> Response:
    status_code = error.status_code if isinstance(error, HTTPException) else 500
    return _error(404 if status_code == 405 else status_code, "Not Found")  # noqa: PLR2004 - GitHub knows no 405 here
