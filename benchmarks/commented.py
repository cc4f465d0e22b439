"""Knows a registry on a forge of this machine, with a pull request for each job that is to comment on one."""  # noqa: INP001 - a script's

import asyncio
import json
import os
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from registrar.sandbox import Sandbox

REPOSITORY = "acme/registry"
_START = {
    "CODEOWNERS": "* @ana\n",
    "registry.yaml": (
        "statuses:\n"
        "  Development: {}\n"
        "  Production: {promotes_from: [Development], holders: one, displaced_to: Archived}\n"
        "  Archived: {promotes_from: [Production]}\n"
    ),
    "models/digits/model.yaml": (
        "description: reads handwritten digits\nmetrics:\n  accuracy: {direction: higher, primary: true}\n"
    ),
    "models/digits/status.yaml": "Production: 1.0.0\n",
}
_VERSION = "created: 2026-03-01T12:00:00+00:00\nmetrics: {accuracy: 0.9}\n"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pull request that registers a version, and the job that it starts."""

    number: int
    sha: str
    forge: str
    encrypted: str  # the address of the repository, by TLS
    certificate: Path
    token: str
    checkout: Path

    def environment(self, home: Path) -> Mapping[str, str]:
        """What GitHub tells a job of it."""
        event = home / "event.json"
        head = {"sha": self.sha}
        about = {"number": self.number, "head": head, "base": {"ref": "main"}}
        event.write_text(json.dumps({"number": self.number, "pull_request": about}))
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTOR": "mei",
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_OUTPUT": str(home / "job-output"),
            "GITHUB_REF": f"refs/pull/{self.number}/merge",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_REPOSITORY_OWNER": REPOSITORY.partition("/")[0],
            "GITHUB_SERVER_URL": self.forge,
            "GITHUB_SHA": self.sha,
            "GITHUB_STEP_SUMMARY": str(home / "summary"),
            "GITHUB_WORKSPACE": str(self.checkout),
        }


class Registry:
    """One that has a version in Production."""

    def __init__(self, sandbox: Sandbox, folder: Path, encrypted: str, certificate: Path) -> None:
        self._sandbox = sandbox
        self._folder = folder
        self._encrypted = encrypted
        self._certificate = certificate
        self._numbers = count(1)
        self._token = sandbox.store.account("mei").token

    def proposal(self) -> Proposal:
        """A new one, checked out as actions/checkout does."""
        minor = next(self._numbers)
        work = self._folder / "work"
        self._git(work, "checkout", "--quiet", "-B", f"change-{minor}", "main")
        sha = self.commit({f"models/digits/versions/1.{minor}.0/version.yaml": _VERSION}, f"change-{minor}")
        opened = self._api("pulls", {"title": "Better", "head": f"change-{minor}", "base": "main"})
        checkout = self._folder / f"checkout-{minor}"
        self._git(self._folder, "init", "--quiet", str(checkout))
        address = f"{self._sandbox.url}/{REPOSITORY}.git"
        self._git(checkout, "remote", "add", "origin", address)
        self._git(checkout, "fetch", "--quiet", "--depth=1", "origin", sha)
        self._git(checkout, "checkout", "--quiet", "--detach", "FETCH_HEAD")
        return Proposal(
            opened["number"], sha, self._sandbox.url, self._encrypted, self._certificate, self._token, checkout
        )

    def comments(self, proposal: Proposal) -> int:
        """How many there are on it."""
        return len(self._api(f"issues/{proposal.number}/comments"))

    def commit(self, files: Mapping[str, str], branch: str) -> str:
        """Push these onto a branch; the commit."""
        work = self._folder / "work"
        for name, text in files.items():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_text(text)
        self._git(work, "add", "--all")
        self._git(work, "-c", "user.name=mei", "-c", "user.email=mei@localhost", "commit", "--quiet", "-m", "Change")
        address = f"{self._sandbox.url.replace('://', f'://mei:{self._token}@')}/{REPOSITORY}.git"
        self._git(work, "push", "--quiet", address, f"HEAD:refs/heads/{branch}")
        return self._git(work, "rev-parse", "HEAD").strip()

    def begin(self) -> None:
        """The registry's first commit."""
        self._git(self._folder, "init", "--quiet", "--initial-branch=main", "work")
        self.commit({**_START, "models/digits/versions/1.0.0/version.yaml": _VERSION}, "main")

    def _api(self, path: str, body: Mapping[str, object] | None = None) -> Any:
        url = f"{self._sandbox.url}/api/v3/repos/{REPOSITORY}/{path}"
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = httpx.request("GET" if body is None else "POST", url, json=body, headers=headers)
        return answer.raise_for_status().json()

    def _git(self, folder: Path, *words: str) -> str:
        return subprocess.run(["git", "-C", str(folder), *words], check=True, stdout=subprocess.PIPE, text=True).stdout


@contextmanager
def a_registry() -> Iterator[Registry]:
    """Served until the end of the block, in the clear and by TLS."""
    with tempfile.TemporaryDirectory() as place, Sandbox.serve(Path(place) / "forge") as sandbox:
        sandbox.add_user("mei")
        sandbox.add_organization("acme")
        sandbox.add_repository(REPOSITORY)
        sandbox.grant(REPOSITORY, "mei", "write")
        with _encrypting(sandbox.url, Path(place)) as (url, certificate):
            registry = Registry(sandbox, Path(place), f"{url}/{REPOSITORY}", certificate)
            registry.begin()
            yield registry


@contextmanager
def _encrypting(url: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """TLS before a server of this machine."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    subprocess.run([*made, *named, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    loop = asyncio.new_event_loop()
    behind = int(url.rpartition(":")[2])

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, questions = await asyncio.open_connection("127.0.0.1", behind)
        await asyncio.gather(_copied(reader, questions), _copied(answers, writer))

    server = loop.run_until_complete(asyncio.start_server(pass_on, "127.0.0.1", 0, ssl=context))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}", certificate
    finally:
        server.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _copied(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    writer.close()
