"""A pipeline on the sandbox forge as GitLab has them: jobs in stages, where each stands, and what they deploy to."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from registrar.sandbox.accounts import Account
from registrar.sandbox.refusals import NotFound


class JobState(StrEnum):
    """Where a job is in its life; a pipeline is where its jobs together are."""

    CREATED = "created"
    PENDING = "pending"
    RUNNING = "running"
    MANUAL = "manual"  # waits for a person
    SUCCESS = "success"
    FAILED = "failed"
    CANCELING = "canceling"
    CANCELED = "canceled"
    SKIPPED = "skipped"

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen by itself, nor by a person who plays it."""
        return self in {JobState.SUCCESS, JobState.FAILED, JobState.CANCELED, JobState.SKIPPED}


@dataclass(frozen=True, slots=True)
class Variable:
    """What a job finds in its environment."""

    key: str
    value: str
    masked: bool = False  # never shown in a log
    raw: bool = False  # a `$` in it is a dollar sign
    file: bool = False  # the value is in a file, whose path the job finds


@dataclass(frozen=True, slots=True)
class EnvironmentPlan:
    """Where a job deploys to, variables still in it."""

    name: str
    url: str = ""
    action: str = "start"
    tier: str = ""


@dataclass(frozen=True, slots=True)
class JobPlan:
    """What a job of a pipeline does, and when."""

    name: str
    stage: str
    script: tuple[str, ...]
    before_script: tuple[str, ...] = ()
    after_script: tuple[str, ...] = ()
    variables: Mapping[str, Variable] = field(default_factory=dict)
    needs: tuple[str, ...] | None = None  # none named: everything of the stages before
    when: str = "on_success"
    allow_failure: bool = False
    environment: EnvironmentPlan | None = None
    dotenv: tuple[str, ...] = ()  # files whose variables later jobs get
    timeout: float | None = None  # seconds


@dataclass(slots=True, eq=False)
class Environment:
    """Somewhere that jobs deploy to."""

    id: int
    name: str
    slug: str
    tier: str
    created_at: datetime
    updated_at: datetime
    url: str = ""


@dataclass(slots=True, eq=False)
class Deployment:
    """One deploy to one environment, as far as its job came."""

    id: int
    iid: int
    environment: Environment
    job: "Job"
    created_at: datetime
    updated_at: datetime
    state: JobState = JobState.CREATED


@dataclass(slots=True, eq=False)
class Job:
    """One job of one pipeline; one that is tried again is a job of its own."""

    id: int
    plan: JobPlan
    pipeline: "Pipeline"
    user: Account
    token: str
    created_at: datetime
    state: JobState = JobState.CREATED
    queued_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    failure_reason: str = ""
    trace: list[str] = field(default_factory=list)  # pieces of the log
    dotenv: dict[str, str] = field(default_factory=dict)  # what it left for later jobs
    retried: bool = False  # a newer job of this name counts
    deployment: Deployment | None = None
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True, eq=False)
class Pipeline:
    """One run of a project's CI at one commit. Without jobs it is what others said about a commit."""

    id: int
    iid: int  # in its project
    ref: str
    tag: bool
    sha: str
    source: str  # push, merge_request_event, api, trigger, external ...
    user: Account
    created_at: datetime
    updated_at: datetime
    name: str = ""
    stages: tuple[str, ...] = ()
    jobs: list[Job] = field(default_factory=list)  # oldest first, retried ones too
    variables: tuple[Variable, ...] = ()  # that it was started with
    yaml_variables: Mapping[str, Variable] = field(default_factory=dict)  # of the whole configuration
    state: JobState = JobState.CREATED
    started_at: datetime | None = None
    finished_at: datetime | None = None
    merge_request: int = 0  # whose own it is, by number; 0: a branch's or a tag's
    source_sha: str = ""  # the head that `sha` merges into the target, as for merged results; empty: it is at the head
    yaml_errors: str = ""  # why it has no jobs, where its configuration could not be read

    @property
    def head_sha(self) -> str:
        """The head that it is about."""
        return self.source_sha or self.sha

    @property
    def latest_jobs(self) -> tuple[Job, ...]:
        """Those that count, in order of their stages."""
        jobs = (job for job in self.jobs if not job.retried)
        return tuple(sorted(jobs, key=lambda job: self.stages.index(job.plan.stage)))


@dataclass(slots=True, eq=False)
class Trigger:
    """A token that starts pipelines of one project in the name of whoever made it."""

    id: int
    description: str
    token: str
    owner: Account
    created_at: datetime
    updated_at: datetime
    last_used: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When pipelines of a branch or tag shall begin by themselves; the sandbox keeps it, and begins none."""

    id: int
    description: str
    ref: str  # refs/heads/main
    cron: str
    cron_timezone: str
    active: bool
    owner: Account
    created_at: datetime


@dataclass(slots=True)
class ContinuousIntegration:
    """All of a project's CI."""

    pipelines: list[Pipeline] = field(default_factory=list)  # oldest first
    triggers: list[Trigger] = field(default_factory=list)
    schedules: list[Schedule] = field(default_factory=list)
    environments: list[Environment] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)  # oldest first

    @property
    def next_iid(self) -> int:
        """Of the next pipeline of the project."""
        return 1 + max((each.iid for each in self.pipelines), default=0)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Of every pipeline, oldest first."""
        return tuple(sorted((job for each in self.pipelines for job in each.jobs), key=lambda job: job.id))

    def pipeline(self, number: int) -> Pipeline:
        """Raises `NotFound` when no pipeline has that id."""
        return _found(self.pipelines, number, "pipeline")

    def job(self, number: int) -> Job:
        """Raises `NotFound` when no job has that id."""
        return _found(self.jobs, number, "job")

    def environment(self, number: int) -> Environment:
        """Raises `NotFound` when no environment has that id."""
        return _found(self.environments, number, "environment")

    def deployment(self, number: int) -> Deployment:
        """Raises `NotFound` when no deployment has that id."""
        return _found(self.deployments, number, "deployment")

    def trigger(self, number: int) -> Trigger:
        """Raises `NotFound` when no trigger token has that id."""
        return _found(self.triggers, number, "trigger")


_Numbered = TypeVar("_Numbered", Pipeline, Job, Environment, Deployment, Trigger)


def _found(things: Sequence[_Numbered], number: int, what: str) -> _Numbered:
    found = next((each for each in things if each.id == number), None)
    if found is None:
        raise NotFound(f"there is no {what} {number}")
    return found
