"""Builds a sandbox forge that speaks like GitLab, with people and a project, and lets them act with python-gitlab."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from gitlab import Gitlab

from forges.conformance_gitlab import GitLabConformance
from loopback import PLAIN
from registrar.sandbox import Sandbox
from registrar.sandbox.sandbox import RoleName
from sandbox.scene import WorkTree, work_tree

REGISTRY = "acme/ml/registry"
ROLES: dict[str, RoleName] = {"ana": "admin", "raj": "write", "mei": "read", "registrar-bot": "write"}


@dataclass(frozen=True, slots=True)
class GitLabScene:
    """A group `acme` that holds `acme/ml` with a registry: ana owns it, raj develops, mei reports, a bot develops."""

    sandbox: Sandbox
    folder: Path
    clients: dict[str | None, httpx.Client] = field(default_factory=dict)  # that answer, by login

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
        if login not in self.clients:
            headers = {} if login is None else {"PRIVATE-TOKEN": self.token(login)}
            self.clients[login] = httpx.Client(headers=headers, verify=PLAIN)
        return self.clients[login].request(method, f"{self.sandbox.url}/api/v4{path}", **more)

    def close(self) -> None:
        for client in self.clients.values():
            client.close()

    def graph(self, login: str, query: str, variables: dict[str, str]) -> Any:
        """What the GraphQL API answers."""
        headers = {"Authorization": f"Bearer {self.token(login)}"}
        body = {"query": query, "variables": variables}
        return httpx.post(f"{self.sandbox.url}/api/graphql", headers=headers, json=body, verify=PLAIN).json()

    def work_tree(self, login: str = "raj", *, name: str = "work", repository: str = REGISTRY) -> WorkTree:
        """Someone's own clone of nothing yet."""
        address = self.sandbox.url.replace("://", f"://{login}:{self.token(login)}@")
        return work_tree(self.folder / name, login, f"{address}/{repository}.git")

    def merge_request(self, *, author: str = "raj") -> Any:
        """One that promotes 1.0.0, as its author's client has it."""
        tree = self.work_tree(author)
        tree.push({"status.yaml": "Staging: 1.0.0\n"}, "Start")
        tree.git("checkout", "--quiet", "-b", "promote")
        tree.push({"status.yaml": "Production: 1.0.0\n"}, "Promote 1.0.0", branch="promote")
        wish = {"source_branch": "promote", "target_branch": "main", "title": "Promote 1.0.0", "description": "Please."}
        return self.registry(author).mergerequests.create(wish)

    def push(self, login: str, branch: str, files: dict[str, str]) -> str:
        """Commit onto a branch, made from main where it does not exist; the commit."""
        tree = self._fetched(login)
        known = f"origin/{branch}" in tree.git("branch", "--remotes").split()
        tree.git("checkout", "--quiet", "-B", branch, f"origin/{branch}" if known else "origin/main")
        return tree.push(files, f"Change {', '.join(files)}", branch=branch)

    def land(self, login: str, branch: str) -> None:
        """Push what is on a branch to main, without a merge request."""
        self._fetched(login).git("push", "--quiet", "origin", f"origin/{branch}:main")

    def _fetched(self, login: str) -> WorkTree:
        folder = self.folder / f"clone-of-{login}"
        tree = WorkTree(folder, login) if folder.exists() else self.work_tree(login, name=folder.name)
        tree.git("fetch", "--quiet", "origin")
        return tree


@contextmanager
def opened(folder: Path) -> Iterator[GitLabScene]:
    """A scene in which every answer and every webhook must be as GitLab's are published."""
    conformance = GitLabConformance()
    with Sandbox.serve(folder / "forge", dialect="gitlab", around=conformance.around) as sandbox:
        with closing(GitLabScene(sandbox, folder)) as scene:
            scene.furnish()
            yield scene
        sandbox.drain()
        for delivery in sandbox.deliveries:
            conformance.check_webhook(delivery.event, json.loads(delivery.body))
    assert conformance.report() == "", conformance.report()
