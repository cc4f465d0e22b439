"""Claims about how git reaches a remote: what it may run, whose token goes where, and what a failure says."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from registrar.errors import ForgeUnavailable, NotAllowed, RegistrarError, Unknown
from registrar.repository.git import GitRepository
from registrar.repository.mirror import mirror
from registrar.repository.processes import Credentials, redacted, run_git
from repository.upstream import Upstream

TOKEN = "tok-3n-secret"


class Answering(BaseHTTPRequestHandler):
    """Answers every request alike, and remembers what it was asked with."""

    status = 200
    location = ""
    seen: list[str | None]

    def do_GET(self) -> None:
        self.seen.append(", ".join(self.headers.get_all("Authorization", [])) or None)
        self.send_response(self.status)
        if self.location:
            self.send_header("Location", self.location + self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def answering(status: int, location: str = "") -> Iterator[tuple[str, list[str | None]]]:
    seen: list[str | None] = []
    handler = type("Handler", (Answering,), {"status": status, "location": location, "seen": seen})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", seen
        server.shutdown()
        thread.join()


def a_mirror(url: str, tmp_path: Path, *, timeout: float = 30) -> GitRepository:
    return mirror(url, tmp_path / "mirror.git", credentials=Credentials("bot", TOKEN, homes=(url,)), timeout=timeout)


@pytest.mark.parametrize(
    ("status", "error", "sentence"),
    [
        pytest.param(401, NotAllowed, "see whether the token is still valid", id="a token that is not known"),
        pytest.param(403, NotAllowed, "refuses access", id="a token without rights"),
        pytest.param(404, Unknown, "is no repository, or one you may not see", id="no such repository"),
        pytest.param(429, ForgeUnavailable, "try again", id="too many requests"),
        pytest.param(502, ForgeUnavailable, "cannot be reached", id="a forge in trouble"),
    ],
)
def test_an_answer_of_the_forge_is_one_line_without_the_token(
    status: int, error: type[RegistrarError], sentence: str, tmp_path: Path
) -> None:
    with answering(status) as (url, seen), pytest.raises(error, match=sentence) as refusal:
        a_mirror(url + "/acme/registry.git", tmp_path).fetch()

    assert "\n" not in str(refusal.value)
    assert TOKEN not in str(refusal.value)
    assert seen[0] == "Basic " + base64.b64encode(f"bot:{TOKEN}".encode()).decode()


def test_the_name_of_a_repository_decides_nothing(tmp_path: Path) -> None:
    with answering(400) as (url, _), pytest.raises(RegistrarError, match="git cannot work with") as refusal:
        a_mirror(url + "/acme/handshake.git", tmp_path).fetch()

    assert type(refusal.value) is RegistrarError


def test_a_token_is_not_sent_after_a_redirect(tmp_path: Path) -> None:
    with (
        answering(404) as (elsewhere, stolen),
        answering(301, elsewhere) as (url, _),
        pytest.raises(NotAllowed, match="a token is not sent elsewhere"),
    ):
        a_mirror(url + "/acme/registry.git", tmp_path).fetch()

    assert stolen == []


@pytest.mark.parametrize("status", [401, 404])
def test_a_remote_that_is_not_the_forge_is_not_told_the_token(status: int, tmp_path: Path) -> None:
    credentials = Credentials("bot", TOKEN, homes=("https://git.acme.org",))

    with (
        answering(status) as (url, seen),
        pytest.raises((NotAllowed, Unknown), match=r"the token is told to https://git\.acme\.org alone"),
    ):
        mirror(f"{url}/acme/registry.git", tmp_path / "mirror.git", credentials=credentials).fetch()

    assert seen
    assert set(seen) == {None}


def test_a_closed_port_means_try_again(tmp_path: Path) -> None:
    with answering(200) as (url, _):
        pass

    with pytest.raises(ForgeUnavailable, match="cannot be reached"):
        a_mirror(url + "/acme/registry.git", tmp_path).fetch()


@pytest.mark.fault(34, because="Git is asked alike on every forge, and a test does not wait for as long as the bot.")
def test_a_remote_that_says_nothing_is_left_at_the_timeout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    silent.chmod(0o755)
    monkeypatch.setenv("GIT_SSH", str(silent))

    with pytest.raises(ForgeUnavailable, match=r"did not finish within 0\.5 s"):
        a_mirror("ssh://example.org/acme/registry.git", tmp_path, timeout=0.5).fetch()


def test_a_missing_folder_is_no_repository(tmp_path: Path) -> None:
    with pytest.raises(Unknown, match="check the address"):
        a_mirror(str(tmp_path / "none.git"), tmp_path).fetch()


@pytest.mark.parametrize("url", ["ext::sh -c 'touch pwned'", "git://127.0.0.1:1/x"])
def test_a_protocol_that_runs_commands_or_hides_nothing_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(RegistrarError, match="not allowed"):
        a_mirror(url, tmp_path).fetch()


def test_credentials_are_not_shown() -> None:
    credentials = Credentials("bot", TOKEN)

    assert TOKEN not in repr(credentials)
    assert credentials.redacted(f"{credentials.header()} {TOKEN}") == "Authorization: Basic *** ***"


def test_a_token_stands_in_no_argument_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spy = tmp_path / "bin" / "git"
    spy.parent.mkdir()
    spy.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/arguments\nPATH="${{PATH#*:}}" exec git "$@"\n')
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", str(spy.parent), prepend=":")

    with answering(404) as (url, _), pytest.raises(Unknown):
        a_mirror(url + "/acme/registry.git", tmp_path).fetch()

    assert "fetch" in (tmp_path / "arguments").read_text()
    assert TOKEN not in (tmp_path / "arguments").read_text()
    assert TOKEN not in (tmp_path / "mirror.git/config").read_text()


def test_a_branch_that_the_remote_protects_is_not_allowed(upstream: Upstream, tmp_path: Path) -> None:
    sha = upstream.commit({"a": "1"})
    hook = upstream.path / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no >&2\nexit 1\n")
    hook.chmod(0o755)
    repository = mirror(str(upstream.path), tmp_path / "mirror.git")
    repository.fetch()

    with pytest.raises(NotAllowed, match=r"does not take branch topic: .*declined"):
        repository.push("topic", sha, expected=None)


def test_hooks_settings_and_prompts_of_the_host_are_left_out(upstream: Upstream, tmp_path: Path) -> None:
    sha = upstream.commit({"a": "1"})
    hook = upstream.checkout / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
    hook.chmod(0o755)
    settings = "[push]\n\tgpgSign = true\n\tfollowTags = true\n[log]\n\tshowSignature = true\n\tfollow = true\n"
    (tmp_path / "home" / ".gitconfig").write_text(settings)
    upstream.git("tag", "-a", "-m", "t", "v1")

    GitRepository.of_checkout(upstream.checkout).push("topic", sha, expected=None)

    assert not (tmp_path / "ran").exists()
    assert "refs/tags" not in upstream.git("ls-remote", "origin")


def test_what_git_was_told_by_its_environment_does_not_leak_in(
    upstream: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upstream.commit({"a": "1"})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "trace"))

    run_git(upstream.checkout, "status")

    assert not (tmp_path / "trace").exists()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("https://ana:s3cret@example.org/r.git", "https://example.org/r.git", id="name and password"),
        pytest.param("https://s3cret@example.org", "https://example.org", id="token alone"),
        pytest.param("a \x1b[31mred\x1b[0m\x07 lie", "a red lie", id="terminal control"),
    ],
)
def test_what_git_says_is_shown_without_secrets_and_tricks(text: str, shown: str) -> None:
    assert redacted(text) == shown


def test_a_header_that_the_checkout_has_configured_gives_way_to_the_token(tmp_path: Path) -> None:
    with answering(401) as (url, seen):
        repository = a_mirror(url, tmp_path)
        repository.run("config", f"http.{url}/.extraHeader", "Authorization: Basic c29tZWJvZHk6ZWxzZQ==")
        repository.run("config", "http.extraHeader", "Authorization: Basic YW55Ym9keTphdGFsbA==")

        with pytest.raises(NotAllowed):
            repository.fetch()

    assert seen == [Credentials("bot", TOKEN).header().removeprefix("Authorization: ")]
