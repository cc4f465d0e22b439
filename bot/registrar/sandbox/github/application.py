"""Which answers make up GitHub's API."""

from fastapi import FastAPI, Response

from registrar.sandbox.github import graph
from registrar.sandbox.github.requests import refuse_as_github
from registrar.sandbox.github.routes import (
    actions,
    codeowners,
    commits,
    environments,
    hooks,
    issues,
    people,
    pulls,
    repositories,
    reviews,
    rulesets,
)
from registrar.sandbox.refusals import NotFound

_PARTS = (people, repositories, commits, reviews, pulls, issues, actions, hooks, rulesets, codeowners, environments)


def github_api() -> FastAPI:
    """The REST API and the GraphQL API, to be mounted at /api: they stand at /v3 and /graphql, as on an own server."""
    app = FastAPI(openapi_url=None)
    refuse_as_github(app)
    for part in _PARTS:
        app.include_router(part.router, prefix="/v3")
    app.include_router(graph.router)
    app.add_api_route("/v3/rate_limit", _rate_limit)
    return app


def _rate_limit() -> Response:
    """None: as on a GitHub Enterprise Server where nobody switched it on."""
    raise NotFound("Rate limiting is not enabled.")
