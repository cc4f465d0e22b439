"""`registrar pull` tells its token to the forge alone, whatever an address, or the registry itself, names."""

import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cli.forge import Town
from cli.registering import BRANCH, land, register_all
from registrar.cli.program import main

TOKEN = "ghs_of-the-job"


class Stranger(BaseHTTPRequestHandler):
    """Knows nothing, and remembers whatever it was told."""

    told: list[Mapping[str, str]]

    def do_GET(self) -> None:
        self.told.append({**self.headers, "asked for": self.path})
        self.send_error(404)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def stranger() -> Iterator[tuple[str, list[Mapping[str, str]]]]:
    told: list[Mapping[str, str]] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Listening", (Stranger,), {"told": told})) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", told
        server.shutdown()
        thread.join()


def a_job(monkeypatch: pytest.MonkeyPatch, url: str, token: str, name: str = "GITHUB_TOKEN") -> None:
    """What a job of GitHub Actions has at hand."""
    for variable, value in {"GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": url, name: token}.items():
        monkeypatch.setenv(variable, value)


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "REGISTRAR_TOKEN"])
def test_a_host_that_an_address_names_gets_no_token(
    name: str,
    stranger: tuple[str, list[Mapping[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, told = stranger
    a_job(monkeypatch, "https://github.com", TOKEN, name)

    code = main(["pull", "digits@1.0.0", "-o", "here", "--registry", f"{url}/acme/registry.git"])

    assert code == 1
    assert "the token is told to https://github.com alone" in capsys.readouterr().err
    assert told
    assert not [headers for headers in told if "Authorization" in headers or TOKEN in str(headers)]


def test_a_storage_that_the_registry_names_gets_no_token_and_nothing_else_is_followed(
    town: Town,
    stranger: tuple[str, list[Mapping[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, told = stranger
    register_all()
    land(town, BRANCH)
    town.checkout.git("pull", "--quiet", "origin", "main")
    (tracked,) = town.checkout.folder.glob("models/digits/versions/1.0.0/*.dvc")
    imported = f"deps:\n- path: x\n  repo:\n    url: {url}/third.git\n{tracked.read_text()}"
    config = f"[core]\n    remote = theirs\n['remote \"theirs\"']\n    url = {url}/storage\n"
    town.land({".dvc/config": config, str(tracked.relative_to(town.checkout.folder)): imported})
    monkeypatch.delenv("REGISTRAR_TOKEN")
    a_job(monkeypatch, town.sandbox.url, town.tokens["eve"])

    code = main(["pull", "digits@1.0.0", "-o", "here", "--registry", f"{town.sandbox.url}/acme/registry.git"])

    assert code == 1
    assert "does not hold" in capsys.readouterr().err
    assert told
    assert all(headers["asked for"].startswith("/storage/files/md5/") for headers in told)
    assert not [headers for headers in told if "Authorization" in headers or town.tokens["eve"] in str(headers)]
