"""Answers about trigger tokens, and the pipelines that they start."""

import hmac
import json
import secrets
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from registrar.sandbox.accounts import Account, Role
from registrar.sandbox.calls import locked
from registrar.sandbox.gitlab.answers import answer, nothing, paged
from registrar.sandbox.gitlab.ci.creation import Wish, create_pipeline
from registrar.sandbox.gitlab.ci.describing import pipeline, trigger
from registrar.sandbox.gitlab.refusals import Refused
from registrar.sandbox.gitlab.requests import PROJECT, Call, Calling, Visiting
from registrar.sandbox.pipelines import JobState, Trigger, Variable
from registrar.sandbox.store import Repository, now

router = APIRouter(prefix=PROJECT)


class NewTrigger(BaseModel):
    """What a trigger token is made of."""

    description: str
    expires_at: datetime | None = None


class ChangedTrigger(BaseModel):
    """What can be changed of one."""

    description: str | None = None


class TriggeredPipeline(BaseModel):
    """What a token starts a pipeline with."""

    ref: Annotated[str, Field(min_length=1)]
    token: str
    variables: dict[str, object] = {}
    inputs: dict[str, object] = {}


@router.post("/trigger/pipeline")
@locked
def start(call: Calling, project: str) -> Response:
    """Start a pipeline in the name of whoever made the token: the caller need not even see the project.

    The token of a job that runs starts one in the name of the job's user. Of a wrong token GitLab says that nothing is
    there.
    """
    given = call.given(TriggeredPipeline)
    if not all(isinstance(value, str) for value in given.variables.values()):
        raise Refused(400, "variables needs to be a map of key-valued strings")
    repository = _named(call, project)
    actor, source = _starter(call, repository, given.token)
    variables = [Variable(key, str(value)) for key, value in given.variables.items()]
    variables.append(Variable("TRIGGER_PAYLOAD", _payload(call, project), file=True))
    wish = Wish(given.ref, source, tuple(variables), given.inputs)
    made = create_pipeline(call.forge, call.runner, repository, actor=actor, wish=wish)
    return answer(pipeline(call.forge, repository, made), 201)


def _named(call: Call, key: str) -> Repository:
    known = call.forge.store.repositories.values()
    found = next((each for each in known if key.lower() in {str(each.id), each.full_name.lower()}), None)
    if found is None:
        raise Refused(404, "404 Not Found")
    return found


def _starter(call: Call, repository: Repository, token: str) -> tuple[Account, str]:
    """In whose name a token starts a pipeline of the project, and what GitLab calls that. Raises `Refused`."""
    for each in repository.ci.triggers:
        expired = each.expires_at is not None and each.expires_at <= now()
        if _are_same(each.token, token) and not expired:
            each.last_used = now()
            return each.owner, "trigger"
    for project in call.forge.store.repositories.values():
        for job in project.ci.jobs:
            if job.state is JobState.RUNNING and _are_same(job.token, token):
                call.forge.require(job.user, repository, Role.READ)
                return job.user, "pipeline"
    raise Refused(404, "404 Not Found")


def _in_utc(at: datetime) -> datetime:
    """GitLab takes days too."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _are_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _payload(call: Call, project: str) -> str:
    """What the request said, which every pipeline that a token started finds in a file; the token is not in it."""
    said = {"id": project, **call.parameters}
    return json.dumps({name: value for name, value in said.items() if name != "token"})


@router.get("/triggers")
@locked
def listing(call: Visiting) -> Response:
    """The trigger tokens."""
    actor = call.require(Role.MAINTAIN)
    return paged(call, call.repository.ci.triggers, lambda each: trigger(call.forge, each, actor))


@router.get("/triggers/{number}")
@locked
def one(call: Visiting, number: int) -> Response:
    """A trigger token."""
    actor = call.require(Role.MAINTAIN)
    return answer(trigger(call.forge, call.repository.ci.trigger(number), actor))


@router.post("/triggers")
@locked
def create(call: Visiting) -> Response:
    """A new trigger token."""
    actor, given = call.require(Role.MAINTAIN), call.given(NewTrigger)
    made = Trigger(
        id=call.forge.store.new_id("trigger"),
        description=given.description,
        token=f"glptt-{secrets.token_hex(20)}",
        owner=actor,
        created_at=now(),
        updated_at=now(),
        expires_at=None if given.expires_at is None else _in_utc(given.expires_at),
    )
    call.repository.ci.triggers.append(made)
    return answer(trigger(call.forge, made, actor), 201)


@router.put("/triggers/{number}")
@locked
def change(call: Visiting, number: int) -> Response:
    """Describe a trigger token otherwise."""
    actor, given = call.require(Role.MAINTAIN), call.given(ChangedTrigger)
    found = call.repository.ci.trigger(number)
    if found.owner is not actor:
        raise Refused(403, "403 Forbidden")
    if given.description is not None:
        found.description, found.updated_at = given.description, now()
    return answer(trigger(call.forge, found, actor))


@router.delete("/triggers/{number}")
@locked
def delete(call: Visiting, number: int) -> Response:
    """Let a trigger token be none."""
    call.require(Role.MAINTAIN)
    call.repository.ci.triggers.remove(call.repository.ci.trigger(number))
    return nothing()
