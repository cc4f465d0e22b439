"""Answers about rulesets, and about the rules that guard a branch."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from registrar.sandbox.accounts import Role
from registrar.sandbox.calls import locked
from registrar.sandbox.github.requests import RepositoryCall, Visiting, answer, nothing, paged
from registrar.sandbox.github.rulesets import active_rules, ruleset, ruleset_item
from registrar.sandbox.guards import guarding
from registrar.sandbox.refusals import NotFound
from registrar.sandbox.rulesets import Ruleset
from registrar.sandbox.store import now

router = APIRouter(prefix="/repos/{owner}/{repo}")


class Refs(BaseModel):
    """Which refs are meant."""

    include: list[str] = []
    exclude: list[str] = []


class Conditions(BaseModel):
    """For what the rules hold."""

    ref_name: Refs = Refs()


class Wish(BaseModel):
    """A ruleset as it shall be."""

    name: str
    enforcement: Literal["active", "disabled", "evaluate"]
    target: Literal["branch"] = "branch"
    bypass_actors: list[dict[str, object]] = []
    conditions: Conditions = Conditions()
    rules: list[dict[str, object]] = Field(default_factory=list)


@router.get("/rulesets")
@locked
def listing(call: Visiting) -> Response:
    """Every ruleset."""
    return paged(call, call.repository.rulesets, lambda each: ruleset_item(call.forge, call.repository, each))


@router.post("/rulesets")
@locked
def create(call: Visiting, body: Wish) -> Response:
    """Add a ruleset."""
    _require_admin(call)
    found = _as_wished(body, Ruleset(call.forge.store.new_id("ruleset"), "", "", (), (), (), (), now(), now()))
    call.repository.rulesets.append(found)
    return _one(call, found, 201)


@router.get("/rulesets/{ruleset_id}")
@locked
def one(call: Visiting, ruleset_id: int) -> Response:
    """A ruleset."""
    return _one(call, _ruleset(call, ruleset_id), 200)


@router.put("/rulesets/{ruleset_id}")
@locked
def change(call: Visiting, ruleset_id: int, body: Wish) -> Response:
    """Put another in its place."""
    _require_admin(call)
    return _one(call, _as_wished(body, _ruleset(call, ruleset_id)), 200)


@router.delete("/rulesets/{ruleset_id}")
@locked
def delete(call: Visiting, ruleset_id: int) -> Response:
    """Take it away."""
    _require_admin(call)
    call.repository.rulesets.remove(_ruleset(call, ruleset_id))
    return nothing()


@router.get("/rules/branches/{branch:path}")
@locked
def of_branch(call: Visiting, branch: str) -> Response:
    """Every rule that guards a branch now, for everyone who may read."""
    found = [rule for each in guarding(call.repository, branch) for rule in active_rules(call.repository, each)]
    return paged(call, found, lambda each: each)


def _as_wished(wish: Wish, found: Ruleset) -> Ruleset:
    found.name, found.enforcement, found.updated_at = wish.name, wish.enforcement, now()
    found.include, found.exclude = tuple(wish.conditions.ref_name.include), tuple(wish.conditions.ref_name.exclude)
    found.rules, found.bypass_actors = tuple(wish.rules), tuple(wish.bypass_actors)
    return found


def _one(call: RepositoryCall, found: Ruleset, status_code: int) -> Response:
    role = call.forge.store.role_of(call.account, call.repository)
    return answer(ruleset(call.forge, call.repository, found, role), status_code)


def _ruleset(call: RepositoryCall, ruleset_id: int) -> Ruleset:
    found = next((each for each in call.repository.rulesets if each.id == ruleset_id), None)
    if found is None:
        raise NotFound(f"there is no ruleset {ruleset_id}")
    return found


def _require_admin(call: RepositoryCall) -> None:
    call.require(Role.ADMIN, "Must have admin rights to Repository.")
