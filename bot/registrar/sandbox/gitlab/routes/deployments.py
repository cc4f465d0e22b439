"""Answers about environments and what was deployed to them."""

from fastapi import APIRouter, Response

from registrar.sandbox.accounts import Role
from registrar.sandbox.calls import locked
from registrar.sandbox.gitlab.answers import answer, paged
from registrar.sandbox.gitlab.ci import finding
from registrar.sandbox.gitlab.ci.describing import deployment, environment, listed_environment
from registrar.sandbox.gitlab.requests import PROJECT, Visiting

router = APIRouter(prefix=PROJECT)


@router.get("/deployments")
@locked
def listing(call: Visiting) -> Response:
    """The deployments, oldest first."""
    call.require(Role.READ)
    found = finding.deployments(call.repository.ci.deployments, call.parameters)
    return paged(call, found, lambda each: deployment(call.forge, call.repository, each))


@router.get("/deployments/{number}")
@locked
def one(call: Visiting, number: int) -> Response:
    """A deployment."""
    call.require(Role.READ)
    return answer(deployment(call.forge, call.repository, call.repository.ci.deployment(number)))


@router.get("/environments")
@locked
def environments(call: Visiting) -> Response:
    """The environments, or the one of a name."""
    call.require(Role.READ)
    name = call.parameters.get("name")
    found = [each for each in call.repository.ci.environments if name in {None, each.name}]
    return paged(call, found, lambda each: listed_environment(call.forge, call.repository, each))


@router.get("/environments/{number}")
@locked
def one_environment(call: Visiting, number: int) -> Response:
    """An environment."""
    call.require(Role.READ)
    return answer(environment(call.forge, call.repository, call.repository.ci.environment(number)))
