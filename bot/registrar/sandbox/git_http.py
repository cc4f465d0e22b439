"""How git reaches the sandbox forge: the smart HTTP protocol, spoken by git's own `http-backend`."""

import functools
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import IO

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from registrar.sandbox import git_refs
from registrar.sandbox.accounts import Account, Role
from registrar.sandbox.credentials import password_of
from registrar.sandbox.forge import Forge
from registrar.sandbox.git import quiet_environment
from registrar.sandbox.pipelines import Job
from registrar.sandbox.protection import refs_closed_to
from registrar.sandbox.pushes import Move, record_moves
from registrar.sandbox.refusals import NotFound
from registrar.sandbox.store import Repository

_CHUNK = 64 * 1024
_IN_MEMORY = 1024 * 1024  # of a request's body; the rest goes to a temporary file

_Whole = tuple[int, dict[str, str], bytes]  # an answer: its status, its headers, its content
_GREETINGS: dict[str, _Whole] = {}  # of this process, by the protocol that was asked for

router = APIRouter()


@dataclass(frozen=True, slots=True)
class _Exchange:
    """One request of git's, about a repository that the account may use for it."""

    forge: Forge
    repository: Repository
    account: Account | None
    environment: dict[str, str]
    body: IO[bytes]


@router.get("/{full_name:path}.git/info/refs")
@router.post("/{full_name:path}.git/git-upload-pack")
@router.post("/{full_name:path}.git/git-receive-pack")
async def serve_git(request: Request, full_name: str) -> Response:
    """Anything that git asks for when it clones, fetches or pushes."""
    service = request.query_params.get("service") or request.url.path.rpartition("/")[2]
    forge: Forge = request.state.forge
    found = _admit(forge, full_name, request.headers.get("authorization"), service)
    if isinstance(found, Response):
        return found
    repository, account = found
    body = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed when the answer was sent
    async for chunk in request.stream():
        body.write(chunk)
    environment = _environment(request, repository, account, size=body.tell())
    body.seek(0)
    if (refs := _refs(repository, service, environment, body)) is not None:
        return refs
    exchange = _Exchange(forge, repository, account, environment, body)
    is_fetch = service == "git-upload-pack"
    if request.method == "GET" and is_fetch and "version=2" in environment["GIT_PROTOCOL"]:
        return await run_in_threadpool(_greeting, exchange)
    return await run_in_threadpool(_push if request.method == "POST" and not is_fetch else _answer, exchange)


def _refs(repository: Repository, service: str, environment: dict[str, str], body: IO[bytes]) -> Response | None:
    """Which refs there are, where nothing else is asked: that takes no process."""
    is_plain = not environment["HTTP_CONTENT_ENCODING"] and "version=2" in environment["GIT_PROTOCOL"]
    if environment["REQUEST_METHOD"] != "POST" or service != "git-upload-pack" or not is_plain:
        return None
    said = body.read()
    body.seek(0)
    asked = git_refs.asked_in(said)
    if asked is None:
        return None
    body.close()
    kind = "application/x-git-upload-pack-result"
    return Response(git_refs.told(repository.path, asked), media_type=kind, headers={"Cache-Control": "no-cache"})


def _admit(
    forge: Forge, full_name: str, authorization: str | None, service: str
) -> tuple[Repository, Account | None] | Response:
    """The repository and the account; or the answer that says why not."""
    account, needed = _account(forge, authorization), Role.WRITE if service == "git-receive-pack" else Role.READ
    try:
        repository = forge.store.repository(full_name)
    except NotFound:
        repository = None
    held = Role.NONE if repository is None else forge.store.role_of(account, repository)
    is_closed = repository is not None and repository.settings.archived and needed > Role.READ
    if is_closed and held >= needed:
        return PlainTextResponse(f"{full_name} is archived: nobody pushes to it.", 403)
    if needed > Role.READ and not _may_push(forge.store.job_of_token(_token(authorization)), repository):
        return PlainTextResponse("You are not allowed to upload code.", 403)
    if repository is not None and held >= needed and (account is not None or authorization is None):
        return repository, account
    if account is None:
        headers = {"WWW-Authenticate": 'Basic realm="sandbox"'}
        return PlainTextResponse("Invalid username or token.", 401, headers)
    if held < Role.READ:
        return PlainTextResponse("Repository not found.", 404)
    return PlainTextResponse(f"Permission to {full_name}.git denied to {account.login}.", 403)


def _may_push(job: Job | None, repository: Repository | None) -> bool:
    """Whether it is no job that asks, or one of this project, which lets its jobs push."""
    if job is None or repository is None:
        return True
    return repository.settings.jobs_may_push and job in repository.ci.jobs


def _token(authorization: str | None) -> str:
    """What is the password; the name beside it does not matter."""
    scheme, _, encoded = (authorization or "").partition(" ")
    return encoded if scheme.lower() == "bearer" else password_of(encoded)


def _account(forge: Forge, authorization: str | None) -> Account | None:
    """An account, or whoever runs the job that has this token."""
    token = _token(authorization)
    job = forge.store.job_of_token(token)
    return forge.store.account_of_token(token) if job is None else job.user


def _environment(request: Request, repository: Repository, account: Account | None, *, size: int) -> dict[str, str]:
    """What CGI tells `http-backend`, after which the requests of git are none of ours."""
    headers = request.headers
    return quiet_environment() | {
        "GIT_PROJECT_ROOT": str(repository.path.parent),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_PROTOCOL": headers.get("git-protocol", ""),
        "PATH_INFO": f"/{repository.path.name}/{request.url.path.rpartition('.git/')[2]}",
        "REQUEST_METHOD": request.method,
        "QUERY_STRING": request.url.query,
        "CONTENT_TYPE": headers.get("content-type", ""),
        "CONTENT_LENGTH": str(size),
        "HTTP_CONTENT_ENCODING": headers.get("content-encoding", ""),
        "REMOTE_USER": "" if account is None else account.login,
        "REMOTE_ADDR": "127.0.0.1",
    }


def _greeting(exchange: _Exchange) -> Response:
    """What git can do here. Before a fetch it says the same of every repository, so it is asked once."""
    spoken = exchange.environment["GIT_PROTOCOL"]
    with exchange.body:
        status_code, headers, content = _GREETINGS.get(spoken) or _whole(exchange)
    if status_code == HTTPStatus.OK:
        _GREETINGS[spoken] = status_code, headers, content
    return Response(content, status_code, headers)


def _answer(exchange: _Exchange) -> Response:
    """What git says, sent on while it says it."""
    process = _start(exchange)
    output = process.stdout
    if output is None:
        raise RuntimeError("git http-backend has no output")
    status_code, headers = _head(output)
    return StreamingResponse(_rest(exchange, process, output), status_code, headers)


def _push(exchange: _Exchange) -> Response:
    """A push is answered when all that follows from it is on record."""
    with tempfile.TemporaryDirectory() as folder:
        moves = Path(folder, "moves")
        closed = refs_closed_to(exchange.forge, exchange.repository, _known(exchange.account))
        exchange.environment["SANDBOX_MOVES"] = str(moves)
        exchange.environment["SANDBOX_PROTECTED"] = " ".join(closed)
        exchange.environment["SANDBOX_REFUSAL"] = exchange.forge.dialect.refusal_of_push
        status_code, headers, content = _whole(exchange)
        if moves.exists():
            lines = [line.split(" ") for line in moves.read_text().splitlines()]
            moved = [Move(ref, before, after) for before, after, ref in lines]
            record_moves(exchange.forge, exchange.repository, actor=_known(exchange.account), moves=moved)
    return Response(content, status_code, headers)


def _known(account: Account | None) -> Account:
    if account is None:
        raise RuntimeError("a push was admitted without an account")
    return account


def _whole(exchange: _Exchange) -> _Whole:
    with _start(exchange) as process, exchange.body:
        if process.stdout is None:
            raise RuntimeError("git http-backend has no output")
        return *_head(process.stdout), process.stdout.read()


def _start(exchange: _Exchange) -> subprocess.Popen[bytes]:
    exchange.body.fileno()  # moves a small body out of memory, where a process cannot read it
    return subprocess.Popen([_backend()], stdin=exchange.body, stdout=subprocess.PIPE, env=exchange.environment)


@functools.cache
def _backend() -> str:
    path = subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout.strip()
    return os.path.join(path, "git-http-backend")  # noqa: PTH118 - the answer of git is a text


def _head(output: IO[bytes]) -> tuple[int, dict[str, str]]:
    """The status and the headers of a CGI answer."""
    headers: dict[str, str] = {}
    for line in iter(output.readline, b""):
        name, separator, value = line.decode("latin-1").strip().partition(":")
        if not separator:
            break
        headers[name.strip()] = value.strip()
    status = headers.pop("Status", "200 OK")
    return int(status.split(" ")[0]), headers


def _rest(exchange: _Exchange, process: subprocess.Popen[bytes], output: IO[bytes]) -> Iterator[bytes]:
    with process, exchange.body:
        while chunk := output.read1(_CHUNK) if hasattr(output, "read1") else output.read(_CHUNK):
            yield chunk
