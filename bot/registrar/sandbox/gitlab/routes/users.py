"""Answers about accounts, and about the forge itself."""

from fastapi import APIRouter, Response

from registrar.sandbox.gitlab.answers import answer
from registrar.sandbox.gitlab.people import current_user
from registrar.sandbox.gitlab.requests import Calling, locked

router = APIRouter()
VERSION = "18.11.0-ee"  # of which GitLab the sandbox speaks the dialect


@router.get("/version")
@locked
def version(call: Calling) -> Response:
    """Which GitLab this is; nobody is told without a token."""
    _ = call.actor
    return answer({"version": VERSION, "revision": "5a1db0c"})


@router.get("/user")
@locked
def myself(call: Calling) -> Response:
    """The account of the token."""
    return answer(current_user(call.forge, call.actor))
