"""The web application: webhooks in, health out."""

from fastapi import FastAPI

from registrar.web.webhooks import Door, routes


def create_app(door: Door) -> FastAPI:
    """What the bot answers over HTTP."""
    app = FastAPI(title="Registrar", openapi_url=None)
    app.include_router(routes(door))

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        """Answer while the process can answer at all."""
        return {"status": "ok"}

    return app
