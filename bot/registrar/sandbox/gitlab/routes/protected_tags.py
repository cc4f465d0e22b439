"""Answers about protected tags: who may create one, in whose pipelines protected variables are then."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from registrar.sandbox.accounts import Role
from registrar.sandbox.calls import locked
from registrar.sandbox.gitlab.answers import answer, nothing, paged
from registrar.sandbox.gitlab.commits import protected_tag
from registrar.sandbox.gitlab.people import ACCESS_LEVELS
from registrar.sandbox.gitlab.refusals import Refused
from registrar.sandbox.gitlab.requests import PROJECT, Visiting

router = APIRouter(prefix=f"{PROJECT}/protected_tags")
_ROLES = {level: role for role, level in ACCESS_LEVELS.items()}


class NewProtection(BaseModel):
    """Which tags shall be protected, and who may create them."""

    name: str
    create_access_level: Literal[0, 30, 40] = 40


@router.get("")
@locked
def listing(call: Visiting) -> Response:
    """Every protected tag; even of these only maintainers are told."""
    call.require(Role.MAINTAIN)
    return paged(call, list(call.repository.protected_tags.items()), lambda each: protected_tag(*each))


@router.post("")
@locked
def protect(call: Visiting) -> Response:
    """Protect tags."""
    call.require(Role.MAINTAIN)
    wish = call.given(NewProtection)
    if wish.name in call.repository.protected_tags:
        raise Refused(422, ["Name has already been taken"])
    creator = call.repository.protected_tags[wish.name] = _ROLES.get(wish.create_access_level)
    return answer(protected_tag(wish.name, creator), 201)


@router.delete("/{name:whole}")
@locked
def unprotect(call: Visiting, name: str) -> Response:
    """Let whoever may push create them."""
    call.require(Role.MAINTAIN)
    if name not in call.repository.protected_tags:
        raise Refused(404, "404 Not found")
    del call.repository.protected_tags[name]
    return nothing()
