"""The sandbox forge, spoken to as GitHub, as a place for the contract."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from committing import arrived
from forges.contract import APPLICATION, REGISTRY
from forges.pushing import forced, pushed
from registrar.core.pipelines import Target
from registrar.core.pull_requests import ReviewState
from registrar.forges.github import GitHubForge, connect
from sandbox.scene import Scene, opened

BOT = "registrar-bot"
PIPELINE, NO_PIPELINE = Target(APPLICATION, "deploy.yml"), Target(APPLICATION, "no-deploy.yml")
EVENTS = {
    ReviewState.APPROVED: "APPROVE",
    ReviewState.CHANGES_REQUESTED: "REQUEST_CHANGES",
    ReviewState.COMMENTED: "COMMENT",
}
CONFIGURATION = """\
name: deploy
run-name: Deploy ${{ inputs.operation }}
on:
  workflow_dispatch:
    inputs:
      operation:
        required: true
      version:
        required: true
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: test "$VERSION" = 1.0.0
        env:
          VERSION: ${{ inputs.version }}
"""


@dataclass(slots=True)
class GitHubPlace:
    """What people do goes over GitHub's API and over git, as theirs would."""

    scene: Scene
    folder: Path
    registry: str = REGISTRY
    pipeline: Target = PIPELINE
    no_pipeline: Target = NO_PIPELINE
    connections: list[GitHubForge] = field(default_factory=list)
    names: Iterator[int] = field(default_factory=itertools.count)

    @property
    def forge(self) -> GitHubForge:
        return self.connections[0]

    def restarted(self) -> GitHubForge:
        return self.seen_by(BOT)

    def seen_by(self, login: str | None, repository: str = REGISTRY) -> GitHubForge:
        token = "nobodys" if login is None else self.scene.token(login)
        self.connections.append(connect(self.scene.sandbox.url, repository, token=token))
        return self.connections[-1]

    def push(
        self, login: str, branch: str, files: Mapping[str, str], *, message: str = "Change", author: str = ""
    ) -> str:
        tree = self.scene.work_tree(login, name=f"work-{next(self.names)}")
        return pushed(tree, branch, files, message=message, author=author)

    def force(self, login: str, branch: str, sha: str) -> None:
        forced(self.scene.work_tree(login, name=f"work-{next(self.names)}"), branch, sha)

    def propose(self, login: str, branch: str, *, base: str = "main", title: str = "Promote") -> int:
        fields = {"title": title, "head": branch, "base": base}
        return int(self.done(login, "POST", f"/repos/{REGISTRY}/pulls", fields)["number"])

    def review(self, login: str, number: int, state: ReviewState) -> None:
        said = {"event": EVENTS[state], "body": "I looked at it."}
        self.done(login, "POST", f"/repos/{REGISTRY}/pulls/{number}/reviews", said)

    def write(self, login: str, number: int, body: str) -> int:
        return int(self.done(login, "POST", f"/repos/{REGISTRY}/issues/{number}/comments", {"body": body})["id"])

    def delete(self, login: str, comment: int) -> None:
        self.done(login, "DELETE", f"/repos/{REGISTRY}/issues/comments/{comment}")

    def comments(self, number: int) -> list[tuple[str, str]]:
        path = f"/repos/{REGISTRY}/issues/{number}/comments?per_page=100&page="
        pages = itertools.takewhile(bool, (self.done("mei", "GET", f"{path}{page}") for page in itertools.count(1)))
        return [(each["user"]["login"], each["body"]) for page in pages for each in page]

    def retarget(self, login: str, number: int, base: str) -> None:
        self.done(login, "PATCH", f"/repos/{REGISTRY}/pulls/{number}", {"base": base})

    def merge(self, login: str, number: int) -> str:
        return str(self.done(login, "PUT", f"/repos/{REGISTRY}/pulls/{number}/merge", {})["sha"])

    def close(self, login: str, number: int) -> None:
        self.done(login, "PATCH", f"/repos/{REGISTRY}/pulls/{number}", {"state": "closed"})

    def settle(self) -> None:
        self.scene.sandbox.drain()

    def done(self, login: str, method: str, path: str, body: object = None) -> Any:
        answer = self.scene.answer(login, method, path, body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None


@contextmanager
def github_place(folder: Path) -> Iterator[GitHubPlace]:
    with opened(folder) as scene:
        place = GitHubPlace(scene, folder)
        place.seen_by(BOT)
        forge, store = scene.sandbox.forge, scene.sandbox.store
        arrived(forge, store.repository(REGISTRY), {"status.yaml": "Staging: 1.0.0\n"}, by=store.account("raj"))
        scene.sandbox.add_repository(APPLICATION)
        scene.sandbox.grant(APPLICATION, BOT, "write")
        scene.sandbox.grant(APPLICATION, "ana", "admin")
        arrived(
            forge,
            store.repository(APPLICATION),
            {".github/workflows/deploy.yml": CONFIGURATION},
            by=store.account("ana"),
        )
        try:
            yield place
        finally:
            for connection in place.connections:
                connection.close()
