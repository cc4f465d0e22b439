"""Knows a forge with a registry and what trains for it, each as a user would have it, and how its people act there."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from committing import arrived
from examples.places import TRAINER, texts_of
from registrar.demo.training import BETTER
from registrar.sandbox import Sandbox, pull_requests
from registrar.sandbox.forge import DialectName
from registrar.sandbox.pull_requests import Proposal
from registrar.sandbox.store import Repository
from stories.registries import a_registry

REGISTRY = "acme/registry"
TRAINING = "acme/digits-training"
MODEL = """\
description: Reads handwritten digits
metrics:
  accuracy: {direction: higher, primary: true}
  macro_f1: {direction: higher}
  worst_digit_recall: {direction: higher}
  size: {direction: lower, unit: kB}
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """ana owns the registry, where digits 1.0.0 holds Production; mei trains; registrar-bot registers."""

    sandbox: Sandbox
    folder: Path

    def repository(self, name: str) -> Repository:
        return self.sandbox.store.repository(name)

    def token(self, login: str) -> str:
        return self.sandbox.store.account(login).token

    def push(self, name: str, files: Mapping[str, str], *, by: str, onto: str = "main") -> str:
        account = self.sandbox.store.account(by)
        return arrived(self.sandbox.forge, self.repository(name), files, by=account, onto=onto)

    def ask(self, name: str, branch: str, *, by: str) -> int:
        """Open a pull request from a branch; its number."""
        author, proposal = self.sandbox.store.account(by), Proposal("Change", branch, "main")
        return pull_requests.open_pull_request(
            self.sandbox.forge, self.repository(name), author=author, proposal=proposal
        ).number

    def propose_better(self) -> int:
        """Let mei ask for a better recipe, with the number of the version that it makes."""
        self.push(TRAINING, {"recipe.toml": BETTER}, by="mei", onto="better")
        return self.ask(TRAINING, "better", by="mei")

    def comments(self, name: str, number: int) -> list[tuple[str, str]]:
        """Who said what."""
        thread = self.repository(name).threads[number]
        return [(each.author.login, re.sub("<!--.*?-->", "", each.body).strip()) for each in thread.comments]


@contextmanager
def an_empty_stage(folder: Path, dialect: DialectName) -> Iterator[Stage]:
    """ana owns an empty repository, and mei may write to it."""
    with Sandbox.serve(folder / "forge", dialect=dialect) as sandbox:
        stage = Stage(sandbox, folder)
        for login in ("ana", "mei"):
            sandbox.add_user(login)
        sandbox.add_organization("acme")
        sandbox.add_repository(REGISTRY)
        stage.repository(REGISTRY).settings.begins_pipelines = False
        sandbox.grant(REGISTRY, "ana", "admin")
        sandbox.grant(REGISTRY, "mei", "write")
        yield stage
        sandbox.drain()


@contextmanager
def a_stage(folder: Path, dialect: DialectName) -> Iterator[Stage]:
    """A forge on which nothing begins a pipeline by itself: a test runs what it wants run."""
    with Sandbox.serve(folder / "forge", dialect=dialect) as sandbox:
        stage = Stage(sandbox, folder)
        for login in ("ana", "mei"):
            sandbox.add_user(login)
        sandbox.add_bot("registrar-bot")
        sandbox.add_organization("acme")
        for name in (REGISTRY, TRAINING):
            sandbox.add_repository(name)
            stage.repository(name).settings.begins_pipelines = False
            sandbox.grant(name, "ana", "admin")
        sandbox.grant(TRAINING, "mei", "write")
        sandbox.grant(REGISTRY, "registrar-bot", "write")
        storage = folder / "storage"
        storage.mkdir()
        dvc = f"[core]\n    remote = storage\n['remote \"storage\"']\n    url = {storage}\n"
        files = a_registry({"1.0.0": 0.908}, status="Production: 1.0.0\n", model=MODEL)
        stage.push(REGISTRY, {**files, ".dvc/config": dvc}, by="ana")
        stage.push(TRAINING, texts_of(TRAINER), by="ana")
        yield stage
        sandbox.drain()
