"""Knows how a pipeline goes on: which job is next, what a person may do with one, and who is told of each move."""

import secrets

from registrar.sandbox.accounts import Account
from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.ci.composite import state_of, state_of_needs
from registrar.sandbox.gitlab.ci.deploying import follow, plan_deployment
from registrar.sandbox.gitlab.ci.execution import Ended, run_job
from registrar.sandbox.gitlab.ci.standing import settle
from registrar.sandbox.gitlab.refusals import Refused
from registrar.sandbox.happenings import JobMoved
from registrar.sandbox.pipelines import Job, JobPlan, JobState, Pipeline
from registrar.sandbox.runner import Runner
from registrar.sandbox.store import Repository, now

_UNTOLD = {JobState.MANUAL, JobState.SKIPPED}  # no webhook hears of these from the job itself
_RUN_AFTER = {
    "on_success": {JobState.SUCCESS, JobState.SKIPPED},
    "manual": {JobState.SUCCESS, JobState.SKIPPED},
    "on_failure": {JobState.FAILED},
    "always": {JobState.SUCCESS, JobState.FAILED, JobState.SKIPPED},
}
_RETRYABLE = {JobState.SUCCESS, JobState.FAILED, JobState.CANCELED}
_WAITING = {JobState.CREATED, JobState.PENDING}


def new_job(forge: Forge, pipeline: Pipeline, plan: JobPlan, *, user: Account) -> Job:
    """A job that nothing was done about yet, in its pipeline."""
    job = Job(
        id=forge.store.new_id("job"),
        plan=plan,
        pipeline=pipeline,
        user=user,
        token=f"glcbt-{secrets.token_hex(16)}",
        created_at=now(),
    )
    pipeline.jobs.append(job)
    return job


class Progress:
    """Moves the pipelines of a project on; whoever calls holds the store's lock."""

    def __init__(self, forge: Forge, runner: Runner, repository: Repository) -> None:
        self._forge, self._runner, self._repository = forge, runner, repository

    def begin(self, pipeline: Pipeline) -> None:
        """Tell of every job, and start those that wait for nothing."""
        for job in pipeline.latest_jobs:
            self._tell(job)
        self.advance(pipeline)

    def advance(self, pipeline: Pipeline) -> None:
        """Do what can be done now about every job that waited for others."""
        undecided = True
        while undecided:
            undecided = any(self._decide(job) for job in pipeline.latest_jobs if job.state is JobState.CREATED)
        self._settle(pipeline)

    def play(self, job: Job, *, actor: Account) -> Job:
        """Start what waits for a person; a manual job that ended once is started anew. Raises `Refused`."""
        if job.state is JobState.MANUAL:
            job.user = actor
        elif job.plan.when == "manual" and job.state in _RETRYABLE and not job.retried:
            job = self._again(job, actor)
        else:
            raise Refused(400, "400 Bad request - Unplayable Job")
        self._revive_after(job)
        self._enqueue(job)
        self.advance(job.pipeline)
        return job

    def retry_job(self, job: Job, *, actor: Account) -> Job:
        """A new job in place of one that ended. Raises `Refused`."""
        if job.state not in _RETRYABLE or job.retried:
            raise Refused(403, "403 Forbidden - Job is not retryable")
        fresh = self._again(job, actor)
        self._revive_after(fresh)
        self.advance(job.pipeline)
        return fresh

    def retry(self, pipeline: Pipeline, *, actor: Account) -> None:
        """New jobs in place of all that failed or were canceled."""
        for job in pipeline.latest_jobs:
            if job.state in {JobState.FAILED, JobState.CANCELED}:
                self._revive_after(self._again(job, actor))
        self.advance(pipeline)

    def cancel_job(self, job: Job) -> None:
        """End a job; one that runs is canceled only once its processes are gone."""
        if job.state in _WAITING:
            self._give_up(job)
        elif job.state is JobState.RUNNING:
            self._move(job, JobState.CANCELING)
            job.stop.set()
        self.advance(job.pipeline)

    def cancel(self, pipeline: Pipeline) -> None:
        """End every job that is not over."""
        for job in pipeline.latest_jobs:
            if job.state in _WAITING:
                self._give_up(job)
        for job in pipeline.latest_jobs:
            self.cancel_job(job)
        self._settle(pipeline)

    def _give_up(self, job: Job) -> None:
        job.finished_at = now()
        self._move(job, JobState.CANCELED)

    def _decide(self, job: Job) -> bool:
        """Whether what the job waited for is over, so that it was decided what becomes of it."""
        jobs, stages, plan = job.pipeline.latest_jobs, job.pipeline.stages, job.plan
        if plan.needs is None:
            before = state_of(each for each in jobs if stages.index(each.plan.stage) < stages.index(plan.stage))
        else:
            before = state_of_needs(each for each in jobs if each.plan.name in plan.needs)
        if not before.finished:
            return False
        plan_deployment(self._forge, self._repository, job)
        allowed = _RUN_AFTER[plan.when] - ({JobState.SKIPPED} if plan.needs is not None else set())
        if before not in allowed:
            self._move(job, JobState.SKIPPED)
        elif plan.when == "manual":
            self._move(job, JobState.MANUAL)
        else:
            self._enqueue(job)
        return True

    def _enqueue(self, job: Job) -> None:
        job.queued_at = now()
        self._move(job, JobState.PENDING)
        self._runner.start(f"sandbox job {job.id}", lambda: self._work(job), stop=job.stop)

    def _work(self, job: Job) -> None:
        if not self._may_run(job):
            return
        ended = Ended(JobState.FAILED, "runner_system_failure")
        try:
            ended = run_job(self._forge, self._repository, job)
        finally:
            self._end(job, ended)

    def _may_run(self, job: Job) -> bool:
        """Whether nobody canceled it before there was a place for it; it runs then."""
        with self._forge.store.lock:
            if job.state is not JobState.PENDING:
                return False
            job.started_at = now()
            self._move(job, JobState.RUNNING)
            self.advance(job.pipeline)
            return True

    def _end(self, job: Job, ended: Ended) -> None:
        with self._forge.store.lock:
            canceled = job.state is JobState.CANCELING
            job.finished_at, job.failure_reason = now(), "" if canceled else ended.reason
            self._move(job, JobState.CANCELED if canceled else ended.state)
            self.advance(job.pipeline)

    def _again(self, job: Job, actor: Account) -> Job:
        job.retried = True
        fresh = new_job(self._forge, job.pipeline, job.plan, user=actor)
        self._tell(fresh)
        return fresh

    def _revive_after(self, job: Job) -> None:
        """Let whatever was skipped because of a job wait for it again."""
        jobs, stages = job.pipeline.latest_jobs, job.pipeline.stages
        for each in jobs:
            needs = each.plan.needs
            later = stages.index(each.plan.stage) > stages.index(job.plan.stage)
            if each.state is JobState.SKIPPED and (later if needs is None else job.plan.name in needs):
                self._move(each, JobState.CREATED)
                self._revive_after(each)

    def _move(self, job: Job, state: JobState) -> None:
        job.state = state
        follow(self._forge, self._repository, job)
        if state not in _UNTOLD:
            self._tell(job)

    def _tell(self, job: Job) -> None:
        self._forge.publish(self._repository, JobMoved(self._repository, job.user, job))

    def _settle(self, pipeline: Pipeline) -> None:
        settle(self._forge, self._repository, pipeline, actor=pipeline.user)
