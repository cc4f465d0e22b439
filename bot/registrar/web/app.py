"""The web application: webhooks in, health and numbers out."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, FastAPI, Header
from fastapi.responses import PlainTextResponse

from registrar.web.metrics import CONTENT_TYPE
from registrar.web.webhooks import Door, routes


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What can be asked of the process itself."""

    why_not_ready: Callable[[], str]  # empty: it is
    metrics: Callable[[], bytes]
    metrics_token: str | None = field(repr=False)  # None: nobody is told


def create_app(door: Door, inside: Inside | None = None) -> FastAPI:
    """What the bot answers over HTTP."""
    app = FastAPI(title="Registrar", openapi_url=None)
    app.include_router(routes(door))

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """Answer while the process can answer at all."""
        return {"status": "ok"}

    if inside is not None:
        app.include_router(_asked(inside))
    return app


def _asked(inside: Inside) -> APIRouter:
    router = APIRouter()

    @router.get("/readyz", response_class=PlainTextResponse, responses={503: {"description": "send nothing here"}})
    def readyz() -> PlainTextResponse:
        """Say whether webhooks should be sent here."""
        why_not = inside.why_not_ready()
        return PlainTextResponse(f"{why_not or 'ready'}\n", status_code=503 if why_not else 200)

    if inside.metrics_token is None:
        return router
    expected = f"Bearer {inside.metrics_token}".encode()

    @router.get("/metrics", response_class=PlainTextResponse, responses={401: {"description": "not with this token"}})
    def metrics(authorization: Annotated[str, Header()] = "") -> PlainTextResponse:
        """Tell Prometheus, which shows its token."""
        if not hmac.compare_digest(authorization.encode("utf-8", "surrogatepass"), expected):
            return PlainTextResponse("show REGISTRAR_METRICS_TOKEN as a bearer token\n", status_code=401)
        return PlainTextResponse(inside.metrics(), media_type=CONTENT_TYPE)

    return router
