"""Knows how a workflow runs that uses the action: the sandbox's own runner, with the action's steps in its place."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from examples.places import ROOT
from examples.stage import Stage
from registrar.sandbox import git
from registrar.sandbox.runs import StepLog
from registrar.sandbox.workflows import RunContext, read_workflow, run_workflow

ACTION = "model-registrar/registrar@"


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a workflow."""

    conclusion: str
    log: str
    summary: str


def run_on_pull_request(stage: Stage, name: str, number: int, path: str, *, token: str) -> Ran:
    """As GitHub does when somebody opens it or pushes to it."""
    found = stage.repository(name).pull_request(number)
    base = {"ref": found.target_branch, "sha": found.base_sha}
    event = {"number": number, "pull_request": {"number": number, "head": {"sha": found.head_sha}, "base": base}}
    about = {"event_name": "pull_request", "event": event, "ref": f"refs/pull/{number}/merge"}
    return _run(stage, name, path, sha=found.head_sha, about={**about, "token": token}, secrets={})


def run_on_push(stage: Stage, name: str, path: str, *, secrets: Mapping[str, str]) -> Ran:
    """As GitHub does when main has moved."""
    sha = git.branch(stage.repository(name).path, "main") or ""
    about = {"event_name": "push", "event": {"after": sha}, "ref": "refs/heads/main", "token": ""}
    return _run(stage, name, path, sha=sha, about=about, secrets=secrets)


def _run(
    stage: Stage, name: str, path: str, *, sha: str, about: Mapping[str, object], secrets: Mapping[str, str]
) -> Ran:
    repository = stage.repository(name)
    found = git.read(repository.path, sha, path)
    assert found is not None, path
    github = {**about, "repository": name, "server_url": stage.sandbox.url, "actor": "mei"}
    logs: list[StepLog] = []
    summaries: list[str] = []
    conclusion = run_workflow(
        read_workflow(inlined(found[1].decode())),
        repository_path=repository.path,
        sha=sha,
        context=RunContext({}, github, secrets, {"REGISTRY": "acme/registry"}),
        workspace=stage.folder / "runs" / f"{Path(path).stem}-{len(list(stage.folder.glob('runs/*')))}",
        on_log=logs.append,
        on_summary=summaries.append,
    )
    return Ran(conclusion, "".join(each.text for each in logs), "".join(summaries))


def inlined(text: str) -> str:
    """The workflow with the last step of action.yml wherever the action is used: Registrar itself is at hand."""
    workflow, action = yaml.safe_load(text), yaml.safe_load((ROOT / "action.yml").read_text())
    workflow["on"] = workflow.pop(True)  # YAML 1.1 takes the word for a truth
    for job in workflow["jobs"].values():
        job["steps"] = [_inlined(step, action) for step in job["steps"]]
    return yaml.safe_dump(workflow, sort_keys=False)


def _inlined(step: dict[str, Any], action: dict[str, Any]) -> dict[str, Any]:
    if not step.get("uses", "").startswith(ACTION):
        return step
    unknown = step["with"].keys() - action["inputs"].keys()
    assert not unknown, unknown
    given = {name: str(step["with"].get(name, each.get("default", ""))) for name, each in action["inputs"].items()}
    last = action["runs"]["steps"][-1]
    env = {
        key: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda at: given[at[1]], text) for key, text in last["env"].items()
    }
    return {
        "name": "registrar",
        "shell": "bash",
        "run": last["run"],
        "env": {**env, "REGISTRAR_PYTHON": sys.executable},
    }
