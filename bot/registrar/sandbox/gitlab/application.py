"""Which answers make up GitLab's API."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from registrar.sandbox.gitlab import graph
from registrar.sandbox.gitlab.refusals import refuse_as_gitlab
from registrar.sandbox.gitlab.requests import EncodedSlashes
from registrar.sandbox.gitlab.routes import (
    commits,
    deployments,
    hooks,
    jobs,
    members,
    merge_requests,
    notes,
    pipelines,
    projects,
    protected_tags,
    reviews,
    schedules,
    triggers,
    users,
    variables,
)

_REPOSITORY = (projects, protected_tags, members, commits, hooks)
_CONVERSATION = (merge_requests, reviews, notes)
_CI = (pipelines, jobs, triggers, schedules, variables, deployments)
_PARTS = (users, *_REPOSITORY, *_CONVERSATION, *_CI)


def gitlab_api() -> ASGIApp:
    """The REST API and the GraphQL API, to be mounted at /api: they stand at /v4 and /graphql there."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    refuse_as_gitlab(app)
    for part in _PARTS:
        app.include_router(part.router, prefix="/v4")
    app.include_router(graph.router)
    return EncodedSlashes(app)
