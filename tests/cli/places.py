"""Knows a registry on a sandbox forge as its administrator finds it before the bot is set up: nothing guards it yet."""

import hashlib
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gitlab import Gitlab

from registrar.core.setup_pipelines import PROMISED
from registrar.sandbox import Sandbox
from registrar.sandbox.accounts import Role
from registrar.sandbox.environments import BranchPolicy, Environment
from registrar.sandbox.forge import DialectName
from registrar.sandbox.store import Protection, Repository
from sandbox.scene import Receiver, receiving
from stories.registries import RULES, a_registry

REGISTRY = "acme/registry"
APPLICATION = "acme/app"
SECRET = "a secret of some length"
WEIGHTS = hashlib.md5(b"digits 1.0.0", usedforsecurity=False).hexdigest()  # as stories.registries names them
CODEOWNERS = "* @ana @raj\n"

_GITHUB_INPUTS = "".join(f"      {name}: {{required: true, type: string}}\n" for name in PROMISED)
_GITLAB_INPUTS = "".join(f'    {name}: {{default: ""}}\n' for name in PROMISED)
_GITHUB_PIPELINE = f"""\
name: deploy
run-name: "${{{{ inputs.model }}}} (${{{{ inputs.operation }}}})"
on:
  workflow_dispatch:
    inputs:
{_GITHUB_INPUTS}jobs:
  deploy:
    runs-on: ubuntu-latest
    steps: [{{run: "true"}}]
"""
_GITLAB_PIPELINE = f"""\
spec:
  inputs:
{_GITLAB_INPUTS}---
workflow:
  name: "$[[ inputs.model ]] ($[[ inputs.operation ]])"
deploy:
  script: ["true"]
"""
PIPELINES: Mapping[DialectName, tuple[str, str]] = {
    "github": (".github/workflows/deploy.yml", _GITHUB_PIPELINE),
    "gitlab": (".gitlab-ci.yml", _GITLAB_PIPELINE),
}


WALLS: Mapping[DialectName, tuple[str, ...]] = {
    "github": ("status", "pull requests", "code owners", "stale approvals", "force pushes", "deletion"),
    "gitlab": ("status", "pushes"),
}


EVENTS: Mapping[DialectName, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "github": (("push", "pull_request", "pull_request_review", "issue_comment"), ("star", "fork")),
    "gitlab": (("push", "merge_requests", "note"), ("tag_push",)),
}


@dataclass(frozen=True, slots=True)
class Place:
    """The forge, whoever takes the bot's webhooks, and where the registry keeps its data."""

    sandbox: Sandbox
    door: Receiver
    storage: Path
    folder: Path  # for clones

    @property
    def url(self) -> str:
        """Where the bot is said to listen."""
        return self.door.url.removesuffix("/hook")

    @property
    def hook(self) -> str:
        """Where webhooks are said to lead."""
        return f"{self.url}/webhooks/{self.sandbox.forge.dialect.name}"

    @property
    def walls(self) -> list[str]:
        """What is found of a base branch that nothing guards."""
        return [f"branch protection, {part}" for part in WALLS[self.sandbox.forge.dialect.name]]

    @property
    def excessive_scopes(self) -> tuple[str, ...]:
        """What a token holds that may more than the bot needs."""
        return {"github": ("repo", "read:org", "admin:org"), "gitlab": ("api", "sudo")}[self.sandbox.forge.dialect.name]

    def push_as(self, login: str, branch: str) -> None:
        """Push to a branch over HTTP, so that webhooks are told."""
        assert self.pushed(login, branch)

    def pushed(self, login: str, branch: str) -> bool:
        """Whether somebody could push a commit to a branch over HTTP."""
        clone = self.clone(login, self.folder / f"push-of-{login}-to-{branch}")
        _git(clone, "commit", "--quiet", "--allow-empty", "--message", "Push")
        done = subprocess.run(
            ["git", "-C", str(clone), "push", "--quiet", "origin", f"HEAD:{branch}"], check=False, capture_output=True
        )
        return done.returncode == 0

    @property
    def needed_events(self) -> set[str]:
        """What the bot must be told of, as the sandbox calls it."""
        return set(EVENTS[self.sandbox.forge.dialect.name][0])

    @property
    def other_events(self) -> tuple[str, ...]:
        """What others may want to be told of."""
        return EVENTS[self.sandbox.forge.dialect.name][1]

    @property
    def _registry(self) -> Repository:
        return self.sandbox.store.repository(REGISTRY)

    def secrets(self) -> set[str]:
        """With what its webhooks are signed."""
        return {hook.secret for hook in self._registry.webhooks}

    def guards(self) -> list[object]:
        """Whatever guards a branch of the registry."""
        return [*self._registry.protections.items(), *self._registry.rulesets]

    def guard_strictly(self) -> None:
        """Guard main by more than the bot asks for, and yet not by all of it."""
        if self.sandbox.forge.dialect.name == "github":
            self._registry.protections["main"] = Protection(("tests",), approvals=2, spares_admins=True)
        else:
            self._registry.protections["main"] = Protection(push_role=Role.MAINTAIN, merge_role=Role.WRITE)
            self._registry.settings.only_allow_merge_if_all_discussions_are_resolved = True

    def strictness(self) -> object:
        """What of it must stay."""
        rule, settings = self._registry.protections["main"], self._registry.settings
        discussed = settings.only_allow_merge_if_all_discussions_are_resolved
        return rule.required_statuses, rule.approvals, rule.merge_role, discussed

    @property
    def enough_scopes(self) -> tuple[str, ...]:
        """What a token holds that may just what the bot needs."""
        return {"github": ("repo", "read:org"), "gitlab": ("api",)}[self.sandbox.forge.dialect.name]

    @property
    def untold(self) -> list[str]:
        """What no forge tells of a webhook that was told nothing yet: GitHub greets each, GitLab does not."""
        return [] if self.sandbox.forge.dialect.name == "github" else [f"webhook of {APPLICATION}, deliveries"]

    def clone(self, login: str, folder: Path) -> Path:
        """Someone's own clone of the registry."""
        address = self.sandbox.url.replace("://", f"://{login}:{self.token(login)}@")
        _git(self.folder, "clone", "--quiet", f"{address}/{REGISTRY}.git", str(folder))
        return folder

    def token(self, login: str) -> str:
        return self.sandbox.store.account(login).token

    def environment(self, **changes: str) -> dict[str, str]:
        """The settings of the bot, and its administrator's token."""
        return {
            "REGISTRAR_FORGE": self.sandbox.forge.dialect.name,
            "REGISTRAR_FORGE_URL": self.sandbox.url,
            "REGISTRAR_REPOSITORY": REGISTRY,
            "REGISTRAR_TOKEN": self.token("registrar-bot"),
            "REGISTRAR_ADMIN_TOKEN": self.token("ana"),
            "REGISTRAR_WEBHOOK_SECRET": SECRET,
            **changes,
        }

    def start_jobs(self) -> None:
        """What docs/adopt.md has a person click where the bot works in jobs: an environment, or a schedule."""
        registry = self.sandbox.store.repository(REGISTRY)
        if self.sandbox.forge.dialect.name == "github":
            at, policies = registry.created_at, [BranchPolicy(1, "main")]
            registry.environments["registrar"] = Environment(1, "registrar", at, at, for_named=True, policies=policies)
        else:
            schedule = {"description": "bot", "ref": "main", "cron": "*/10 * * * *"}
            Gitlab(self.sandbox.url, self.token("ana")).projects.get(REGISTRY).pipelineschedules.create(schedule)

    def land(self, files: Mapping[str, str | None], repository: str = REGISTRY) -> None:
        """Put files onto the main branch, whatever guards it."""
        bare = self.sandbox.store.repository(repository).path
        clone = self.folder / repository.replace("/", "-")
        if not clone.exists():
            _git(self.folder, "clone", "--quiet", str(bare), clone.name)
        for name, text in files.items():
            path = clone / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text)
        _git(clone, "add", "--all")
        _git(clone, "commit", "--quiet", "--message", "Change")
        _git(clone, "push", "--quiet", "origin", "HEAD:main")


@contextmanager
def a_place(root: Path, dialect: DialectName) -> Iterator[Place]:
    """ana and raj own everything; mei writes; the bot writes to the registry and to the application it deploys."""
    with Sandbox.serve(root / "forge", dialect=dialect) as sandbox, receiving() as door:
        for login in ("ana", "raj", "mei"):
            sandbox.add_user(login)
        sandbox.add_bot("registrar-bot")
        sandbox.add_organization("acme")
        for repository in (REGISTRY, APPLICATION):
            sandbox.add_repository(repository)
            for login in ("ana", "raj"):
                sandbox.grant(repository, login, "admin")
            sandbox.grant(repository, "mei", "write")
            sandbox.grant(repository, "registrar-bot", "write")
        storage = root / "storage"
        (storage / "files" / "md5" / WEIGHTS[:2]).mkdir(parents=True)
        (storage / "files" / "md5" / WEIGHTS[:2] / WEIGHTS[2:]).write_bytes(b"0123456789")
        place = Place(sandbox, door, storage, root)
        dvc = f"[core]\n    remote = storage\n['remote \"storage\"']\n    url = {storage}\n"
        registry = a_registry({"1.0.0": 0.9}, rules=_rules(dialect), codeowners=CODEOWNERS)
        place.land({**registry, ".dvc/config": dvc})
        place.land(dict([PIPELINES[dialect]]), APPLICATION)
        yield place
        sandbox.drain()


def _rules(dialect: DialectName) -> str:
    return RULES if dialect == "github" else RULES.replace("pipeline: deploy.yml", "pipeline: deploy")


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)
