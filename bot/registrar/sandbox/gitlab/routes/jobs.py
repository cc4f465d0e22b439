"""Answers about jobs of pipelines: how they stand, what they said, and what a person may do with them."""

from fastapi import APIRouter, Response

from registrar.sandbox.calls import locked
from registrar.sandbox.gitlab.answers import answer, paged
from registrar.sandbox.gitlab.ci import finding
from registrar.sandbox.gitlab.ci.describing import job
from registrar.sandbox.gitlab.ci.progress import Progress
from registrar.sandbox.gitlab.ci.rights import who_may_change
from registrar.sandbox.gitlab.requests import PROJECT, ProjectCall, Visiting
from registrar.sandbox.pipelines import Job

router = APIRouter(prefix=f"{PROJECT}/jobs")


@router.get("")
@locked
def listing(call: Visiting) -> Response:
    """The jobs of every pipeline, newest first."""
    found = finding.jobs(call.repository.ci.jobs, call.parameters, retried=True)
    return paged(call, found, lambda each: job(call.forge, call.repository, each))


@router.get("/{number}")
@locked
def one(call: Visiting, number: int) -> Response:
    """A job."""
    return _told(call, call.repository.ci.job(number))


@router.get("/{number}/trace")
@locked
def trace(call: Visiting, number: int) -> Response:
    """What a job said so far."""
    return Response("".join(call.repository.ci.job(number).trace), media_type="text/plain")


@router.post("/{number}/play")
@locked
def play(call: Visiting, number: int) -> Response:
    """Start a job that waits for a person."""
    found = call.repository.ci.job(number)
    actor = who_may_change(call, found.pipeline)
    return _told(call, _progress(call).play(found, actor=actor))


@router.post("/{number}/retry")
@locked
def retry(call: Visiting, number: int) -> Response:
    """A new job in place of one that ended."""
    found = call.repository.ci.job(number)
    actor = who_may_change(call, found.pipeline)
    return _told(call, _progress(call).retry_job(found, actor=actor), 201)


@router.post("/{number}/cancel")
@locked
def cancel(call: Visiting, number: int) -> Response:
    """End a job; nothing happens to one that is over."""
    found = call.repository.ci.job(number)
    who_may_change(call, found.pipeline)
    _progress(call).cancel_job(found)
    return _told(call, found, 201)


def _progress(call: ProjectCall) -> Progress:
    return Progress(call.forge, call.runner, call.repository)


def _told(call: ProjectCall, found: Job, status_code: int = 200) -> Response:
    return answer(job(call.forge, call.repository, found), status_code)
