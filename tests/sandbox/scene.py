"""Builds a sandbox forge with people and a repository in it, and lets them act over HTTP as they would anywhere."""

import http.server
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pygit2
from github import Auth, Github
from github.PullRequest import PullRequest
from github.Repository import Repository

from forges.conformance import Conformance
from loopback import PLAIN
from registrar.repository.processes import git_configuration
from registrar.sandbox import Sandbox
from registrar.sandbox.sandbox import RoleName

REGISTRY = "acme/registry"
ROLES: dict[str, RoleName] = {"ana": "admin", "raj": "write", "mei": "read", "registrar-bot": "write"}


@dataclass(frozen=True, slots=True)
class Scene:
    """An organization `acme` with a registry: ana administers it, raj writes, mei reads, and a bot writes too."""

    sandbox: Sandbox
    folder: Path
    clients: dict[str | None, httpx.Client] = field(default_factory=dict)  # that answer, by login

    def token(self, login: str) -> str:
        return self.sandbox.store.account(login).token

    def client(self, login: str | None) -> httpx.Client:
        headers = {} if login is None else {"Authorization": f"Bearer {self.token(login)}"}
        return httpx.Client(base_url=f"{self.sandbox.url}/api/v3", headers=headers, verify=PLAIN)

    def answer(self, login: str | None, method: str, path: str, body: object = None) -> httpx.Response:
        if login not in self.clients:
            self.clients[login] = self.client(login)
        client = self.clients[login]
        return client.request(method, path, json=body) if body is not None else client.request(method, path)

    def close(self) -> None:
        for client in self.clients.values():
            client.close()

    def registry(self, login: str) -> Repository:
        return self.github(login).get_repo(REGISTRY)

    def github(self, login: str) -> Github:
        return Github(
            base_url=f"{self.sandbox.url}/api/v3",
            auth=Auth.Token(self.token(login)),
            retry=None,
            seconds_between_requests=0,
            seconds_between_writes=0,
        )

    def clone_url(self, login: str, repository: str = REGISTRY) -> str:
        return f"http://{login}:{self.token(login)}@{self.sandbox.url.removeprefix('http://')}/{repository}.git"

    def work_tree(self, login: str = "raj", *, name: str = "work", repository: str = REGISTRY) -> "WorkTree":
        return work_tree(self.folder / name, login, self.clone_url(login, repository))

    def pull_request(self, *, author: str = "raj", files: dict[str, str] | None = None) -> PullRequest:
        tree = self.work_tree(author)
        tree.commit({"status.yaml": "Staging: 1.0.0\n"}, "Start")
        tree.git("push", "--quiet", "origin", "main")
        tree.git("checkout", "--quiet", "-b", "promote")
        tree.commit(files or {"status.yaml": "Production: 1.0.0\n"}, "Promote 1.0.0")
        tree.git("push", "--quiet", "origin", "promote")
        return self.registry(author).create_pull(base="main", head="promote", title="Promote 1.0.0", body="Please.")


def work_tree(folder: Path, login: str, clone_url: str) -> "WorkTree":
    """Someone's own clone of nothing yet."""
    folder.mkdir(parents=True)
    pygit2.init_repository(str(folder), initial_head="main", origin_url=clone_url)
    return WorkTree(folder, login)


@dataclass(frozen=True, slots=True)
class WorkTree:
    """Someone's own clone."""

    folder: Path
    login: str

    def git(self, *arguments: str, succeeds: bool = True) -> str:
        """What git prints, errors included; it must succeed unless told otherwise."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        } | git_configuration({"maintenance.auto": "false"})
        for role in ("AUTHOR", "COMMITTER"):
            environment |= {f"GIT_{role}_NAME": self.login, f"GIT_{role}_EMAIL": f"{self.login}@sandbox.invalid"}
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) == succeeds, done.stderr
        return done.stdout + done.stderr

    def commit(self, files: dict[str, str], message: str) -> str:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return str(pygit2.Repository(str(self.folder)).head.target)

    def push(self, files: dict[str, str], message: str, *, branch: str = "main") -> str:
        sha = self.commit(files, message)
        self.git("push", "--quiet", "origin", f"HEAD:{branch}")
        return sha


@contextmanager
def opened(folder: Path) -> Iterator[Scene]:
    """A scene in which every answer and every webhook must be as GitHub publishes them."""
    conformance = Conformance()
    with Sandbox.serve(folder / "forge", around=conformance.around) as sandbox:
        for login in ("ana", "raj", "mei"):
            sandbox.add_user(login)
        sandbox.add_bot("registrar-bot")
        sandbox.add_organization("acme")
        sandbox.add_team("acme/ml-admins", ["ana"])
        sandbox.add_repository(REGISTRY)
        for login, role in ROLES.items():
            sandbox.grant(REGISTRY, login, role)
        with closing(Scene(sandbox, folder)) as scene:
            yield scene
        sandbox.drain()
        for delivery in sandbox.deliveries:
            conformance.check_webhook(delivery.event, json.loads(delivery.body))
    assert conformance.report() == "", conformance.report()


@dataclass(frozen=True, slots=True)
class Received:
    """One request that a receiver got."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> str:
        return self.headers["X-GitHub-Event"]

    @property
    def payload(self) -> Any:
        return json.loads(self.body)

    @property
    def name(self) -> str:
        """`pull_request.opened`, `push`."""
        action = self.payload.get("action")
        return f"{self.event}.{action}" if action else self.event


@dataclass(slots=True)
class Receiver:
    """Someone who is told by webhooks, and answers with one status."""

    status_code: int = 202
    url: str = ""
    received: list[Received] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [each.name for each in self.received]

    def payload(self, name: str) -> Any:
        """Of the last of that name."""
        return next(each.payload for each in reversed(self.received) if each.name == name)


@contextmanager
def receiving(*, status_code: int = 202) -> Iterator[Receiver]:
    receiver = Receiver(status_code)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.received.append(Received(dict(self.headers), body))
            self.send_response(receiver.status_code)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Stay quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
