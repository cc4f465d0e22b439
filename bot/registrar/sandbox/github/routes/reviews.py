"""Answers about reviews of pull requests."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from registrar.sandbox.calls import locked
from registrar.sandbox.conversations import Judgement, dismiss, find_review
from registrar.sandbox.conversations import review as write_review
from registrar.sandbox.github.requests import Visiting, answer, paged
from registrar.sandbox.github.threads import review
from registrar.sandbox.threads import ReviewState

router = APIRouter(prefix="/repos/{owner}/{repo}/pulls/{number}/reviews")
_STATES = {
    "APPROVE": ReviewState.APPROVED,
    "REQUEST_CHANGES": ReviewState.CHANGES_REQUESTED,
    "COMMENT": ReviewState.COMMENTED,
}


class NewReview(BaseModel):
    """What a reviewer says. A review without an event waits to be submitted on GitHub; the sandbox has no such."""

    event: Literal["APPROVE", "REQUEST_CHANGES", "COMMENT"]
    body: str | None = None
    commit_id: str | None = None


class Dismissal(BaseModel):
    """Why a review no longer counts."""

    message: str


@router.get("")
@locked
def listing(call: Visiting, number: int) -> Response:
    """Every review, oldest first."""
    found = call.repository.pull_request(number)
    return paged(call, found.reviews, lambda each: review(call.forge, call.repository, found, each))


@router.post("")
@locked
def create(call: Visiting, number: int, body: NewReview) -> Response:
    """Review a pull request."""
    found = call.repository.pull_request(number)
    judgement = Judgement(_STATES[body.event], body.body or "", body.commit_id)
    said = write_review(call.forge, call.repository, found, reviewer=call.actor, judgement=judgement)
    return answer(review(call.forge, call.repository, found, said))


@router.get("/{review_id}")
@locked
def one(call: Visiting, number: int, review_id: int) -> Response:
    """A review."""
    found = call.repository.pull_request(number)
    return answer(review(call.forge, call.repository, found, find_review(found, review_id)))


@router.put("/{review_id}/dismissals")
@locked
def dismissal(call: Visiting, number: int, review_id: int, body: Dismissal) -> Response:  # noqa: ARG001 - it must come
    """Let a review no longer count."""
    found = call.repository.pull_request(number)
    said = find_review(found, review_id)
    dismiss(call.forge, call.repository, found, actor=call.actor, review=said)
    return answer(review(call.forge, call.repository, found, said))
