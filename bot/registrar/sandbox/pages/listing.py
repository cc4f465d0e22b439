"""Knows how a run stands in a list: a workflow's on GitHub, a pipeline on GitLab."""

from dataclasses import dataclass
from datetime import datetime

from registrar.sandbox.accounts import Account
from registrar.sandbox.pages.faces import Face
from registrar.sandbox.pipelines import JobState, Pipeline
from registrar.sandbox.runs import RunState, WorkflowRun
from registrar.sandbox.store import Repository

SHORT = 60  # lines of a run altogether that are shown at once
STATES = {
    RunState.SUCCEEDED: "success",
    RunState.FAILED: "failure",
    JobState.SUCCESS: "success",
    JobState.FAILED: "failure",
    JobState.CANCELED: "skipped",
    JobState.SKIPPED: "skipped",
    JobState.MANUAL: "manual",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A run in a list."""

    address: str
    title: str
    about: str  # which it is: `Deploy #3`
    state: str  # success, failure, skipped, manual; another while it goes on
    word: str  # the forge's own for that
    actor: Account
    branch: str
    created_at: datetime

    @property
    def goes_on(self) -> bool:
        """Whether it moves by itself."""
        return self.state not in STATES.values()


def runs_of(face: Face, repository: Repository) -> list[Listed]:
    """Every run of a repository, newest first."""
    found = [_workflow_run(face, repository, each) for each in repository.runs]
    found += [_pipeline(face, repository, each) for each in repository.ci.pipelines]
    return found[::-1]


def runs_at(face: Face, repository: Repository, sha: str) -> list[Listed]:
    """Every pipeline at a commit, newest first; workflows are started by hand, and judge no commit."""
    return [_pipeline(face, repository, each) for each in reversed(repository.ci.pipelines) if each.sha == sha]


def _workflow_run(face: Face, repository: Repository, run: WorkflowRun) -> Listed:
    return Listed(
        face.to.run(repository, run),
        run.title,
        f"{run.workflow_name} #{run.number}",
        STATES.get(run.state, run.state),
        run.state.value,
        run.actor,
        run.branch,
        run.created_at,
    )


def _pipeline(face: Face, repository: Repository, pipeline: Pipeline) -> Listed:
    return Listed(
        face.to.run(repository, pipeline),
        title_of(pipeline),
        f"#{pipeline.id}",
        STATES.get(pipeline.state, pipeline.state),
        pipeline.state.value,
        pipeline.user,
        pipeline.ref,
        pipeline.created_at,
    )


def title_of(pipeline: Pipeline) -> str:
    """Its name, or what a pipeline without one is called."""
    return pipeline.name or f"Pipeline #{pipeline.id}"
