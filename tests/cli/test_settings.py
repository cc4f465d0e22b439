"""Settings are read whole or refused whole, and keep their secrets."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from registrar.errors import UsageError
from registrar.settings import (
    SETTINGS,
    Defaults,
    Origin,
    Secret,
    from_environment,
    origin_of,
    server_from_environment,
)


def an_environment(**changes: str) -> dict[str, str]:
    return {"REGISTRAR_REPOSITORY": "acme/registry", "REGISTRAR_TOKEN": "tok", **changes}


def a_server_environment(**changes: str) -> dict[str, str]:
    return an_environment(REGISTRAR_WEBHOOK_SECRET="hook", **changes)


@pytest.mark.parametrize(
    ("address", "forge_url", "repository"),
    [
        pytest.param("https://github.com/acme/registry.git", "https://github.com", "acme/registry", id="github"),
        pytest.param("git@github.com:acme/registry.git", "https://github.com", "acme/registry", id="github by ssh"),
        pytest.param("https://git.acme.org/ml/registry", "https://git.acme.org", "ml/registry", id="own server"),
        pytest.param("ssh://git@git.acme.org:22/ml/r.git", "https://git.acme.org", "ml/r", id="own server by ssh"),
        pytest.param("http://localhost:8000/acme/r.git", "http://localhost:8000", "acme/r", id="sandbox"),
        pytest.param("https://u:p@git.acme.org/ml/r.git", "https://git.acme.org", "ml/r", id="with a password"),
    ],
)
def test_the_address_of_origin_says_which_forge_it_is(address: str, forge_url: str, repository: str) -> None:
    assert origin_of(address) == Origin(forge_url, repository)


@pytest.mark.parametrize("address", ["/srv/git/registry.git", "../registry", "file:///srv/r.git", "https://host/only"])
def test_a_folder_as_origin_says_nothing(address: str) -> None:
    assert origin_of(address) is None


def test_the_checkout_answers_what_the_environment_does_not() -> None:
    defaults = Defaults(origin=Origin("https://git", "ml/models"), base="trunk", directory=Path("here"))

    settings = from_environment({"GH_TOKEN": "tok"}, defaults=defaults)

    assert (settings.forge_url, settings.repository, settings.base) == ("https://git", "ml/models", "trunk")


def test_the_environment_wins_over_the_checkout() -> None:
    defaults = Defaults(origin=Origin("https://git", "ml/models"), base="trunk")

    settings = from_environment(an_environment(REGISTRAR_BASE="main"), defaults=defaults)

    assert (settings.repository, settings.base) == ("acme/registry", "main")


def test_our_own_token_wins_over_the_forges() -> None:
    settings = from_environment(an_environment(GITHUB_TOKEN="theirs"))

    assert settings.token.reveal() == "tok"


def test_everything_wrong_is_said_at_once() -> None:
    environment = {"REGISTRAR_FORGE": "svn", "REGISTRAR_FORGE_URL": "ftp://x", "REGISTRAR_PORT": "http"}

    with pytest.raises(UsageError) as refusal:
        server_from_environment(environment)

    for name in ("FORGE", "FORGE_URL", "REPOSITORY", "TOKEN", "WEBHOOK_SECRET", "PORT"):
        assert f"REGISTRAR_{name} " in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"REGISTRAR_REPOSITORY": "registry"}, "OWNER/NAME", id="repository without owner"),
        pytest.param({"REGISTRAR_REPOSITORY": "../etc/passwd"}, "OWNER/NAME", id="repository that climbs"),
        pytest.param({"REGISTRAR_BASE": "main..dev"}, "name of a branch", id="base that is a range"),
        pytest.param({"REGISTRAR_BASE": "--upload-pack=x"}, "name of a branch", id="base that is an option"),
        pytest.param({"REGISTRAR_FORGE_URL": "https://u:pa55@host"}, "put the token in", id="password in address"),
        pytest.param({"REGISTRAR_FORGE_URL": "http://[::1"}, "not an http", id="address cut short"),
        pytest.param({"REGISTRAR_TOKEN": "t\u00f6k"}, "copy it again", id="token beyond ASCII"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(changes: Mapping[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words) as refusal:
        from_environment(an_environment(**changes))

    assert "pa55" not in str(refusal.value)


@pytest.mark.parametrize("secret", ["", " ", "one,", ",", "one, ,two"])
def test_a_blank_webhook_secret_stops_the_server(secret: str) -> None:
    with pytest.raises(UsageError, match="REGISTRAR_WEBHOOK_SECRET is empty"):
        server_from_environment(a_server_environment() | {"REGISTRAR_WEBHOOK_SECRET": secret})


def test_two_webhook_secrets_hold_while_one_replaces_the_other() -> None:
    server = server_from_environment(a_server_environment() | {"REGISTRAR_WEBHOOK_SECRET": "old, new"})

    assert [secret.reveal() for secret in server.webhook_secrets] == ["old", "new"]


def test_the_server_listens_on_this_machine_alone_unless_told() -> None:
    server = server_from_environment(a_server_environment())

    assert (server.host, server.port) == ("127.0.0.1", 8080)


def test_a_secret_hides_itself() -> None:
    shown = repr(server_from_environment(a_server_environment()))

    assert "tok" not in shown.replace("token", "")
    assert "hook" not in shown.replace("webhook", "")
    assert str(Secret("x1")) == repr(Secret("x1")) == "Secret(...)"


def test_every_setting_is_described() -> None:
    assert all(text.endswith(".") for text in SETTINGS.values())
