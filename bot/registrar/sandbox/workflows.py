"""Knows how a workflow runs on this machine: jobs in turn, steps as real processes, and what passes between them."""

import json
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from registrar.sandbox.checkout import Checkout, check_out
from registrar.sandbox.expressions import InvalidExpression, interpolate
from registrar.sandbox.runs import StepLog
from registrar.sandbox.steps import (
    DEFAULT_TIMEOUT,
    Limits,
    Log,
    StepFailed,
    clean_environment,
    read_assignments,
    run_script,
)
from registrar.sandbox.workflow_file import (
    InvalidInputs,
    InvalidWorkflow,
    Job,
    RunContext,
    Step,
    WorkflowFile,
    read_workflow,
)

__all__ = ["InvalidInputs", "InvalidWorkflow", "RunContext", "WorkflowFile", "read_workflow", "run_workflow"]

Conclusion = Literal["success", "failure"]


@dataclass(frozen=True, slots=True)
class _Run:
    workflow: WorkflowFile
    context: RunContext
    repository_path: Path
    sha: str
    workspace: Path
    on_log: Callable[[StepLog], None]
    on_summary: Callable[[str], None]
    timeout: float
    stop: threading.Event
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)  # of the jobs that succeeded


def run_workflow(  # noqa: PLR0913 - what a run is made of
    workflow: WorkflowFile,
    *,
    repository_path: Path,
    sha: str,
    context: RunContext,
    workspace: Path,
    on_log: Callable[[StepLog], None],
    on_summary: Callable[[str], None] = lambda _: None,
    step_timeout: float = DEFAULT_TIMEOUT,
    stop: threading.Event | None = None,
) -> Conclusion:
    """Run every job, each in its own folder of the workspace.

    `on_log` is told pieces of text as they come, with an empty conclusion, and last of each step a textless piece with
    its conclusion. `on_summary` is told what a step wrote to `$GITHUB_STEP_SUMMARY`. Setting `stop` ends the run as a
    failure within a moment.
    """
    stop = stop or threading.Event()
    run = _Run(workflow, context, repository_path, sha, workspace, on_log, on_summary, step_timeout, stop)
    for job in workflow.jobs:
        if run.outputs.keys() >= set(job.needs):
            _JobRun(run, job).perform()
        else:
            for step in job.steps:
                on_log(StepLog(job.id, step.name, "", "skipped"))
    return "success" if run.outputs.keys() == {job.id for job in workflow.jobs} else "failure"


class _JobRun:
    """One job: what its steps left for those after them."""

    def __init__(self, run: _Run, job: Job) -> None:
        self._run, self._job = run, job
        root = run.workspace / job.id
        self._folder, self._temporary = root / "workspace", root / "temporary"
        for folder in (self._folder, self._temporary):
            folder.mkdir(parents=True, exist_ok=True)
        self._steps: dict[str, object] = {}
        self._secrets = {"GITHUB_TOKEN": str(run.context.github.get("token", "")), **run.context.secrets}
        self._hidden = set(self._secrets.values())
        self._environment = clean_environment(root / "home") | self._github_environment()
        self._env: dict[str, str] = {}

    def perform(self) -> None:
        """Run the steps; the first that fails leaves the others skipped."""
        failed = False
        for step in self._job.steps:
            if failed:
                self._run.on_log(StepLog(self._job.id, step.name, "", "skipped"))
            else:
                failed = not self._succeeds(step)
        if not failed:
            self._run.outputs[self._job.id] = self._filled(self._job.outputs)

    def _succeeds(self, step: Step) -> bool:
        def write(text: str, conclusion: str = "") -> None:
            self._run.on_log(StepLog(self._job.id, step.name, text, conclusion))

        log = Log(write)
        log.hide(self._hidden)
        try:
            with self._exchanged(step, log) as environment:
                self._act(step, environment, log)
        except (StepFailed, InvalidExpression, OSError) as error:
            log.say(f"Error: {error}\n")
            write("", "success" if step.may_fail else "failure")
            return step.may_fail
        finally:
            self._hidden |= log.secrets
        write("", "success")
        return True

    @contextmanager
    def _exchanged(self, step: Step, log: Log) -> Iterator[dict[str, str]]:
        """The environment of a step; afterwards what it wrote into the files that the environment names is taken in."""
        files = {
            name: self._temporary / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STEP_SUMMARY")
        }
        for file in files.values():
            file.write_bytes(b"")
        self._env = self._declared(step)
        try:
            yield self._environment | self._env | {name: str(file) for name, file in files.items()}
        finally:  # also what a step says that fails
            if summary := files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8", errors="replace"):
                self._run.on_summary(log.masked(summary))
        self._environment |= read_assignments(files["GITHUB_ENV"])
        outputs = read_assignments(files["GITHUB_OUTPUT"])
        if step.id:
            self._steps[step.id] = {"outputs": outputs}

    def _declared(self, step: Step) -> dict[str, str]:
        """`env` of the workflow, the job and the step, each seeing those before it."""
        self._env = {}
        for declared in (self._run.workflow.env, self._job.env, step.env or {}):
            self._env |= self._filled(declared)
        return self._env

    def _act(self, step: Step, environment: dict[str, str], log: Log) -> None:
        timeout = self._run.timeout if step.timeout is None else min(step.timeout, self._run.timeout)
        limits = Limits(timeout, self._run.stop)
        if step.uses:
            self._use(step, environment, log, limits)
            return
        script = interpolate(step.run, self._contexts())
        log.say("".join(f"$ {line}\n" for line in script.strip().splitlines()))
        run_script(
            script,
            shell=step.shell,
            folder=self._folder / interpolate(step.working_directory, self._contexts()),
            temporary=self._temporary,
            environment=environment,
            log=log,
            limits=limits,
        )

    def _use(self, step: Step, environment: dict[str, str], log: Log, limits: Limits) -> None:
        action = step.uses.partition("@")[0]
        given = self._filled(step.given or {})
        if action == "actions/checkout":
            check_out(self._checkout(), given, environment=environment, log=log, limits=limits)
        elif action == "actions/setup-python":
            log.say(f"The sandbox uses the Python it runs on: {shutil.which('python', path=environment['PATH'])}\n")
        else:
            raise StepFailed(f"the sandbox cannot run {step.uses!r}, only checkout and setup-python; write it as `run`")

    def _checkout(self) -> Checkout:
        github = self._run.context.github
        repository, server = str(github.get("repository", "")), str(github.get("server_url", ""))
        return Checkout(repository, self._run.repository_path, self._run.sha, server, self._folder)

    def _filled(self, texts: Mapping[str, str]) -> dict[str, str]:
        contexts = self._contexts()
        return {name: interpolate(text, contexts) for name, text in texts.items()}

    def _contexts(self) -> dict[str, Mapping[str, object]]:
        context, outputs = self._run.context, self._run.outputs
        github = {"sha": self._run.sha, "workspace": str(self._folder), "job": self._job.id, **context.github}
        return {
            "env": self._environment | self._env,
            "github": github,
            "inputs": self._run.workflow.typed_inputs(context.inputs),
            "needs": {name: {"result": "success", "outputs": outputs[name]} for name in self._job.needs},
            "secrets": self._secrets,
            "steps": self._steps,
            "vars": context.vars,
        }

    def _github_environment(self) -> dict[str, str]:
        known = {"sha": self._run.sha, "workspace": str(self._folder), "job": self._job.id, **self._run.context.github}
        texts = {
            f"GITHUB_{key.upper()}": value for key, value in known.items() if isinstance(value, str) and key != "token"
        }
        event = self._temporary / "event.json"
        event.write_text(json.dumps(known.get("event") or {}), encoding="utf-8")
        texts["GITHUB_EVENT_PATH"] = str(event)
        system = "Linux" if sys.platform == "linux" else "macOS"
        return texts | {"GITHUB_ACTIONS": "true", "RUNNER_OS": system, "RUNNER_TEMP": str(self._temporary)}
