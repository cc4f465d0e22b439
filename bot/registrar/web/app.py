"""The web application: webhooks in, health out."""

from collections.abc import Sequence

from fastapi import FastAPI

from registrar.web import webhooks
from registrar.web.webhooks import Accept


def create_app(*, repository: str, secrets: Sequence[str], accept: Accept) -> FastAPI:
    """The bot's door for one registry."""
    app = FastAPI(title="Registrar", openapi_url=None)
    app.include_router(webhooks.routes(repository=repository, secrets=secrets, accept=accept))

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        """Answer while the process can answer at all."""
        return {"status": "ok"}

    return app
