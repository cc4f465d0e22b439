"""What the machine refuses is one line with its mend, and never called a bug in Registrar."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.checkouts import Checkout
from registrar.cli.program import main


@pytest.fixture
def taken() -> Iterator[str]:
    """A port of this machine on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield str(listening.getsockname()[1])


def refused(words: list[str], *, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(words)

    shown = capsys.readouterr().err
    assert (code, shown.count("\n")) == (2, 1), shown
    assert says in shown
    assert "bug in Registrar" not in shown


def test_init_says_which_folder_cannot_be_made(capsys: pytest.CaptureFixture[str]) -> None:
    refused(["init", "/proc/foo", "--remote", "s3://acme"], says="/proc/foo", capsys=capsys)


def test_init_says_that_a_file_is_in_the_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.json").write_text("{}")

    refused(["init", str(tmp_path / "m.json"), "--remote", "s3://acme"], says="choose another folder", capsys=capsys)


def test_init_says_that_a_file_is_in_the_way_of_a_folder_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".github").write_text("")

    refused(["init", str(tmp_path), "--remote", "s3://acme"], says=".github", capsys=capsys)


@pytest.mark.parametrize("output", ["/etc/hosts", "/proc/x"])
def test_pull_says_which_folder_cannot_hold_the_weights(
    output: str, checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.write({".dvc/config": f"[core]\n    remote = s\n['remote \"s\"']\n    url = {checkout.folder}\n"})

    refused(["pull", "digits@1.0.0", "-o", output], says=output, capsys=capsys)


def test_demo_says_that_its_port_is_taken(taken: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "registrar", "demo", "--auto", "--port", taken],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert f"--port {taken}: address already in use" in done.stderr


@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_demo_says_what_a_port_is(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused(["demo", "--auto", f"--port={port}"], says="a whole number from 0 to 65535", capsys=capsys)


@pytest.mark.parametrize("folder", ["/proc/nope", "/etc/hosts"])
def test_demo_says_which_folder_it_cannot_keep(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused(["demo", "--auto", "--keep", folder], says=f"--keep {folder}", capsys=capsys)


def serve(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    settings = {"REGISTRAR_REPOSITORY": "acme/r", "REGISTRAR_TOKEN": "tok", "REGISTRAR_WEBHOOK_SECRET": "hook"}
    return subprocess.run(
        [sys.executable, "-m", "registrar", "serve", *words],
        env=dict(os.environ) | settings | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "folder", [pytest.param("/proc/state", id="made"), pytest.param("/proc/self", id="written to")]
)
def test_serve_says_which_state_folder_cannot_be(folder: str) -> None:
    done = serve("--port", "0", REGISTRAR_STATE_DIR=folder)

    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert f"state folder {folder}: " in done.stderr


def test_serve_says_that_its_port_is_taken(taken: str, tmp_path: Path) -> None:
    done = serve("--port", taken, "--state", str(tmp_path))

    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert f"127.0.0.1:{taken}: address already in use" in done.stderr


def test_serve_says_that_it_cannot_listen_on_an_address_of_another_machine(tmp_path: Path) -> None:
    done = serve("--port", "0", "--host", "192.0.2.1", "--state", str(tmp_path))

    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_register_says_that_a_file_cannot_be_read(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    weights = checkout.folder / "weights"
    weights.write_bytes(b"w")
    weights.chmod(0)

    refused(
        ["register", "digits", "2.0.0", "--weights", "weights", "--metrics", "m.json"], says="weights", capsys=capsys
    )
