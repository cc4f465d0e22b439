"""Answers about the variables that a project gives to all its pipelines."""

import re
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from registrar.sandbox.accounts import Role
from registrar.sandbox.calls import locked
from registrar.sandbox.gitlab.answers import answer, nothing, paged
from registrar.sandbox.gitlab.people import Json
from registrar.sandbox.gitlab.refusals import Refused, missing
from registrar.sandbox.gitlab.requests import PROJECT, ProjectCall, Visiting

router = APIRouter(prefix=f"{PROJECT}/variables")

_MASKABLE = re.compile(r"\S{8,}")
_NAME = r"[A-Za-z0-9_]{1,255}"


class NewVariable(BaseModel):
    """What a variable is made of."""

    key: Annotated[str, Field(pattern=f"^{_NAME}$")]
    value: str
    masked: bool = False


class ChangedVariable(BaseModel):
    """What can be changed of one."""

    value: str | None = None
    masked: bool | None = None


@router.get("")
@locked
def listing(call: Visiting) -> Response:
    """Every variable, with its value: whoever may ask may know."""
    call.require(Role.MAINTAIN)
    keys = [*call.repository.variables, *call.repository.secrets]
    return paged(call, keys, lambda key: _variable(call, key))


@router.get("/{key}")
@locked
def one(call: Visiting, key: str) -> Response:
    """A variable."""
    call.require(Role.MAINTAIN)
    return answer(_variable(call, key))


@router.post("")
@locked
def create(call: Visiting) -> Response:
    """A new variable."""
    call.require(Role.MAINTAIN)
    given = call.given(NewVariable)
    if given.key in call.repository.variables or given.key in call.repository.secrets:
        raise Refused(400, {"key": [f"({given.key}) has already been taken"]})
    _keep(call, given.key, given.value, masked=given.masked)
    return answer(_variable(call, given.key), 201)


@router.put("/{key}")
@locked
def change(call: Visiting, key: str) -> Response:
    """Another value, or one that logs show or do not show."""
    call.require(Role.MAINTAIN)
    was, given = _variable(call, key), call.given(ChangedVariable)
    value = str(was["value"]) if given.value is None else given.value
    _keep(call, key, value, masked=bool(was["masked"]) if given.masked is None else given.masked)
    return answer(_variable(call, key))


@router.delete("/{key}")
@locked
def delete(call: Visiting, key: str) -> Response:
    """Let there be none of that name."""
    call.require(Role.MAINTAIN)
    _variable(call, key)
    _forget(call, key)
    return nothing()


def _keep(call: ProjectCall, key: str, value: str, *, masked: bool) -> None:
    if masked and not _MASKABLE.fullmatch(value):
        raise Refused(400, {"value": ["is invalid"]})
    _forget(call, key)
    (call.repository.secrets if masked else call.repository.variables)[key] = value


def _forget(call: ProjectCall, key: str) -> None:
    call.repository.variables.pop(key, None)
    call.repository.secrets.pop(key, None)


def _variable(call: ProjectCall, key: str) -> Json:
    """A variable. Raises `Refused` when there is none."""
    masked = key in call.repository.secrets
    value = (call.repository.secrets if masked else call.repository.variables).get(key)
    if value is None:
        raise missing("Variable")
    return {
        "variable_type": "env_var",
        "key": key,
        "value": value,
        "hidden": False,
        "protected": False,
        "masked": masked,
        "raw": False,
        "environment_scope": "*",
        "description": None,
    }
