"""Knows where a pipeline, a stage or what a job waits for stands, from where the jobs in it stand; as GitLab counts."""

from collections.abc import Iterable

from registrar.sandbox.pipelines import Job, JobState

_WARNING = "success with warnings"  # failed or canceled, and allowed to
_IGNORED = "ignored"  # waits for a person, and need not be waited for
_FINE = {JobState.SUCCESS, JobState.SKIPPED, _WARNING, _IGNORED}

# In this order: the first that holds all that is there says what it is.
_ONLY: tuple[tuple[set[str], JobState], ...] = (
    ({JobState.SKIPPED, _IGNORED}, JobState.SKIPPED),
    (_FINE, JobState.SUCCESS),
    ({JobState.CREATED, _WARNING, _IGNORED}, JobState.CREATED),
    (_FINE | {JobState.CANCELED}, JobState.CANCELED),
)
_PENDING = {JobState.PENDING, JobState.CREATED, JobState.SKIPPED, _WARNING, _IGNORED}
_DONE = {JobState.SUCCESS, JobState.FAILED, JobState.CANCELED, JobState.SKIPPED, _WARNING}


def state_of(jobs: Iterable[Job], said: Iterable[JobState] = ()) -> JobState:
    """Where jobs and statuses that others set stand together; of nothing at all: it succeeded."""
    kinds = {_kind(job) for job in jobs} | set(said)
    for these, state in _ONLY:
        if kinds <= these and kinds:
            return state
    return _mixed(kinds) if kinds else JobState.SUCCESS


def state_of_needs(jobs: Iterable[Job]) -> JobState:
    """Where the jobs that a job needs by name stand together: one that never runs holds it back for good."""
    kinds = {_kind(job) for job in jobs}
    if kinds & {JobState.SKIPPED, _IGNORED}:
        return JobState.SKIPPED
    if not kinds <= _DONE:
        return JobState.PENDING
    return JobState.FAILED if JobState.FAILED in kinds else _worst(kinds)


def _worst(kinds: set[str]) -> JobState:
    return JobState.CANCELED if JobState.CANCELED in kinds else JobState.SUCCESS


def _mixed(kinds: set[str]) -> JobState:
    if JobState.CANCELING in kinds:
        return JobState.CANCELING
    if kinds <= _PENDING:
        return JobState.PENDING
    if kinds & {JobState.RUNNING, JobState.PENDING}:
        return JobState.RUNNING
    if JobState.MANUAL in kinds:
        return JobState.MANUAL
    return JobState.RUNNING if JobState.CREATED in kinds else JobState.FAILED


def _kind(job: Job) -> str:
    if job.plan.allow_failure and job.state in {JobState.FAILED, JobState.CANCELED}:
        return _WARNING
    return _IGNORED if job.plan.allow_failure and job.state is JobState.MANUAL else job.state
