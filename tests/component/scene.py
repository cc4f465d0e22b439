"""Knows a registry on GitLab, its clone as a runner has it, and gitlab-ci-local, which runs pipelines there."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pygit2

from committing import arrived
from nodes import Node
from registrar import __version__
from registrar.sandbox import Sandbox, pull_requests
from registrar.sandbox.landing import Landing
from registrar.sandbox.pull_requests import Proposal
from registrar.sandbox.sandbox import RoleName
from registrar.sandbox.store import Repository

ROOT = Path(__file__).parents[2]
TEMPLATE = "templates/registrar/template.yml"
REGISTRY = "acme/registry"
MERGE_REQUEST = {"CI_PIPELINE_SOURCE": "merge_request_event"}
PUSH = {"CI_PIPELINE_SOURCE": "push"}
_ROLES: tuple[tuple[str, RoleName], ...] = (("ana", "admin"), ("mei", "write"), ("registrar-bot", "write"))
_QUIET = ("--no-color", "--timestamps=false", "--no-json-schema-validation")


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a pipeline."""

    code: int
    out: str
    aside: str
    folder: Path

    @property
    def log(self) -> str:
        """All that was said."""
        return self.out + self.aside

    def artifact(self, job: str, path: str) -> str:
        """A file that a job kept."""
        kept = self.folder / ".gitlab-ci-local" / "artifacts" / job
        return next(kept.rglob(path)).read_text()

    def ended(self, job: str) -> str:
        """PASS, WARN or FAIL; empty for a job that did not run."""
        found = re.search(rf"(?m)^ (PASS|WARN|FAIL)  {re.escape(job)}\s", self.log)
        return found[1] if found else ""


@dataclass(slots=True)
class Project:
    """The forge, and the clone."""

    sandbox: Sandbox
    folder: Path
    node: Node
    home: Path
    variables: dict[str, str] = field(default_factory=dict)  # of the project's settings
    has_registrar: bool = True  # whether a job finds the command at hand

    @property
    def registry(self) -> Repository:
        return self.sandbox.store.repository(REGISTRY)

    def token(self, login: str) -> str:
        return self.sandbox.store.account(login).token

    def push(self, files: Mapping[str, str], *, by: str = "ana", onto: str = "main") -> str:
        """Let somebody commit to a branch of the registry."""
        return arrived(self.sandbox.forge, self.registry, files, by=self.sandbox.store.account(by), onto=onto)

    def ask(self, branch: str, *, by: str = "mei") -> int:
        """Open a merge request from a branch; its number."""
        author, proposal = self.sandbox.store.account(by), Proposal("Change", branch, "main")
        return pull_requests.open_pull_request(
            self.sandbox.forge, self.registry, author=author, proposal=proposal
        ).number

    def merge(self, number: int, *, by: str) -> None:
        """Let somebody merge, whatever guards main."""
        request, actor = self.registry.pull_request(number), self.sandbox.store.account(by)
        pull_requests.merge(self.sandbox.forge, self.registry, request, actor=actor, landing=Landing())

    def mirror(self, name: str) -> None:
        """Let another project hold the component, as this checkout has it, and release it."""
        self.sandbox.add_organization(name.partition("/")[0])
        self.sandbox.add_repository(name)
        owner, project = self.sandbox.store.account("ana"), self.sandbox.store.repository(name)
        project.settings.begins_pipelines = False
        sha = arrived(self.sandbox.forge, project, {TEMPLATE: (ROOT / TEMPLATE).read_text()}, by=owner)
        pygit2.Repository(str(project.path)).references.create(f"refs/tags/{__version__}", sha)

    def note(self, text: str) -> None:
        """Write into the ledger of the forge under what main holds."""
        bare, author = str(self.registry.path), self._environment() | {"GIT_AUTHOR_NAME": "registrar-bot"}
        words = ["git", "-C", bare, "notes", "--ref=registrar", "add", "--message", text, "main"]
        subprocess.run(words, env=author, check=True, capture_output=True)

    def noted(self) -> str:
        """What the clone knows of the ledger under what it has checked out."""
        return self._git("notes", "--ref=registrar", "show", "HEAD")

    def check_out(self, branch: str = "main") -> None:
        """What a runner does before the script."""
        self._git("fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*")
        self._git("checkout", "--quiet", "--force", "-B", branch, f"origin/{branch}")
        self._git("clean", "-ffdx", "--quiet", "--exclude=.gitlab-ci-local")

    def listed(self, text: str, situation: Mapping[str, str]) -> Mapping[str, Mapping[str, object]]:
        """What each job would do in a pipeline, by its name."""
        ran = self.run(text, situation, "--list-json")
        assert ran.code == 0, ran.log
        return {job["name"]: job for job in json.loads(ran.out)}

    def fetch(self, component: str) -> None:
        """Bring a component that a pipeline includes more than once: gitlab-ci-local would fetch all of them at a time.

        The copies of one are then in each other's way.
        """
        file = self.folder / ".gitlab-ci.yml"
        before = file.read_text() if file.exists() else ""
        self.listed(included({"command": "check"}, where=f"component: {component}"), PUSH)
        file.write_text(before)

    def merge_request(self, number: int) -> dict[str, str]:
        """The situation of a merge request's own pipeline."""
        return MERGE_REQUEST | {
            "CI_MERGE_REQUEST_IID": str(number),
            "CI_MERGE_REQUEST_PROJECT_PATH": REGISTRY,
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        }

    def run(self, text: str, situation: Mapping[str, str], *words: str) -> Ran:
        """Run a pipeline of this text, or what the words ask for instead."""
        (self.folder / ".gitlab-ci.yml").write_text(text)
        server = {"CI_SERVER_URL": self.sandbox.url, "CI_PROJECT_PATH": REGISTRY}
        given = {"GITLAB_CI": "true", **server, **self.variables, **situation}
        ours = [word for name, value in given.items() for word in ("--variable", f"{name}={value}")]
        if situation.get("CI_PIPELINE_SOURCE") == "merge_request_event":
            ours += ["--unset-variable", "CI_COMMIT_BRANCH"]
        done = subprocess.run(
            [*self.node.program("gitlab-ci-local"), "--force-shell-executor", *_QUIET, *ours, *words],
            cwd=self.folder,
            env=self._environment() | {"GCL_IGNORE_PREDEFINED_VARS": ",".join(given)},
            capture_output=True,
            text=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr, self.folder)

    def _environment(self) -> dict[str, str]:
        ours = [str(Path(sys.executable).parent)] if self.has_registrar else []
        programs = [*ours, str(self.node.executable.parent), os.environ["PATH"]]
        return {"PATH": os.pathsep.join(programs), "HOME": str(self.home), "GIT_CONFIG_NOSYSTEM": "1"}

    def _git(self, *words: str) -> str:
        run = ["git", "-C", str(self.folder), *words]
        return subprocess.run(run, env=self._environment(), check=True, capture_output=True, text=True).stdout


def included(*inputs: Mapping[str, object], where: str = f"local: /{TEMPLATE}") -> str:
    """A pipeline that includes the component once for each, as a user would."""
    includes = "".join(f"  - {where}\n    inputs: {json.dumps({'package': '', **each})}\n" for each in inputs)
    return f"include:\n{includes}"


@contextmanager
def a_project(folder: Path, node: Node, files: Mapping[str, str], *, path: str = "") -> Iterator[Project]:
    """ana owns the registry, mei writes; what begins pipelines is gitlab-ci-local alone."""
    with Sandbox.serve(folder / "forge", dialect="gitlab", path=path) as sandbox:
        sandbox.add_organization("acme")
        for login in ("ana", "mei"):
            sandbox.add_user(login)
        sandbox.add_bot("registrar-bot")
        sandbox.add_repository(REGISTRY, private=True)
        for login, role in _ROLES:
            sandbox.grant(REGISTRY, login, role)
        checkout, home = folder / "checkout", folder / "home"
        home.mkdir()
        (home / ".gitconfig").write_text("[user]\n    name = ana\n    email = ana@example.org\n")
        project = Project(sandbox, checkout, node, home)
        project.registry.settings.begins_pipelines = False
        template = (ROOT / TEMPLATE).read_text()
        project.push({**files, TEMPLATE: template})
        job = sandbox.url.replace("://", f"://gitlab-ci-token:{project.token('mei')}@")  # as a runner clones it
        subprocess.run(["git", "clone", "--quiet", f"{job}/{REGISTRY}.git", checkout], check=True)
        yield project
