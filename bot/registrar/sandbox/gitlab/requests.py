"""What every request to GitLab's API has in common: who calls, with which parameters, about which project."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import unquote

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.convertors import Convertor, register_url_convertor
from starlette.types import ASGIApp, Receive, Scope, Send

from registrar.sandbox.accounts import Account, Role
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.refusals import InvalidToken, MovedAway, Refused, Unreadable, missing
from registrar.sandbox.refusals import BadCredentials
from registrar.sandbox.runner import Runner
from registrar.sandbox.store import Repository

PROJECT = "/projects/{project:whole}"

_Model = TypeVar("_Model", bound=BaseModel)
_SLASH = "%2F"
_ELEMENT = re.compile(r"(?P<name>\w+)\[(?P<key>[^\]]*)\]")  # `labels[]`, `inputs[model]`


@dataclass(frozen=True, slots=True)
class Call:
    """A request, the account whose token came with it, and its parameters from wherever they came."""

    request: Request
    forge: Forge
    runner: Runner
    account: Account | None
    parameters: Mapping[str, object]

    @property
    def actor(self) -> Account:
        """The account. Raises `BadCredentials` when no token came."""
        if self.account is None:
            raise BadCredentials
        return self.account

    def given(self, model: type[_Model]) -> _Model:
        """The parameters as this endpoint reads them. Raises `Unreadable` in GitLab's words."""
        try:
            return model.model_validate(self.parameters)
        except ValidationError as error:
            raise Unreadable(", ".join(map(_complaint, error.errors()))) from error


def _complaint(problem: Mapping[str, object]) -> str:
    place = problem["loc"]
    names = [str(part) for part in place] if isinstance(place, tuple) else []
    name = names[0] + "".join(f"[{part}]" for part in names[1:]) if names else "the body"
    if problem["type"] == "missing":
        return f"{name} is missing"
    return f"{name} does not have a valid value" if problem["type"] == "literal_error" else f"{name} is invalid"


@dataclass(frozen=True, slots=True)
class ProjectCall(Call):
    """A request about a project that the account may read."""

    repository: Repository

    @property
    def role(self) -> Role:
        """What the project lets the caller do."""
        return self.forge.store.role_of(self.account, self.repository)

    def require(self, role: Role) -> Account:
        """The caller, if it has the role; nobody writes to an archived project. Raises `BadCredentials`, `Refused`."""
        is_closed = self.repository.settings.archived and self.request.method != "GET"
        if is_closed or self.forge.store.role_of(self.actor, self.repository) < role:
            raise Refused(403, "403 Forbidden")
        return self.actor


async def _calling(request: Request) -> Call:
    forge: Forge = request.state.forge
    account = account_of(forge, request)
    return Call(request, forge, request.state.runner, account, await _parameters(request))


async def _visiting(call: Annotated[Call, Depends(_calling)], project: str) -> ProjectCall:
    with call.forge.store.lock:
        repository = find_project(call, project)
    return ProjectCall(call.request, call.forge, call.runner, call.account, call.parameters, repository)


Calling = Annotated[Call, Depends(_calling)]
Visiting = Annotated[ProjectCall, Depends(_visiting)]


def find_project(call: Call, key: str) -> Repository:
    """The project of a number or a full path, if the caller may know of it."""
    projects = call.forge.store.repositories
    if key.isdecimal():
        found = next((each for each in projects.values() if each.id == int(key)), None)
    else:
        found = projects.get(key.lower()) or _moved(projects.values(), key.lower())
    if found is None or call.forge.store.role_of(call.account, found) < Role.READ:
        raise missing("Project")
    if key.lower() in found.former_names:
        _send_on(call, key, found)
    return found


def _moved(projects: Iterable[Repository], name: str) -> Repository | None:
    return next((each for each in projects if name in each.former_names), None)


def _send_on(call: Call, key: str, found: Repository) -> None:
    """To its number; who only reads is sent on, who writes must know the name."""
    if call.request.method != "GET":
        raise Refused(405, "Non GET methods are not allowed for moved projects")
    path = call.request.url.path.replace(f"/projects/{key.replace('/', _SLASH)}", f"/projects/{found.id}", 1)
    query = f"?{call.request.url.query}" if call.request.url.query else ""
    raise MovedAway(f"{call.forge.origin}{path}{query}")


def account_of(forge: Forge, request: Request) -> Account | None:
    """Whose token a request holds, wherever it holds it; None without one. Raises `BadCredentials`."""
    scheme, _, bearer = request.headers.get("authorization", "").strip().partition(" ")
    given = (
        request.headers.get("private-token"),
        request.query_params.get("private_token"),
        request.headers.get("job-token"),
        bearer if scheme.lower() == "bearer" else None,
    )
    token = next((each for each in given if each), None)
    if token is None:
        return None
    account, job = forge.store.maker_of_token(token.strip()), forge.store.job_of_token(token.strip())
    if account is None and job is None:
        raise BadCredentials
    if account is not None and account.token_end:
        raise InvalidToken(account.token_end)
    if account is not None and account.is_blocked:
        raise Refused(403, "403 Forbidden - Your account has been blocked.")
    return account if job is None else job.user


async def _parameters(request: Request) -> Mapping[str, object]:
    """What stands in the query and in the body; the body wins, as in GitLab's own framework."""
    written = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    named: dict[str, object] = _nested(request.query_params.multi_items())
    if written == "application/json":
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError as error:
            raise Unreadable("The provided JSON is not valid") from error
        return named | body if isinstance(body, dict) else named
    if written in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        async with request.form() as form:
            return named | _nested((name, value) for name, value in form.multi_items() if isinstance(value, str))
    return named


def _nested(pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    """`a=1&b[]=2&b[]=3&c[d]=4` as an object."""
    found: dict[str, object] = {}
    for name, value in pairs:
        element = _ELEMENT.fullmatch(name)
        if element is None:
            found[name] = value
        elif element["key"]:
            inner = found.setdefault(element["name"], {})
            if isinstance(inner, dict):
                inner[element["key"]] = value
        else:
            several = found.setdefault(element["name"], [])
            if isinstance(several, list):
                several.append(value)
    return found


class _Whole(Convertor[str]):
    """One part of a path, in which an encoded slash is a slash: `acme%2Fregistry`."""

    regex = "[^/]+"

    def convert(self, value: str) -> str:
        return value.replace(_SLASH, "/")

    def to_string(self, value: str) -> str:
        return value.replace("/", _SLASH)


register_url_convertor("whole", _Whole())


class EncodedSlashes:
    """Keeps `%2F` apart from `/` in paths, which servers decode alike: the path of a project is one part of one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application see the path with its slashes encoded as they came."""
        if scope["type"] == "http":
            raw = scope["raw_path"].decode("latin-1").partition("?")[0]
            parts = [_kept(part) for part in raw.split("/")]
            scope = {**scope, "path": "/".join(parts)}
        await self._app(scope, receive, send)


def _kept(part: str) -> str:
    return unquote(part).replace("/", _SLASH)
