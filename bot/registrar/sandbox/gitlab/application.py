"""Which answers make up GitLab's API."""

from fastapi import FastAPI
from starlette.types import ASGIApp

from registrar.sandbox.forge import Forge
from registrar.sandbox.gitlab.refusals import refuse_as_gitlab
from registrar.sandbox.gitlab.requests import EncodedSlashes
from registrar.sandbox.gitlab.routes import deployments, jobs, pipelines, projects, triggers, users, variables
from registrar.sandbox.runner import Runner

_PARTS = (users, projects, pipelines, jobs, triggers, variables, deployments)


def gitlab_api(forge: Forge, runner: Runner) -> ASGIApp:
    """The REST API, to be mounted at /api: it stands at /v4 there."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.state.forge, app.state.runner = forge, runner
    refuse_as_gitlab(app)
    for part in _PARTS:
        app.include_router(part.router, prefix="/v4")
    return EncodedSlashes(app)
