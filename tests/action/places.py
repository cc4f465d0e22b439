"""Knows a registry on GitHub whose workflows use the action.

Production was given to 0.9.0 and then to 1.0.0; 1.1.0 is better, and 1.2.0 worse.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from action.jobs import Ran, Runner, checked_out
from stories.places import REGISTRY
from stories.registries import a_registry
from stories.sides import SIDES
from stories.town import Town, peopled

JOB = "github-actions[bot]"  # whose token every job of the repository has
READER = "reader[bot]"  # and a job of a fork


@dataclass(frozen=True, slots=True)
class Place:
    """The forge, and the machine that runs jobs."""

    town: Town
    runner: Runner

    def on_pull_request(
        self,
        number: int,
        inputs: Mapping[str, str],
        *,
        by: str = JOB,
        depth: int = 1,
        of: str = REGISTRY,
        head: str = "",
    ) -> Ran:
        """A job that somebody's pull request starts, in the registry or in another repository; at its head of now."""
        base, head = {"ref": "main"}, head or self.town.pull_request(number).head
        event = {"number": number, "pull_request": {"number": number, "base": base, "head": {"sha": head}}}
        about = {"GITHUB_REF": f"refs/pull/{number}/merge", "GITHUB_REPOSITORY": of}
        return self._run(f"refs/pull/{number}/head", event, by, inputs, depth=depth, **about)

    def on_push(
        self, inputs: Mapping[str, str], *, ref: str = "refs/heads/main", depth: int = 1, base: str = ""
    ) -> Ran:
        """A job that a push starts; the event names the base branch, if it is said here."""
        event = {"ref": ref, "repository": {"default_branch": base}}
        return self._run(ref, event, JOB, inputs, depth=depth, GITHUB_REF=ref)

    def comments(self, number: int) -> list[str]:
        """What anybody has said there."""
        return [said.body for said in self.town.discussion(number)]

    def propose(self, files: Mapping[str, str | None], *, branch: str) -> int:
        """Mei's pull request."""
        self.town.commit(files, by="mei", branch=branch)
        return self.town.side.open("mei", branch=branch, base="main", draft=False)

    def _run(
        self, ref: str, event: Mapping[str, object], by: str, inputs: Mapping[str, str], *, depth: int = 1, **about: str
    ) -> Ran:
        sandbox, folder = self.town.sandbox, self.runner.folder / f"workspace-{self.runner.count}"
        token = sandbox.store.account(by).token
        address = f"{sandbox.url}/{REGISTRY}.git"
        checked_out(address, folder, ref, by=(by, token), depth=depth)
        server = {"GITHUB_SERVER_URL": sandbox.url, "GITHUB_REPOSITORY": REGISTRY, "JOB_TOKEN": token}
        return self.runner.run(folder, inputs, event=event, **{**server, **about})


@contextmanager
def a_place(root: Path, runner: Runner) -> Iterator[Place]:
    """A registry that stores its weights in a folder, and nobody's bot."""
    (root / "storage").mkdir()
    dvc = f"[core]\n    remote = storage\n['remote \"storage\"']\n    url = {root / 'storage'}\n"
    files = a_registry({"0.9.0": 0.8, "1.0.0": 0.9, "1.1.0": 0.95, "1.2.0": 0.7}, status="Production: 0.9.0\n")
    with peopled(root, SIDES["github"], {**files, ".dvc/config": dvc}) as town:
        for login, role in {JOB: "write", READER: "read"}.items():
            town.sandbox.add_bot(login)
            town.sandbox.grant(REGISTRY, login, role)  # type: ignore[arg-type] # literals in a dict are strings
        town.commit({"models/digits/status.yaml": "Production: 1.0.0\nArchived: 0.9.0\n"}, by="ana", branch="main")
        yield Place(town, runner)
