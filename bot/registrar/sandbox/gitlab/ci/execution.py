"""Knows how a job runs on this machine: a checkout of its commit, its scripts as real processes, what they leave."""

import re
import shlex
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from registrar.sandbox.checkout import Checkout, check_out
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.ci.expansion import expand_all
from registrar.sandbox.gitlab.ci.variables import of_job
from registrar.sandbox.pipelines import Job, JobState, Variable
from registrar.sandbox.steps import (
    DEFAULT_TIMEOUT,
    Limits,
    Log,
    StepExited,
    StepFailed,
    StepTimedOut,
    clean_environment,
    run_script,
)
from registrar.sandbox.store import Repository

_DOTENV = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)=(?P<value>.*)")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a job ended, and GitLab's word for why it failed."""

    state: JobState
    reason: str = ""


def run_job(forge: Forge, repository: Repository, job: Job) -> Ended:
    """Run a job to its end, or to ours; its log is told as it comes."""
    root = forge.store.root / "jobs" / str(job.id)
    try:
        return _JobRun(forge, repository, job, root).perform()
    finally:
        shutil.rmtree(root, ignore_errors=True)


class _JobRun:
    def __init__(self, forge: Forge, repository: Repository, job: Job, root: Path) -> None:
        self._job, self._repository, self._forge = job, repository, forge
        self._folder, self._temporary = root / "builds" / repository.name, root / "temporary"
        for folder in (self._folder, self._temporary):
            folder.mkdir(parents=True, exist_ok=True)
        with forge.store.lock:
            known = of_job(forge, repository, job)
            values = expand_all(known)
        self._log = Log(job.trace.append, mask="[MASKED]", hides_on_command=False)
        self._log.hide(values[key] for key, variable in known.items() if variable.masked)
        self._environment = {
            **clean_environment(root / "home"),
            **self._on_disk(known, values),
            "CI_PROJECT_DIR": str(self._folder),
            "CI_BUILDS_DIR": str(self._folder.parent),
        }
        timeout = DEFAULT_TIMEOUT if job.plan.timeout is None else min(job.plan.timeout, DEFAULT_TIMEOUT)
        self._limits = Limits(timeout, job.stop)

    def perform(self) -> Ended:
        """The script and what goes before it in one shell; what goes after it in one of its own, whatever happened."""
        ended = self._ended()
        if self._job.plan.after_script and not self._job.stop.is_set():
            self._say("Running after_script")
            try:
                self._run(self._job.plan.after_script, {"CI_JOB_STATUS": ended.state})
            except StepFailed as failure:
                self._say(f"WARNING: after_script failed, but job will continue unaffected: {failure}")
        code = "" if ended.state is JobState.SUCCESS else f": {ended.reason}"
        self._say("Job succeeded" if not code else f"ERROR: Job failed{code}")
        return ended

    def _ended(self) -> Ended:
        try:
            self._prepare()
            self._run((*self._job.plan.before_script, *self._job.plan.script), {"CI_JOB_STATUS": "running"})
            self._collect()
        except StepTimedOut as failure:
            return self._failed(failure, "job_execution_timeout")
        except StepExited as failure:
            self._say(f"Cleaning up: exit status {failure.code}")
            return Ended(JobState.FAILED, "script_failure")
        except (StepFailed, OSError) as failure:
            return self._failed(failure, "runner_system_failure")
        return Ended(JobState.SUCCESS)

    def _failed(self, failure: Exception, reason: str) -> Ended:
        self._say(str(failure))
        return Ended(JobState.FAILED, reason)

    def _prepare(self) -> None:
        self._say(f"Running with the sandbox's runner: job {self._job.id} of {self._repository.full_name}")
        sha = self._job.pipeline.sha
        checkout = Checkout(self._repository.full_name, self._repository.path, sha, self._forge.url, self._folder)
        check_out(checkout, {}, environment=self._environment, log=self._log, limits=self._limits)

    def _run(self, lines: Sequence[str], more: Mapping[str, str]) -> None:
        run_script(  # noqa: S604 - to run scripts is what it is for
            "\n".join(f"echo {shlex.quote(f'$ {_shown(line)}')}\n{line}" for line in lines),
            shell="bash",
            folder=self._folder,
            temporary=self._temporary,
            environment={**self._environment, **more},
            log=self._log,
            limits=self._limits,
        )

    def _collect(self) -> None:
        for name in self._job.plan.dotenv:
            file = self._folder / name
            if not file.is_file():
                self._say(f"WARNING: {name}: no matching files")
                continue
            for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
                found = _DOTENV.fullmatch(line.strip())
                if found is None:
                    raise StepFailed(f"ERROR: {name}: invalid format: {line!r} is not NAME=value")
                self._job.dotenv[found["name"]] = found["value"].strip("\"'")

    def _on_disk(self, known: Mapping[str, Variable], values: Mapping[str, str]) -> dict[str, str]:
        """The environment; a variable of the type file is the path of one."""
        found = dict(values)
        for key, variable in known.items():
            if variable.file:
                path = self._temporary / key
                path.write_text(variable.value, encoding="utf-8")
                found[key] = str(path)
        return found

    def _say(self, line: str) -> None:
        self._log.say(f"{line}\n")


def _shown(line: str) -> str:
    """A command in the log, as GitLab's runner shows it."""
    first, separator, _ = line.strip().partition("\n")
    return f"{first} # collapsed multi-line command" if separator else first
