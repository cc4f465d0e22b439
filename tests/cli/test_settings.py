"""Settings are read whole or refused whole, and keep their secrets."""

import base64
from collections.abc import Mapping
from pathlib import Path

import pytest

from registrar.addresses import Origin
from registrar.bootstrap import bot_for_server
from registrar.errors import UsageError
from registrar.settings import (
    SETTINGS,
    Defaults,
    Secret,
    access_of,
    database_from_environment,
    from_environment,
    server_from_environment,
)

SIGNING_TOKEN = "whsec_" + base64.b64encode(bytes(range(32))).decode()


def an_environment(**changes: str) -> dict[str, str]:
    return {"REGISTRAR_REPOSITORY": "acme/registry", "REGISTRAR_TOKEN": "tok", **changes}


def a_server_environment(**changes: str) -> dict[str, str]:
    return an_environment(REGISTRAR_WEBHOOK_SECRET="hook", **changes)


def test_the_checkout_answers_what_the_environment_does_not() -> None:
    defaults = Defaults(origin=Origin("https://git", "ml/models"), base="trunk", directory=Path("here"))

    settings = from_environment({"REGISTRAR_TOKEN": "tok"}, defaults=defaults)

    assert (settings.forge_url, settings.repository, settings.base) == ("https://git", "ml/models", "trunk")


def test_the_environment_wins_over_the_checkout() -> None:
    defaults = Defaults(origin=Origin("https://git", "ml/models"), base="trunk")

    settings = from_environment(an_environment(REGISTRAR_BASE="main"), defaults=defaults)

    assert (settings.repository, settings.base) == ("acme/registry", "main")


def test_our_own_token_wins_over_the_forges() -> None:
    settings = from_environment(an_environment(GITHUB_TOKEN="theirs"))

    assert settings.token.reveal() == "tok"


@pytest.mark.parametrize(
    ("environment", "forge", "url"),
    [
        pytest.param({}, "github", "https://github.com", id="nothing said"),
        pytest.param({"REGISTRAR_FORGE": "gitlab"}, "gitlab", "https://gitlab.com", id="GitLab said"),
        pytest.param({"REGISTRAR_FORGE_URL": "https://gitlab.com/"}, "gitlab", "https://gitlab.com", id="its address"),
        pytest.param(
            {"REGISTRAR_FORGE_URL": "https://gitlab.acme.org"}, "gitlab", "https://gitlab.acme.org", id="its name"
        ),
        pytest.param(
            {"REGISTRAR_FORGE_URL": "https://git.acme.org"}, "github", "https://git.acme.org", id="another name"
        ),
        pytest.param(
            {"REGISTRAR_FORGE": "gitlab", "REGISTRAR_FORGE_URL": "https://git.acme.org/gitlab/"},
            "gitlab",
            "https://git.acme.org/gitlab",
            id="GitLab below a folder",
        ),
        pytest.param(
            {"REGISTRAR_FORGE": "github", "REGISTRAR_FORGE_URL": "https://gitlab.acme.org"},
            "github",
            "https://gitlab.acme.org",
            id="whatever its name",
        ),
    ],
)
def test_the_forge_is_known_by_its_address_unless_said(environment: Mapping[str, str], forge: str, url: str) -> None:
    settings = from_environment(an_environment(**environment))

    assert (settings.forge, settings.forge_url) == (forge, url)


def test_a_forge_below_a_folder_takes_its_folder_from_the_name_of_the_repository() -> None:
    origin = Origin("https://git.acme.org", "gitlab/acme/ml/registry")
    environment = {"REGISTRAR_TOKEN": "tok", "REGISTRAR_FORGE": "gitlab"}
    here = {"REGISTRAR_FORGE_URL": "https://git.acme.org/gitlab"}

    settings = from_environment(environment | here, defaults=Defaults(origin=origin))

    assert (settings.forge_url, settings.repository) == ("https://git.acme.org/gitlab", "acme/ml/registry")


@pytest.mark.parametrize(
    ("forge", "name", "found"),
    [
        pytest.param("github", "GITHUB_TOKEN", True, id="GitHub's for GitHub"),
        pytest.param("github", "GITLAB_TOKEN", False, id="GitLab's not for GitHub"),
        pytest.param("gitlab", "GITLAB_TOKEN", True, id="GitLab's for GitLab"),
        pytest.param("gitlab", "GITHUB_TOKEN", False, id="GitHub's not for GitLab"),
        pytest.param("gitlab", "GH_TOKEN", False, id="the client's of GitHub not for GitLab"),
    ],
)
def test_no_forge_is_told_the_token_of_the_other(forge: str, name: str, found: bool) -> None:  # noqa: FBT001 - a column
    environment = {"REGISTRAR_FORGE": forge, "REGISTRAR_REPOSITORY": "acme/registry", name: "theirs"}

    if found:
        assert from_environment(environment).token.reveal() == "theirs"
    else:
        with pytest.raises(UsageError, match="REGISTRAR_TOKEN is not set"):
            from_environment(environment)


GITHUB_JOB = {"GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://ghe.acme.org", "GITHUB_TOKEN": "theirs"}
GITLAB_JOB = {"GITLAB_CI": "true", "CI_SERVER_URL": "https://git.acme.org", "REGISTRAR_TOKEN": "ours"}
OURS, THEIRS = {"REGISTRAR_TOKEN": "ours"}, {"GITHUB_TOKEN": "theirs"}


@pytest.mark.parametrize(
    ("environment", "address", "token", "home"),
    [
        pytest.param(THEIRS, "https://github.com/a/r", "theirs", "https://github.com", id="GitHub"),
        pytest.param(OURS, "https://gitlab.com/a/r", "ours", "https://gitlab.com", id="GitLab"),
        pytest.param(OURS, "https://stranger.org/a/r", "ours", "https://github.com", id="a stranger"),
        pytest.param(OURS, "https://gitlab.stranger.org/a/r", "ours", "https://gitlab.com", id="one called so"),
        pytest.param(
            {**OURS, "REGISTRAR_FORGE_URL": "https://git.acme.org"},
            "https://stranger.org/a/r",
            "ours",
            "https://git.acme.org",
            id="a forge of one's own",
        ),
        pytest.param(GITHUB_JOB, "https://ghe.acme.org/a/r", "theirs", "https://ghe.acme.org", id="a job"),
        pytest.param(GITHUB_JOB, "https://github.com/a/r", "theirs", "https://ghe.acme.org", id="a job elsewhere"),
        pytest.param(GITLAB_JOB, "https://git.acme.org/a/r", "ours", "https://git.acme.org", id="a job of GitLab's"),
    ],
)
def test_a_token_is_of_one_forge_whatever_address_somebody_names(
    environment: Mapping[str, str], address: str, token: str, home: str
) -> None:
    access = access_of(environment, address)

    assert access is not None
    assert (access.token.reveal(), access.homes) == (token, (home,))


def test_no_forge_that_an_address_names_is_told_the_token_of_the_other() -> None:
    assert access_of({"GITHUB_TOKEN": "theirs"}, "https://gitlab.com/acme/r.git") is None


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "GH_TOKEN"])
def test_a_forge_that_origin_alone_names_is_told_our_own_token_and_no_others(name: str) -> None:
    address = "https://stranger.org/acme/registry.git"
    origin = Origin("https://stranger.org", "acme/registry")

    assert access_of({"REGISTRAR_TOKEN": "ours"}, address, origin=origin) is not None
    assert access_of({name: "theirs"}, address, origin=origin) is None
    with pytest.raises(UsageError, match=rf"; {name} is told to https://github\.com alone, unless REGISTRAR_FORGE_URL"):
        from_environment({name: "theirs"}, defaults=Defaults(origin=origin))


@pytest.mark.parametrize(("forge", "url"), [("gitlab", "https://github.com"), ("github", "https://gitlab.com/x")])
def test_the_address_of_the_other_forge_is_refused(forge: str, url: str) -> None:
    with pytest.raises(UsageError, match=f"REGISTRAR_FORGE is '{forge}', which https://git"):
        from_environment(an_environment(REGISTRAR_FORGE=forge, REGISTRAR_FORGE_URL=url))


def test_an_origin_on_the_other_forge_is_refused_before_a_token_is_told() -> None:
    defaults = Defaults(origin=Origin("https://github.com", "acme/registry"))

    with pytest.raises(UsageError, match="REGISTRAR_FORGE_URL"):
        from_environment(an_environment(REGISTRAR_FORGE="gitlab"), defaults=defaults)


@pytest.mark.fault(4)
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


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"REGISTRAR_KEEP_DAYS": "7"}, "from 8 to", id="forgotten before a forge may send it again"),
        pytest.param({"REGISTRAR_KEEP_DAYS": "a month"}, "whole number", id="days that are no number"),
        pytest.param({"REGISTRAR_GRACE_SECONDS": "-1"}, "from 0 to", id="a wait that never was"),
        pytest.param({"REGISTRAR_DRAIN_SECONDS": "0.5"}, "whole number", id="a fraction"),
        pytest.param({"REGISTRAR_DATABASE_URL": "mysql://u:pa55@db/x"}, "is no postgresql://", id="another database"),
        pytest.param({"REGISTRAR_DATABASE_URL": "postgresql://u:pa55@db"}, "is no postgresql://", id="none of its own"),
        pytest.param({"REGISTRAR_DATABASE_URL": "postgresql://u:pa55@[db/x"}, "is no postgresql://", id="cut short"),
    ],
)
def test_what_a_server_cannot_work_with_is_refused(changes: Mapping[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words) as refusal:
        server_from_environment(a_server_environment(**changes))

    assert "pa55" not in str(refusal.value)


def test_a_database_keeps_its_password() -> None:
    url = "postgresql://registrar:pa55@db.example.org:5432/registrar"

    database = database_from_environment({"REGISTRAR_DATABASE_URL": url, "REGISTRAR_STATE_DIR": "/state"})

    assert database.url is not None
    assert (database.url.reveal(), str(database.state_directory)) == (url, "/state")
    assert "pa55" not in repr(database)


@pytest.mark.fault(4)
@pytest.mark.fault(4)
@pytest.mark.parametrize("secret", ["", " ", "one,", ",", "one, ,two"])
def test_a_blank_webhook_secret_stops_the_server(secret: str) -> None:
    with pytest.raises(UsageError, match="REGISTRAR_WEBHOOK_SECRET is empty"):
        server_from_environment(a_server_environment() | {"REGISTRAR_WEBHOOK_SECRET": secret})


@pytest.mark.fault(85)
def test_the_server_knows_every_secret_that_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "secrets.yaml").write_text("acme/registry: [own]\n")
    given = {
        "REGISTRAR_WEBHOOK_SECRET": "old, new",
        "REGISTRAR_WEBHOOK_SECRETS_FILE": str(tmp_path / "secrets.yaml"),
        "REGISTRAR_HOOKS_TOKEN": "hooks",
        "REGISTRAR_METRICS_TOKEN": "numbers",
        "REGISTRAR_DATABASE_URL": "postgresql://registrar:word@db/registrar",
        "REGISTRAR_SECRET_CHAT": "chat",
    }

    known = {secret.reveal() for secret in server_from_environment(an_environment(**given)).every_secret()}

    assert known == {"tok", "old", "new", "own", "hooks", "numbers", given["REGISTRAR_DATABASE_URL"], "chat"}


def test_a_log_level_that_nobody_knows_stops_the_server() -> None:
    with pytest.raises(UsageError, match="REGISTRAR_LOG_LEVEL is 'loud': it must be one of debug, info"):
        server_from_environment(a_server_environment(REGISTRAR_LOG_LEVEL="loud"))


def test_two_webhook_secrets_hold_while_one_replaces_the_other() -> None:
    server = server_from_environment(a_server_environment() | {"REGISTRAR_WEBHOOK_SECRET": "old, new"})

    assert [secret.reveal() for secret in server.webhook_secrets] == ["old", "new"]


@pytest.mark.parametrize("secret", ["whsec_", "whsec_c2hvcnQ=", "whsec_" + "A" * 43, "plain,whsec_no base64"])
def test_a_signing_token_that_is_none_stops_the_server(secret: str) -> None:
    environment = a_server_environment(REGISTRAR_FORGE="gitlab") | {"REGISTRAR_WEBHOOK_SECRET": secret}

    with pytest.raises(UsageError, match="begins as a signing token and is none") as refusal:
        server_from_environment(environment)

    assert secret not in str(refusal.value)


def test_a_signing_token_is_taken_as_gitlab_gives_it() -> None:
    given = {"REGISTRAR_WEBHOOK_SECRET": f"{SIGNING_TOKEN}, plain"}

    server = server_from_environment(a_server_environment(REGISTRAR_FORGE="gitlab") | given)

    assert [secret.reveal() for secret in server.webhook_secrets] == [SIGNING_TOKEN, "plain"]


def test_on_github_a_secret_may_begin_as_it_likes() -> None:
    given = {"REGISTRAR_WEBHOOK_SECRET": "whsec_mine"}

    assert server_from_environment(a_server_environment() | given).webhook_secrets[0].reveal() == "whsec_mine"


def test_the_server_listens_on_this_machine_alone_unless_told() -> None:
    server = server_from_environment(a_server_environment())

    assert (server.host, server.port) == ("127.0.0.1", 8080)


def test_what_a_registry_may_name_is_taken_and_nothing_else() -> None:
    told = {"REGISTRAR_SECRET_UI": " glptt-opens-it ", "REGISTRAR_SECRET_OLD": "", "AWS_SECRET_ACCESS_KEY": "mine"}

    settings = from_environment(an_environment(**told))

    assert {name: secret.reveal() for name, secret in settings.secrets.items()} == {
        "REGISTRAR_SECRET_UI": "glptt-opens-it"
    }
    assert "glptt" not in repr(settings)


def test_a_secret_hides_itself() -> None:
    shown = repr(server_from_environment(a_server_environment()))

    assert "tok" not in shown.replace("token", "")
    assert "hook" not in shown.replace("webhook", "").replace("hooks_token", "")
    assert str(Secret("x1")) == repr(Secret("x1")) == "Secret(...)"


def test_every_setting_is_described() -> None:
    assert all(text.endswith(".") for text in SETTINGS.values())


@pytest.mark.parametrize(("text", "number"), [("", None), ("17", "17"), (" 017 ", "17")])
def test_the_number_of_the_repository_can_be_pinned(text: str, number: str | None) -> None:
    assert from_environment(an_environment(REGISTRAR_REPOSITORY_ID=text)).repository_id == number


@pytest.mark.parametrize("text", ["acme/registry", "-1", "0", "1.5", "\u0661"])
def test_what_is_no_number_of_a_repository_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"REGISTRAR_REPOSITORY_ID is .* the number that the forge gave"):
        from_environment(an_environment(REGISTRAR_REPOSITORY_ID=text))


def test_a_key_that_cannot_sign_keeps_the_bot_from_starting_at_all(tmp_path: Path) -> None:
    """Before the forge is asked for anything: nobody answers there."""
    nobody = {"REGISTRAR_FORGE_URL": "http://127.0.0.1:9", "REGISTRAR_FORGE": "github"}
    settings = from_environment(an_environment(REGISTRAR_SIGNING_KEY=str(tmp_path / "key"), **nobody))

    with pytest.raises(UsageError, match=r"REGISTRAR_SIGNING_KEY: .*key is no file; make a key with ssh-keygen"):
        bot_for_server(settings, tmp_path)


def test_a_key_may_lie_at_home() -> None:
    settings = from_environment(an_environment(REGISTRAR_SIGNING_KEY="~/ledger-key"))

    assert settings.signing_key == Path.home() / "ledger-key"
