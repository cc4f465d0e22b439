"""Answers about pipelines: starting one, how they stand, ending and repeating them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from registrar.sandbox import git
from registrar.sandbox.accounts import Role
from registrar.sandbox.calls import locked
from registrar.sandbox.gitlab.answers import answer, nothing, paged
from registrar.sandbox.gitlab.ci import finding
from registrar.sandbox.gitlab.ci.creation import Wish, create_pipeline
from registrar.sandbox.gitlab.ci.describing import job, listed_pipeline, named_pipeline, pipeline, variable
from registrar.sandbox.gitlab.ci.progress import Progress
from registrar.sandbox.gitlab.ci.rights import who_may_change
from registrar.sandbox.gitlab.refusals import Refused
from registrar.sandbox.gitlab.requests import PROJECT, ProjectCall, Visiting
from registrar.sandbox.pipelines import Pipeline, Variable

router = APIRouter(prefix=PROJECT)


class GivenVariable(BaseModel):
    """A variable that a pipeline is started with."""

    key: str
    value: str = ""
    variable_type: Literal["env_var", "file"] = "env_var"


class NewPipeline(BaseModel):
    """What a pipeline is started with."""

    ref: Annotated[str, Field(min_length=1)]
    variables: list[GivenVariable] = []
    inputs: dict[str, object] = {}


@router.post("/pipeline")
@locked
def start(call: Visiting) -> Response:
    """Start a pipeline; as on GitLab the answer does not hold its name."""
    actor, given = call.require(Role.WRITE), call.given(NewPipeline)
    variables = tuple(Variable(each.key, each.value, file=each.variable_type == "file") for each in given.variables)
    wish = Wish(given.ref, "api", variables, given.inputs)
    made = create_pipeline(call.forge, call.runner, call.repository, actor=actor, wish=wish)
    return answer(pipeline(call.forge, call.repository, made), 201)


@router.get("/pipelines")
@locked
def listing(call: Visiting) -> Response:
    """The pipelines, newest first."""
    found = finding.pipelines(call.repository.ci.pipelines, call.parameters)
    return paged(call, found, lambda each: listed_pipeline(call.forge, call.repository, each))


@router.get("/pipelines/latest")
@locked
def latest(call: Visiting) -> Response:
    """The newest pipeline of the newest commit of a branch."""
    ref = str(call.parameters.get("ref") or call.repository.default_branch)
    sha = git.branch(call.repository.path, ref)
    found = [each for each in call.repository.ci.pipelines if each.ref == ref and each.sha == sha]
    if not found:
        raise Refused(403, "403 Forbidden")
    return answer(named_pipeline(call.forge, call.repository, max(found, key=lambda each: each.id)))


@router.get("/pipelines/{number}")
@locked
def one(call: Visiting, number: int) -> Response:
    """A pipeline."""
    return answer(named_pipeline(call.forge, call.repository, _found(call, number)))


@router.delete("/pipelines/{number}")
@locked
def delete(call: Visiting, number: int) -> Response:
    """Forget a pipeline that is over."""
    call.require(Role.ADMIN)
    found = _found(call, number)
    Progress(call.forge, call.runner, call.repository).cancel(found)
    call.repository.ci.pipelines.remove(found)
    return nothing()


@router.get("/pipelines/{number}/variables")
@locked
def variables(call: Visiting, number: int) -> Response:
    """What a pipeline was started with; not for everyone to read."""
    found = _found(call, number)
    if call.require(Role.WRITE) is not found.user:
        call.require(Role.MAINTAIN)
    return paged(call, found.variables, variable)


@router.get("/pipelines/{number}/jobs")
@locked
def jobs(call: Visiting, number: int) -> Response:
    """The jobs of a pipeline, newest first."""
    retried = finding.is_true(call.parameters.get("include_retried"))
    found = finding.jobs(_found(call, number).jobs, call.parameters, retried=retried)
    return paged(call, found, lambda each: job(call.forge, call.repository, each))


@router.get("/pipelines/{number}/bridges")
@locked
def bridges(call: Visiting, number: int) -> Response:
    """The jobs that start pipelines of other projects: the sandbox runs none."""
    _found(call, number)
    return paged(call, (), lambda each: each)


@router.post("/pipelines/{number}/cancel")
@locked
def cancel(call: Visiting, number: int) -> Response:
    """End every job of a pipeline; nothing happens to one that is over."""
    found = _found(call, number)
    who_may_change(call, found)
    Progress(call.forge, call.runner, call.repository).cancel(found)
    return answer(pipeline(call.forge, call.repository, found))


@router.post("/pipelines/{number}/retry")
@locked
def retry(call: Visiting, number: int) -> Response:
    """Try every job anew that failed or was canceled."""
    found = _found(call, number)
    actor = who_may_change(call, found)
    Progress(call.forge, call.runner, call.repository).retry(found, actor=actor)
    return answer(pipeline(call.forge, call.repository, found), 201)


def _found(call: ProjectCall, number: int) -> Pipeline:
    return call.repository.ci.pipeline(number)
