"""Answers about issues, which pull requests are as well, and the comments under them."""

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import BaseModel

from registrar.sandbox import conversations
from registrar.sandbox.calls import locked
from registrar.sandbox.github.requests import Visiting, answer, nothing, paged
from registrar.sandbox.github.threads import comment, issue, retargeting
from registrar.sandbox.threads import PullRequest

router = APIRouter(prefix="/repos/{owner}/{repo}/issues")


class NewIssue(BaseModel):
    """What an issue is about."""

    title: str
    body: str | None = None


class Words(BaseModel):
    """What a comment says."""

    body: str


@router.get("")
@locked
def listing(call: Visiting, state: str = "open") -> Response:
    """Issues and pull requests, newest first."""
    found = [each for each in call.repository.threads.values() if state == "all" or each.is_open == (state == "open")]
    return paged(call, found[::-1], lambda each: issue(call.forge, call.repository, each))


@router.post("")
@locked
def create(call: Visiting, body: NewIssue) -> Response:
    """Open an issue."""
    found = conversations.open_issue(
        call.forge, call.repository, author=call.actor, title=body.title, body=body.body or ""
    )
    return answer(issue(call.forge, call.repository, found), 201)


@router.get("/comments")
@locked
def every_comment(call: Visiting, since: datetime | None = None) -> Response:
    """The comments of a repository, oldest first; those that were written or edited since then."""
    where = call.repository
    found = [(thread, each) for thread in where.threads.values() for each in thread.comments]
    late = [pair for pair in found if since is None or pair[1].updated_at.replace(microsecond=0) >= since]
    late.sort(key=lambda pair: pair[1].id)
    return paged(call, late, lambda pair: comment(call.forge, where, *pair))


@router.get("/comments/{comment_id}")
@locked
def one_comment(call: Visiting, comment_id: int) -> Response:
    """A comment."""
    thread, found = conversations.find_comment(call.repository, comment_id)
    return answer(comment(call.forge, call.repository, thread, found))


@router.patch("/comments/{comment_id}")
@locked
def edit_comment(call: Visiting, comment_id: int, body: Words) -> Response:
    """Put other words in place of a comment."""
    thread, _ = conversations.find_comment(call.repository, comment_id)
    found = conversations.edit_comment(call.forge, call.repository, comment_id, actor=call.actor, body=body.body)
    return answer(comment(call.forge, call.repository, thread, found))


@router.delete("/comments/{comment_id}")
@locked
def delete_comment(call: Visiting, comment_id: int) -> Response:
    """Take a comment away."""
    conversations.delete_comment(call.forge, call.repository, comment_id, actor=call.actor)
    return nothing()


@router.get("/{number}")
@locked
def one(call: Visiting, number: int) -> Response:
    """An issue or a pull request."""
    return answer(issue(call.forge, call.repository, call.repository.thread(number)))


@router.get("/{number}/events")
@locked
def events(call: Visiting, number: int) -> Response:
    """Every time that it was aimed at another branch, oldest first; no other event is kept."""
    thread = call.repository.thread(number)
    found = thread.retargetings if isinstance(thread, PullRequest) else []
    return paged(call, found, lambda each: retargeting(call.forge, call.repository, each))


@router.get("/{number}/comments")
@locked
def comments(call: Visiting, number: int) -> Response:
    """Every comment, oldest first."""
    thread = call.repository.thread(number)
    return paged(call, thread.comments, lambda each: comment(call.forge, call.repository, thread, each))


@router.post("/{number}/comments")
@locked
def say(call: Visiting, number: int, body: Words) -> Response:
    """Write a comment."""
    thread = call.repository.thread(number)
    found = conversations.comment(call.forge, call.repository, thread, author=call.actor, body=body.body)
    return answer(comment(call.forge, call.repository, thread, found), 201)
