"""The sandbox forge, spoken to as GitLab, as a place for the contract."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from committing import arrived
from forges.contract import APPLICATION
from forges.pushing import forced, pushed
from registrar.core.pipelines import Target
from registrar.core.pull_requests import ReviewState
from registrar.forges.gitlab import GitLabForge, connect
from sandbox.gitlab_scene import REGISTRY, GitLabScene, opened
from waiting import until

BOT = "registrar-bot"
PIPELINE, NO_PIPELINE = Target(APPLICATION, "deploy"), Target("acme/no-digits-ui", "deploy")
CONFIGURATION = """\
spec:
  inputs:
    operation:
    version:
---
workflow:
  name: Deploy $[[ inputs.operation ]]

deploy:
  script:
    - test "$[[ inputs.version ]]" = 1.0.0
"""


@dataclass(slots=True)
class GitLabPlace:
    """What people do goes over GitLab's API and over git, as theirs would."""

    scene: GitLabScene
    folder: Path
    registry: str = REGISTRY
    pipeline: Target = PIPELINE
    no_pipeline: Target = NO_PIPELINE
    connections: list[GitLabForge] = field(default_factory=list)
    names: Iterator[int] = field(default_factory=itertools.count)

    @property
    def forge(self) -> GitLabForge:
        return self.connections[0]

    def restarted(self) -> GitLabForge:
        return self.seen_by(BOT)

    def seen_by(self, login: str | None) -> GitLabForge:
        token = "nobodys" if login is None else self.scene.token(login)
        self.connections.append(connect(self.scene.sandbox.url, REGISTRY, token=token))
        return self.connections[-1]

    def push(
        self, login: str, branch: str, files: Mapping[str, str], *, message: str = "Change", author: str = ""
    ) -> str:
        tree = self.scene.work_tree(login, name=f"work-{next(self.names)}")
        return pushed(tree, branch, files, message=message, author=author)

    def force(self, login: str, branch: str, sha: str) -> None:
        forced(self.scene.work_tree(login, name=f"work-{next(self.names)}"), branch, sha)

    def propose(self, login: str, branch: str, *, base: str = "main", title: str = "Promote") -> int:
        fields = {"title": title, "source_branch": branch, "target_branch": base}
        return int(self.done(login, "POST", "/merge_requests", fields)["iid"])

    def review(self, login: str, number: int, state: ReviewState) -> None:
        match state:
            case ReviewState.APPROVED:
                self.done(login, "POST", f"/merge_requests/{number}/approve")
            case ReviewState.CHANGES_REQUESTED:
                account = self.scene.sandbox.store.account(login).id
                self.done("raj", "PUT", f"/merge_requests/{number}", {"reviewer_ids": [account]})
                self.done(login, "POST", f"/merge_requests/{number}/notes", {"body": "/request_changes"})
            case _:
                self.write(login, number, "I looked at it.")

    def write(self, login: str, number: int, body: str) -> int:
        return int(self.done(login, "POST", f"/merge_requests/{number}/notes", {"body": body})["id"])

    def delete(self, login: str, comment: int) -> None:
        for request in self.done("mei", "GET", "/merge_requests?state=all&per_page=100"):
            answer = self.answer(login, "DELETE", f"/merge_requests/{request['iid']}/notes/{comment}")
            assert answer.is_success or answer.status_code == 404, answer.text

    def comments(self, number: int) -> list[tuple[str, str]]:
        path = f"/merge_requests/{number}/notes?sort=asc&per_page=100&page="
        pages = itertools.takewhile(bool, (self.done("mei", "GET", f"{path}{page}") for page in itertools.count(1)))
        return [(each["author"]["username"], each["body"]) for page in pages for each in page if not each["system"]]

    def retarget(self, login: str, number: int, base: str) -> None:
        self.done(login, "PUT", f"/merge_requests/{number}", {"target_branch": base})

    def merge(self, login: str, number: int) -> str:
        until(lambda: self.request(number)["detailed_merge_status"] == "mergeable")
        fields = {"sha": self.request(number)["sha"]}
        return str(self.done(login, "PUT", f"/merge_requests/{number}/merge", fields)["merge_commit_sha"])

    def close(self, login: str, number: int) -> None:
        self.done(login, "PUT", f"/merge_requests/{number}", {"state_event": "close"})

    def settle(self) -> None:
        self.scene.sandbox.drain()

    def request(self, number: int) -> Any:
        return self.done("mei", "GET", f"/merge_requests/{number}")

    def done(self, login: str, method: str, path: str, body: object = None) -> Any:
        answer = self.answer(login, method, path, body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def answer(self, login: str, method: str, path: str, body: object = None) -> Any:
        return self.scene.answer(login, method, f"/projects/{quote(REGISTRY, safe='')}{path}", json=body)


@contextmanager
def gitlab_place(folder: Path) -> Iterator[GitLabPlace]:
    with opened(folder) as scene:
        place = GitLabPlace(scene, folder)
        place.seen_by(BOT)
        forge, store = scene.sandbox.forge, scene.sandbox.store
        arrived(forge, store.repository(REGISTRY), {"status.yaml": "Staging: 1.0.0\n"}, by=store.account("raj"))
        scene.sandbox.grant(REGISTRY, "acme/ml-admins", "write")
        scene.sandbox.add_repository(APPLICATION)
        scene.sandbox.grant(APPLICATION, BOT, "write")
        scene.sandbox.grant(APPLICATION, "ana", "admin")
        arrived(forge, store.repository(APPLICATION), {".gitlab-ci.yml": CONFIGURATION}, by=store.account("ana"))
        try:
            yield place
        finally:
            for connection in place.connections:
                connection.close()
