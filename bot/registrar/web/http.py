"""Knows how HTTP is spoken at the bot's door."""

import uvicorn
from fastapi import FastAPI

MOST_AT_ONCE = 1000  # connections, each with a body of up to 256 KiB in memory; more are answered 503 at once


def configured(app: FastAPI) -> uvicorn.Config:
    """On uvloop and httptools, saying nothing of itself and logging through ours."""
    return uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=MOST_AT_ONCE,
    )
