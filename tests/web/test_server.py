"""The bot as a process: it lets in what its forge proves; told to stop, it finishes what it does and lets go."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx
import pytest

from forges.gitlab_examples import SIGNING_TOKEN, a_webhook, signed
from loopback import PLAIN
from registrar.sandbox import Sandbox
from waiting import until


@dataclass
class Started:
    """The bot, and what is known of it from outside."""

    process: subprocess.Popen[str]
    url: str
    token: str

    def stopped(self, told: signal.Signals) -> str:
        """Everything it said until its end."""
        self.process.send_signal(told)
        return self.process.communicate(timeout=60)[1]


@contextmanager
def started(
    root: Path,
    dialect: Literal["github", "gitlab"],
    secret: str,
    *,
    path: str = "",
    settings: Mapping[str, str] | None = None,
) -> Iterator[Started]:
    with Sandbox.serve(root / "forge", dialect=dialect, path=path) as sandbox:
        sandbox.add_organization("acme")
        sandbox.add_repository("acme/registry")
        bot = sandbox.add_bot("registrar-bot")
        sandbox.grant("acme/registry", "registrar-bot", "write")
        port = a_free_port()
        needed = {
            "REGISTRAR_FORGE": dialect,
            "REGISTRAR_FORGE_URL": sandbox.url,
            "REGISTRAR_REPOSITORY": "acme/registry",
            "REGISTRAR_BASE": "main",
            "REGISTRAR_TOKEN": bot.token,
            "REGISTRAR_WEBHOOK_SECRET": secret,
            "REGISTRAR_STATE_DIR": str(root / "state"),
            "REGISTRAR_PORT": str(port),
        }
        with running({**needed, **(settings or {})}) as process:
            url = f"http://127.0.0.1:{port}"
            until(lambda: answers(f"{url}/healthz"))
            yield Started(process, url, bot.token)


@contextmanager
def running(settings: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **settings}
    command = [sys.executable, "-m", "registrar", "serve"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, verify=PLAIN).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_engine_too(tmp_path: Path, told: signal.Signals) -> None:
    with started(tmp_path, "github", "a-secret") as bot:
        said = bot.stopped(told)

        assert bot.process.returncode == 0, said
        assert "stopped; what was not done is done after the next start" in said
        assert bot.token not in said


def test_a_bot_of_gitlab_takes_what_its_signing_token_signed(tmp_path: Path) -> None:
    opened = a_webhook("merge_request", project={"path_with_namespace": "acme/registry"}, object_attributes={"iid": 7})
    body = json.dumps(opened).encode()

    with started(tmp_path, "gitlab", SIGNING_TOKEN, path="/gitlab") as bot:
        proved = httpx.post(
            f"{bot.url}/webhooks/gitlab", content=body, headers=signed(body, at=int(time.time())), verify=PLAIN
        )
        unproved = httpx.post(
            f"{bot.url}/webhooks/gitlab", content=body, headers={"X-Gitlab-Token": SIGNING_TOKEN}, verify=PLAIN
        )
        said = bot.stopped(signal.SIGTERM)

    assert (proved.status_code, unproved.status_code) == (202, 401), said
    assert "looking after acme/registry into main as registrar-bot" in said
    assert f"listening on 127.0.0.1, port {bot.url.rpartition(':')[2]}" in said
    assert SIGNING_TOKEN not in said


@pytest.mark.fault(32, because="Both adapters say `TokenRefused`; tests/forges holds them to it.")
def test_a_token_that_is_refused_at_the_start_pauses_the_bot_and_does_not_end_it(tmp_path: Path) -> None:
    token = {"REGISTRAR_TOKEN": "ended-long-ago", "REGISTRAR_METRICS_TOKEN": "for-prometheus"}

    with started(tmp_path, "github", "a-secret", settings=token) as bot:
        until(lambda: "registrar_paused 1.0" in metrics(bot))
        said = bot.stopped(signal.SIGTERM)

    assert bot.process.returncode == 0, said
    assert "work is paused, what arrives is kept: the token was refused" in said


def metrics(bot: Started) -> str:
    return httpx.get(
        f"{bot.url}/metrics", headers={"Authorization": "Bearer for-prometheus"}, timeout=5, verify=PLAIN
    ).text
