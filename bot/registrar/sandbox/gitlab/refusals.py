"""How GitLab says no: with a status code, and a sentence under `message`, or under `error`."""

from collections.abc import Iterator

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from registrar.sandbox.refusals import (
    BadCredentials,
    CannotMerge,
    Forbidden,
    Invalid,
    Moved,
    NotFound,
    Refusal,
)

_STATUS_CODES = {BadCredentials: 401, Forbidden: 403, NotFound: 404, CannotMerge: 405, Moved: 409, Invalid: 400}
_NAMES = {401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed"}


class Refused(Refusal):
    """A no in GitLab's very words; a message may be a text, a list, or an object of fields."""

    def __init__(self, status_code: int, message: object, **more: object) -> None:
        self.status_code = status_code
        self.content = {"message": message, **more}
        super().__init__("; ".join(_sentences(message)))


class Unreadable(Refusal):
    """Parameters that are missing or make no sense, which GitLab tells under `error`."""


def _sentences(message: object) -> Iterator[str]:
    """What a message says to a person, without the names of fields."""
    if isinstance(message, dict):
        message = list(message.values())
    if isinstance(message, list):
        for each in message:
            yield from _sentences(each)
    else:
        yield str(message)


class InvalidToken(Refusal):
    """A token that let someone in once."""


_ENDS = {
    "expired": "Token is expired. You can either do re-authorization or token refresh.",
    "revoked": "Token was revoked. You have to re-authorize from the user.",
}


class MovedAway(Refusal):
    """A project that has another name now; the address is where it is found by its number."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(f"This resource has been moved permanently to {address}")


def missing(what: str) -> Refused:
    """A no to who asks for what is not there: `404 Project Not Found`."""
    return Refused(404, f"404 {what} Not Found")


def refuse_as_gitlab(app: FastAPI) -> None:
    """Let every no of the application be written as GitLab writes it."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _no_route)  # of a path: the rest is read by `Call.given`
    app.add_exception_handler(HTTPException, _no_route)


def _refusal(_: Request, refusal: Exception) -> Response:
    if isinstance(refusal, Refused):
        return JSONResponse(refusal.content, refusal.status_code)
    if isinstance(refusal, Unreadable):
        return JSONResponse({"error": str(refusal)}, 400)
    if isinstance(refusal, InvalidToken):
        said = {"error": "invalid_token", "error_description": _ENDS[str(refusal)]}
        return JSONResponse(said, 401, {"WWW-Authenticate": 'Bearer realm="Protected by OAuth 2.0"'})
    if isinstance(refusal, MovedAway):
        return JSONResponse({"message": str(refusal)}, 301, {"Location": refusal.address})
    status_code = next(code for kind, code in _STATUS_CODES.items() if isinstance(refusal, kind))
    name = _NAMES.get(status_code)
    return JSONResponse({"message": str(refusal) if name is None else f"{status_code} {name}"}, status_code)


def _no_route(_: Request, error: Exception) -> Response:
    status_code = error.status_code if isinstance(error, HTTPException) else 404
    return JSONResponse({"error": f"{status_code} {_NAMES.get(status_code, 'Internal Server Error')}"}, status_code)
