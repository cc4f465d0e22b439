"""Reads what the jobs of GitHub's workflows that have the bot's token take from their own repository."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import Any

from registrar.core.setup_jobs import Used, reconciles
from registrar.repository.ci_yaml import documents, mappings, text_at, written
from registrar.repository.scripts import files_in

_SECRET = re.compile(r"\bsecrets(?:\.|\[['\"])(\w+)")
_EVERYBODYS = "GITHUB_TOKEN"
_ACTIONS = ("", "/action.yml", "/action.yaml")  # a workflow is a file, an action a folder

Job = Mapping[Any, Any]


def used_by_workflows(
    workflows: Mapping[str, bytes],
    *,
    repository: str,
    read: Callable[[str], bytes | None],
    is_file: Callable[[str], bool],
) -> Mapping[str, tuple[Used, ...]]:
    """What each file takes, also of those that the jobs use; `read` gives None for what is no file."""
    looks = _Looks(repository, read, is_file)
    jobs = [(path, workflow, job) for path, text in workflows.items() for workflow, job in _jobs(text)]
    secrets = {name for _, workflow, job in jobs if reconciles(written(job)) for name in _secrets(workflow, job)}
    for path, workflow, job in jobs:
        if reconciles(written(job)) or secrets & _secrets(workflow, job) or job.get("secrets") == "inherit":
            looks.at_job(path, workflow, job)
    return {path: tuple(used) for path, used in looks.found.items()}


def environments_of(workflows: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Each file with a job that is the bot and has secrets, and its environment; empty where it names none."""
    for path, text in workflows.items():
        for workflow, job in _jobs(text):
            if reconciles(written(job)) and _secrets(workflow, job):
                yield path, text_at(job, "environment") or text_at(job, "environment", "name")


def _jobs(text: bytes) -> Iterator[tuple[Job, Job]]:
    for workflow in documents(text):
        for jobs in mappings(workflow.get("jobs")):
            yield from ((workflow, job) for job in jobs.values() if isinstance(job, dict))


def _secrets(workflow: Job, job: Job) -> set[str]:
    """Those that it names, itself or by what the workflow gives every job."""
    return {*_SECRET.findall(written([workflow.get("env"), job]))} - {_EVERYBODYS}


@dataclass(slots=True)
class _Looks:
    repository: str
    read: Callable[[str], bytes | None]
    is_file: Callable[[str], bool]
    found: dict[str, dict[Used, None]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def at_job(self, path: str, workflow: Job, job: Job) -> None:
        """A job has steps, or is a workflow of its own."""
        default = text_at(workflow, "defaults", "run", "working-directory")
        folder = text_at(job, "defaults", "run", "working-directory") or default
        steps = [*mappings(job.get("steps"))]
        self._take(path, text_at(job, "uses"))
        if any(self._checks_out(step) for step in steps):
            self._at_steps(path, steps, folder)
        else:
            for step in steps:
                self._take(path, text_at(step, "uses"))

    def _at_steps(self, path: str, steps: list[Job], folder: str) -> None:
        for step in steps:
            self._take(path, text_at(step, "uses"))
            place = text_at(step, "working-directory") or folder
            for used in files_in(text_at(step, "run"), self.is_file, folder=place):
                self._note(path, used)

    def _take(self, path: str, written_as: str) -> None:
        """What a job or a step uses: `./path`, or `owner/name/path@ref`."""
        if written_as.startswith("./"):
            name = normpath(written_as)
            self._note(path, Used("action.yml" if name == "." else name))
            self._follow("" if name == "." else name)
            return
        place, _, ref = written_as.partition("@")
        owner, name, *rest = (*place.split("/"), "", "")
        if f"{owner}/{name}".casefold() == self.repository.casefold():
            self._note(path, Used(join(*rest).strip("/") or "action.yml", ref))

    def _follow(self, name: str) -> None:
        """What an action or a workflow of the repository's own takes in turn."""
        for file in (f"{name}{end}".lstrip("/") for end in _ACTIONS):
            text = self.read(file) if file not in self.seen else None
            self.seen.add(file)
            for workflow, job in _jobs(text or b""):
                self.at_job(file, workflow, job)
            for runs in (each for action in documents(text or b"") for each in mappings(action.get("runs"))):
                self._at_steps(file, [*mappings(runs.get("steps"))], "")

    def _note(self, path: str, used: Used) -> None:
        self.found.setdefault(path, {})[used] = None

    def _checks_out(self, step: Job) -> bool:
        """Whether the files of the repository lie there from this step on."""
        other = text_at(step, "with", "repository")
        is_own = not other or "github.repository" in other or other.casefold() == self.repository.casefold()
        return text_at(step, "uses").casefold().startswith("actions/checkout@") and is_own
