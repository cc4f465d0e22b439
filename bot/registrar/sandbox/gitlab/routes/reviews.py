"""Answers about who approves a merge request, and who was asked to look at it."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from registrar.sandbox import conversations
from registrar.sandbox.accounts import Account, Role
from registrar.sandbox.calls import locked
from registrar.sandbox.conversations import Judgement
from registrar.sandbox.gitlab.answers import answer, paged
from registrar.sandbox.gitlab.following import approvals
from registrar.sandbox.gitlab.merge_requests import approval_state, merge_request_approvals, reviewer
from registrar.sandbox.gitlab.refusals import Refused
from registrar.sandbox.gitlab.requests import PROJECT, ProjectCall, Visiting
from registrar.sandbox.gitlab.routes.merge_requests import merge_request_of
from registrar.sandbox.refusals import BadCredentials
from registrar.sandbox.threads import PullRequest, ReviewState

router = APIRouter(prefix=f"{PROJECT}/merge_requests/{{number:int}}")


class Approval(BaseModel):
    """What shall be approved."""

    sha: str | None = None


@router.get("/approvals")
@locked
def approved_by(call: Visiting, number: int) -> Response:
    """Everyone who approves now."""
    return _approvals(call, merge_request_of(call, number), 200)


@router.get("/approval_state")
@locked
def state(call: Visiting, number: int) -> Response:
    """The rules and what is left of them."""
    return answer(approval_state(call.forge, call.repository, merge_request_of(call, number)))


@router.post("/approve")
@locked
def approve(call: Visiting, number: int) -> Response:
    """Approve, if the head is still the one meant, also what is merged already; nobody approves twice."""
    found, wish = merge_request_of(call, number), call.given(Approval)
    actor = call.require(Role.WRITE)
    if wish.sha and wish.sha != found.head_sha:
        raise Refused(409, f"SHA does not match HEAD of source branch: {found.head_sha}")
    if actor in _approvers(found):
        raise BadCredentials
    conversations.review(call.forge, call.repository, found, reviewer=actor, judgement=Judgement(ReviewState.APPROVED))
    return _approvals(call, found, 201)


@router.post("/unapprove")
@locked
def unapprove(call: Visiting, number: int) -> Response:
    """Take one's own approval back."""
    found, actor = merge_request_of(call, number), call.require(Role.WRITE)
    if actor not in _approvers(found):
        raise Refused(404, "404 Not Found")
    conversations.withdraw(call.forge, call.repository, found, reviewer=actor)
    return _approvals(call, found, 201)


def _approvers(found: PullRequest) -> set[Account]:
    return {each.reviewer for each in approvals(found)}


def _approvals(call: ProjectCall, found: PullRequest, status_code: int) -> Response:
    return answer(merge_request_approvals(call.forge, call.repository, found, call.account), status_code)


@router.get("/reviewers")
@locked
def reviewers(call: Visiting, number: int) -> Response:
    """Who was asked to look at it, and what they said."""
    found = merge_request_of(call, number)
    return paged(call, found.reviewers, lambda each: reviewer(call.forge, found, each))
