"""Answers about environments: for which branches each is.

https://docs.github.com/rest/deployments/environments
"""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from registrar.sandbox.accounts import Role
from registrar.sandbox.calls import locked
from registrar.sandbox.environments import BranchPolicy, Environment
from registrar.sandbox.github.people import Json, moment
from registrar.sandbox.github.requests import RepositoryCall, Visiting, answer, paged
from registrar.sandbox.refusals import Invalid, NotFound
from registrar.sandbox.store import now

router = APIRouter(prefix="/repos/{owner}/{repo}/environments/{name}")


class BranchPolicies(BaseModel):
    """For which branches; one of both."""

    protected_branches: bool
    custom_branch_policies: bool


class Wish(BaseModel):
    """What an environment shall be; without a policy it is for every branch."""

    deployment_branch_policy: BranchPolicies | None = None


class NewPolicy(BaseModel):
    """Branches or tags that it shall be for."""

    name: str
    type: Literal["branch", "tag"] = "branch"


@router.get("")
@locked
def one(call: Visiting, name: str) -> Response:
    """An environment."""
    return answer(_written(call, _found(call, name)))


@router.put("")
@locked
def keep(call: Visiting, name: str, body: Wish) -> Response:
    """Make one, or change for which branches it is."""
    _require_admin(call)
    policy = body.deployment_branch_policy
    if policy is not None and policy.protected_branches == policy.custom_branch_policies:
        raise Invalid("Exactly one of protected_branches and custom_branch_policies must be true")
    known = call.repository.environments
    found = known.setdefault(name, Environment(call.forge.store.new_id("environment"), name, now(), now()))
    found.updated_at = now()
    found.for_protected = policy is not None and policy.protected_branches
    found.for_named = policy is not None and policy.custom_branch_policies
    return answer(_written(call, found))


@router.get("/deployment-branch-policies")
@locked
def policies(call: Visiting, name: str) -> Response:
    """The branches and tags that it is for."""
    return paged(call, _found(call, name).policies, _policy, wrap="branch_policies")


@router.post("/deployment-branch-policies")
@locked
def add_policy(call: Visiting, name: str, body: NewPolicy) -> Response:
    """Let it be for more."""
    _require_admin(call)
    found = _found(call, name)
    if not found.for_named:
        raise NotFound("the environment is for no named branches")
    made = BranchPolicy(call.forge.store.new_id("branch policy"), body.name, body.type)
    found.policies.append(made)
    return answer(_policy(made))


def _found(call: RepositoryCall, name: str) -> Environment:
    if name not in call.repository.environments:
        raise NotFound(f"there is no environment {name}")
    return call.repository.environments[name]


def _require_admin(call: RepositoryCall) -> None:
    call.require(Role.ADMIN, "Must have admin rights to Repository.")


def _policy(found: BranchPolicy) -> Json:
    return {"id": found.id, "node_id": f"EBP_{found.id}", "name": found.name, "type": found.type}


def _written(call: RepositoryCall, found: Environment) -> Json:
    place = f"{call.repository.full_name}"
    is_for_some = found.for_protected or found.for_named
    policy = {"protected_branches": found.for_protected, "custom_branch_policies": found.for_named}
    rule = {"id": found.id, "node_id": f"GA_{found.id}", "type": "branch_policy"}
    return {
        "id": found.id,
        "node_id": f"EN_{found.id}",
        "name": found.name,
        "url": f"{call.forge.url}/api/v3/repos/{place}/environments/{found.name}",
        "html_url": f"{call.forge.url}/{place}/deployments/activity_log?environments_filter={found.name}",
        "created_at": moment(found.created_at),
        "updated_at": moment(found.updated_at),
        "protection_rules": [rule] if is_for_some else [],
        "deployment_branch_policy": policy if is_for_some else None,
    }
