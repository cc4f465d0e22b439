"""The bot as a process: told to stop, it finishes what it does and lets go."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from registrar.sandbox import Sandbox
from waiting import until


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_engine_too(tmp_path: Path, told: signal.Signals) -> None:
    with Sandbox.serve(tmp_path / "forge") as sandbox, socket.socket() as probe:
        sandbox.add_organization("acme")
        sandbox.add_repository("acme/registry")
        bot = sandbox.add_bot("registrar-bot")
        sandbox.grant("acme/registry", "registrar-bot", "write")
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
        probe.close()
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "REGISTRAR_FORGE_URL": sandbox.url,
            "REGISTRAR_REPOSITORY": "acme/registry",
            "REGISTRAR_TOKEN": bot.token,
            "REGISTRAR_WEBHOOK_SECRET": "a-secret",
            "REGISTRAR_STATE_DIR": str(tmp_path / "state"),
            "REGISTRAR_PORT": port,
        }
        command = [sys.executable, "-m", "registrar", "serve"]
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
            until(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
            process.send_signal(told)
            _, said = process.communicate(timeout=60)

    assert process.returncode == 0, said
    assert "stopped; what was not done is done after the next start" in said
    assert bot.token not in said


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.TransportError:
        return False
