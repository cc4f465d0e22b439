"""Knows how a workflow runs that uses the action: read by GitHub's own parser, run by the sandbox's own runner."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from action.lean import make_python
from examples.places import ROOT
from examples.stage import Stage
from nodes import Node
from registrar.ci.installing import lock_of
from registrar.sandbox import git
from registrar.sandbox.runs import StepLog
from registrar.sandbox.sandbox import RoleName
from registrar.sandbox.workflows import RunContext, read_workflow, run_workflow

ACTION = "model-registrar/registrar@"
JOB = "github-actions[bot]"  # whose token every job has
READER = "reader[bot]"  # and a job of a fork
_READER = Path(__file__).with_name("workflow.mjs")


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a workflow."""

    conclusion: str
    log: str
    summary: str


@dataclass(frozen=True, slots=True)
class GitHubCi:
    """What runs the workflows of a forge's repositories, and which secrets they have."""

    stage: Stage
    node: Node

    def on_pull_request(self, name: str, number: int, path: str, *, is_of_fork: bool = False) -> Ran:
        """As GitHub does when somebody opens it or pushes to it; from a fork with a token that may only read."""
        token = self._token(name, READER, "read") if is_of_fork else self._token(name, JOB, "write")
        found = self.stage.repository(name).pull_request(number)
        base = {"ref": found.target_branch, "sha": found.base_sha, "repo": {"full_name": name}}
        head = {"sha": found.head_sha, "repo": {"full_name": "leo/a-fork" if is_of_fork else name}}
        event = {"number": number, "pull_request": {"number": number, "head": head, "base": base}}
        about = {"event_name": "pull_request", "event": event, "ref": f"refs/pull/{number}/merge", "token": token}
        return self._run(name, path, sha=found.head_sha, about=about, secrets={})

    def on_push(self, name: str, path: str, *, secrets: Mapping[str, str]) -> Ran:
        """As GitHub does when main has moved."""
        sha = git.branch(self.stage.repository(name).path, "main") or ""
        about = {"event_name": "push", "event": {"after": sha}, "ref": "refs/heads/main", "token": ""}
        return self._run(name, path, sha=sha, about=about, secrets=secrets)

    def _token(self, name: str, login: str, role: RoleName) -> str:
        sandbox = self.stage.sandbox
        account = sandbox.store.accounts.get(login) or sandbox.add_bot(login)
        sandbox.grant(name, login, role)
        return account.token

    def _run(self, name: str, path: str, *, sha: str, about: Mapping[str, object], secrets: Mapping[str, str]) -> Ran:
        repository = self.stage.repository(name)
        found = git.read(repository.path, sha, path)
        assert found is not None, path
        github = {**about, "repository": name, "server_url": self.stage.sandbox.url, "actor": "mei", "sha": sha}
        contexts = {"github": github, "vars": {}, "secrets": secrets}
        asked = json.dumps({"name": path, "content": found[1].decode(), "contexts": contexts})
        read = cast("dict[str, Any]", self.node.run(_READER, asked))
        assert read["problems"] == []
        logs: list[StepLog] = []
        summaries: list[str] = []
        conclusion = run_workflow(
            read_workflow(yaml.safe_dump(self._inlined(read["workflow"]))),
            repository_path=repository.path,
            sha=sha,
            context=RunContext({}, github, secrets, {}),
            workspace=self.stage.folder / "runs" / str(len(list(self.stage.folder.glob("runs/*")))),
            on_log=logs.append,
            on_summary=summaries.append,
        )
        return Ran(conclusion, "".join(each.text for each in logs), "".join(summaries))

    def _inlined(self, workflow: dict[str, Any]) -> dict[str, Any]:
        """The workflow with the last step of action.yml wherever the action is used, in the Python that it makes."""
        action = yaml.safe_load((ROOT / "action.yml").read_text())
        for job in workflow["jobs"].values():
            job["steps"] = [
                self._step(step, action) if step.get("uses", "").startswith(ACTION) else step for step in job["steps"]
            ]
        return workflow

    def _step(self, step: Mapping[str, Any], action: dict[str, Any]) -> dict[str, Any]:
        given = step["with"]
        unknown = given.keys() - action["inputs"].keys()
        assert not unknown, unknown
        inputs = {name: str(given.get(name, each.get("default", ""))) for name, each in action["inputs"].items()}
        last = action["runs"]["steps"][-1]
        env = step.get("env", {}) | {
            key: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: inputs[found[1]], text)
            for key, text in last["env"].items()
        }
        lock = lock_of({f"REGISTRAR_INPUT_{name.upper()}": inputs[name] for name in ("command", "dvc")})
        place = self.stage.folder / f"python-{lock.stem}"
        if not place.exists():
            make_python(place, lock)
        python = str(place / "bin" / "python")
        return {"name": "registrar", "shell": "bash", "run": last["run"], "env": {**env, "REGISTRAR_PYTHON": python}}
