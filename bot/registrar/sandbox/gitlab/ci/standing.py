"""Knows where a whole pipeline stands: where its jobs stand, and the statuses that others made part of it."""

from registrar.sandbox.accounts import Account
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.ci.composite import state_of
from registrar.sandbox.happenings import PipelineMoved
from registrar.sandbox.pipelines import JobState, Pipeline
from registrar.sandbox.store import Repository, Status, now


def statuses_of(repository: Repository, pipeline: Pipeline) -> tuple[Status, ...]:
    """The newest of each name in a pipeline, whoever said it: an older one of the name is taken for retried."""
    newest = {each.context: each for each in repository.statuses if each.pipeline == pipeline.id}
    return tuple(newest.values())


def settle(forge: Forge, repository: Repository, pipeline: Pipeline, *, actor: Account) -> None:
    """Let the pipeline be where all that it consists of is, and tell when that is somewhere else."""
    said = [JobState(each.stage) for each in statuses_of(repository, pipeline)]
    state, at = state_of(pipeline.latest_jobs, said), now()
    if state is pipeline.state:
        return
    pipeline.state, pipeline.updated_at = state, at
    if state is JobState.RUNNING and pipeline.started_at is None:
        pipeline.started_at = at
    pipeline.finished_at = at if state.finished else None
    forge.publish(repository, PipelineMoved(repository, actor, pipeline))
