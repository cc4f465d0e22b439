"""Answers about who belongs to projects and groups."""

from collections.abc import Sequence

from fastapi import APIRouter, Response

from registrar.sandbox.calls import locked
from registrar.sandbox.gitlab.answers import answer, paged
from registrar.sandbox.gitlab.members import (
    Group,
    Member,
    all_members,
    direct_members,
    find_group,
    group,
    group_members,
    member,
)
from registrar.sandbox.gitlab.refusals import Refused, missing
from registrar.sandbox.gitlab.requests import PROJECT, Call, Calling, Visiting

router = APIRouter()
_GROUP = "/groups/{key:whole}"


@router.get(f"{PROJECT}/members/all")
@locked
def everyone(call: Visiting) -> Response:
    """Members of the project, of the groups above it, and of those invited."""
    return _listed(call, all_members(call.forge.store, call.repository))


@router.get(f"{PROJECT}/members")
@locked
def own(call: Visiting) -> Response:
    """Members of the project itself."""
    return _listed(call, direct_members(call.repository))


@router.get(f"{PROJECT}/members/all/{{account:int}}")
@locked
def anyone(call: Visiting, account: int) -> Response:
    """One member, by whatever way."""
    return _one(call, all_members(call.forge.store, call.repository), account)


@router.get(f"{PROJECT}/members/{{account:int}}")
@locked
def own_one(call: Visiting, account: int) -> Response:
    """One member of the project itself."""
    return _one(call, direct_members(call.repository), account)


@router.get(f"{_GROUP}/members/all")
@locked
def everyone_of_group(call: Calling, key: str) -> Response:
    """Members of a group and of those above it."""
    return _listed(call, group_members(call.forge.store, _group(call, key), inherited=True))


@router.get(f"{_GROUP}/members")
@locked
def own_of_group(call: Calling, key: str) -> Response:
    """Members of a group itself."""
    return _listed(call, group_members(call.forge.store, _group(call, key), inherited=False))


@router.get(f"{_GROUP}/members/all/{{account:int}}")
@locked
def anyone_of_group(call: Calling, key: str, account: int) -> Response:
    """One member of a group or of those above it."""
    return _one(call, group_members(call.forge.store, _group(call, key), inherited=True), account)


@router.get(f"{_GROUP}/members/{{account:int}}")
@locked
def own_one_of_group(call: Calling, key: str, account: int) -> Response:
    """One member of a group itself."""
    return _one(call, group_members(call.forge.store, _group(call, key), inherited=False), account)


@router.get(_GROUP)
@locked
def one_group(call: Calling, key: str) -> Response:
    """A group."""
    return answer(group(call.forge, _group(call, key)))


def _group(call: Call, key: str) -> Group:
    found = find_group(call.forge.store, key)
    if found is None:
        raise missing("Group")
    return found


def _listed(call: Call, found: Sequence[Member]) -> Response:
    query = str(call.parameters.get("query", "")).lower()
    wanted = [each for each in found if query in each.account.login.lower()]
    return paged(call, wanted, lambda each: member(call.forge, each))


def _one(call: Call, found: Sequence[Member], account: int) -> Response:
    each = next((each for each in found if each.account.id == account), None)
    if each is None:
        raise Refused(404, "404 Not found")
    return answer(member(call.forge, each))
