"""Answers about pipeline schedules, which the sandbox keeps and tells of; it begins no pipeline by the clock."""

from typing import Literal

from croniter import croniter
from fastapi import APIRouter, Response
from pydantic import BaseModel

from registrar.sandbox import git
from registrar.sandbox.accounts import Role
from registrar.sandbox.calls import locked
from registrar.sandbox.gitlab.answers import answer, paged
from registrar.sandbox.gitlab.ci.describing import schedule
from registrar.sandbox.gitlab.refusals import Refused
from registrar.sandbox.gitlab.requests import PROJECT, Visiting
from registrar.sandbox.pipelines import Schedule
from registrar.sandbox.store import now

router = APIRouter(prefix=f"{PROJECT}/pipeline_schedules")


class NewSchedule(BaseModel):
    """What a schedule is made of; a branch may be named in short."""

    description: str
    ref: str
    cron: str
    cron_timezone: str = "UTC"
    active: bool = True


@router.get("")
@locked
def listing(call: Visiting, scope: Literal["", "active", "inactive"] = "") -> Response:
    """Every schedule, or those that are switched on, or off."""
    call.require(Role.READ)
    found = [each for each in call.repository.ci.schedules if scope in {"", "active" if each.active else "inactive"}]
    return paged(call, found, lambda each: schedule(call.forge, each))


@router.post("")
@locked
def create(call: Visiting) -> Response:
    """A new schedule of a branch, in the name of whoever makes it."""
    actor, given = call.require(Role.WRITE), call.given(NewSchedule)
    if not croniter.is_valid(given.cron):
        raise Refused(400, {"cron": ["syntax is invalid"]})
    name = given.ref.removeprefix("refs/heads/")
    if git.branch(call.repository.path, name) is None:
        raise Refused(400, {"ref": ["is ambiguous"]})
    made = Schedule(
        id=call.forge.store.new_id("schedule"),
        description=given.description,
        ref=f"refs/heads/{name}",
        cron=given.cron,
        cron_timezone=given.cron_timezone,
        active=given.active,
        owner=actor,
        created_at=now(),
    )
    call.repository.ci.schedules.append(made)
    return answer(schedule(call.forge, made) | {"last_pipeline": None, "variables": []}, 201)
