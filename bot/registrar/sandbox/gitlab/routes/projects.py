"""Answers about projects."""

from fastapi import APIRouter, Response

from registrar.sandbox.gitlab.answers import answer
from registrar.sandbox.gitlab.projects import project
from registrar.sandbox.gitlab.requests import PROJECT, Visiting, locked

router = APIRouter(prefix=PROJECT)


@router.get("")
@locked
def one(call: Visiting) -> Response:
    """A project."""
    return answer(project(call.forge, call.repository, call.account))
