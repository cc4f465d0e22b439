"""Builds a sandbox forge that speaks like GitLab, with people and a project, and lets them act with python-gitlab."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from gitlab import Gitlab

from registrar.sandbox import Sandbox
from registrar.sandbox.sandbox import RoleName
from sandbox.scene import WorkTree

REGISTRY = "acme/ml/registry"
ROLES: dict[str, RoleName] = {"ana": "admin", "raj": "write", "mei": "read", "registrar-bot": "write"}


@dataclass(frozen=True, slots=True)
class GitLabScene:
    """A group `acme` that holds `acme/ml` with a registry: ana owns it, raj develops, mei reports, a bot develops."""

    sandbox: Sandbox
    folder: Path

    def furnish(self) -> None:
        """Everyone and everything."""
        for login in ("ana", "raj", "mei", "eve"):
            self.sandbox.add_user(login)
        self.sandbox.add_bot("registrar-bot")
        for group in ("acme", "acme/ml"):
            self.sandbox.add_organization(group)
        self.sandbox.add_team("acme/ml-admins", ["ana"])
        self.sandbox.add_repository(REGISTRY)
        for login, role in ROLES.items():
            self.sandbox.grant(REGISTRY, login, role)

    def token(self, login: str) -> str:
        return self.sandbox.store.account(login).token

    def gitlab(self, login: str) -> Gitlab:
        return self.gitlab_with(self.token(login))

    def gitlab_with(self, token: str) -> Gitlab:
        return Gitlab(self.sandbox.url, private_token=token, timeout=30)

    def registry(self, login: str) -> Any:
        """The project as someone's client has it: python-gitlab's own types say little."""
        return self.gitlab(login).projects.get(REGISTRY)

    def answer(self, login: str | None, method: str, path: str, **more: Any) -> httpx.Response:
        """What the REST API answers, as it is."""
        headers = {} if login is None else {"PRIVATE-TOKEN": self.token(login)}
        return httpx.request(method, f"{self.sandbox.url}/api/v4{path}", headers=headers, **more)

    def work_tree(self, login: str = "raj", *, name: str = "work", repository: str = REGISTRY) -> WorkTree:
        """Someone's own clone of nothing yet."""
        folder = self.folder / name
        folder.mkdir(parents=True)
        tree = WorkTree(folder, login)
        address = self.sandbox.url.replace("://", f"://{login}:{self.token(login)}@")
        tree.git("init", "--quiet", "--initial-branch=main")
        tree.git("remote", "add", "origin", f"{address}/{repository}.git")
        return tree


@contextmanager
def opened(folder: Path) -> Iterator[GitLabScene]:
    """A scene until the end of the block."""
    with Sandbox.serve(folder / "forge", dialect="gitlab") as sandbox:
        scene = GitLabScene(sandbox, folder)
        scene.furnish()
        yield scene
        sandbox.drain()
