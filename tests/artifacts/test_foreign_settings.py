"""Claims about what a registry elsewhere may say of a DVC remote: it steers no secret of the machine that reads it."""

from pathlib import Path

import pytest

from registrar.artifacts.foreign_settings import refusals
from registrar.artifacts.pulling import pull
from registrar.artifacts.remotes import remote_of_config
from registrar.artifacts.tracking import track
from registrar.errors import NotAllowed
from registry_schema import Artifact


def said(url: str, **settings: str) -> list[str]:
    return [*refusals("storage", {"storage": {"url": url, **settings}}, {})]


def a_config(**settings: str) -> bytes:
    lines = [f"    {name} = {value}\n" for name, value in settings.items()]
    return f"[core]\n    remote = storage\n['remote \"storage\"']\n{''.join(lines)}".encode()


def test_it_is_known_of_every_setting_of_dvc_whether_it_may_be_said() -> None:
    from dvc.config_schema import REMOTE_SCHEMAS

    schemas = [schema for scheme, schema in REMOTE_SCHEMAS.items() if scheme != "remote"]
    settings = {str(setting): "true" for schema in schemas for setting in schema} | {"url": "s3://bucket"}

    assert [each for each in said(**settings) if "nobody here knows" in each] == []
    assert said("s3://bucket", of_a_later_dvc="x") == ["of_a_later_dvc, of which nobody here knows what it does"]


@pytest.mark.parametrize(
    ("url", "settings", "named"),
    [
        pytest.param("webdavs://h/x", {"bearer_token_command": "touch x"}, "a command to be run", id="a command"),
        pytest.param("s3://b/x", {"configpath": "/x"}, "a file of this machine", id="settings of AWS"),
        pytest.param("s3://b/x", {"credentialpath": "/x"}, "a file of this machine", id="credentials of AWS"),
        pytest.param("ssh://h/x", {"keyfile": "~/.ssh/id"}, "a file of this machine", id="a key"),
        pytest.param("webdavs://h/x", {"cert_path": "/x"}, "a file of this machine", id="a certificate of ours"),
        pytest.param("https://h/x", {"ssl_verify": "/x"}, "a file of this machine", id="a certificate of theirs"),
        pytest.param("gdrive://x/y", {"profile": "../../x"}, "a file of this machine", id="a file by its name"),
        pytest.param("gs://b/x", {"endpointurl": "https://eve.example.org"}, "an endpoint, which", id="Google's token"),
        pytest.param("oss://b/x", {"oss_endpoint": "eve.example.org"}, "an endpoint, which", id="what OSS is told"),
        pytest.param(
            "azure://c/x", {"account_name": "eve.example.org/x?"}, "an account of Azure that", id="Azure's token"
        ),
        pytest.param("ssh://-oProxyCommand=x/y", {}, "a host that is none", id="an option as a host"),
        pytest.param("dvc:///tmp/x", {}, "a kind of place", id="a repository of DVC's"),
    ],
)
def test_what_is_no_registrys_to_say_is_named(url: str, settings: dict[str, str], named: str) -> None:
    (refusal, *_) = said(url, **settings)

    assert refusal.startswith(named)


@pytest.mark.parametrize(
    ("url", "settings"),
    [
        pytest.param("s3://b/x", {"endpointurl": "https://minio.example.org", "profile": "ml"}, id="a store like S3"),
        pytest.param("azure://c/x", {"account_name": "acme", "sas_token": "theirs"}, id="for all to read"),
        pytest.param("azure://c/x", {"connection_string": "BlobEndpoint=https://acme.example.org"}, id="in one text"),
        pytest.param("https://h:8080/x", {"auth": "basic", "user": "ml", "ssl_verify": "false"}, id="HTTP"),
        pytest.param("ssh://ml@storage-1:2222/x", {"user": "ml"}, id="SSH"),
        pytest.param("ssh://[::1]/x", {}, id="an address of IPv6"),
        pytest.param("/mnt/storage", {"shared": "group"}, id="a disk that many have"),
    ],
)
def test_what_steers_nothing_may_be_said(url: str, settings: dict[str, str]) -> None:
    assert said(url, **settings) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "what"),
    [
        pytest.param(
            {"url": "https://mine.example.org/x", "password": "x"},
            {"url": "https://eve.example.org/x"},
            "address",
            id="url",
        ),
        pytest.param(
            {"password": "x"}, {"url": "https://eve.example.org/x"}, "address", id="a password for no address yet"
        ),
        pytest.param(
            {"url": "azure://c", "sas_token": "x"},
            {"url": "azure://c", "account_name": "eve"},
            "account_name",
            id="account",
        ),
        pytest.param({"url": "ssh://h/x", "password": "x"}, {"url": "ssh://h/x", "port": "2222"}, "port", id="port"),
        pytest.param(
            {"url": "https://h/x", "password": "x"},
            {"url": "https://h/x", "ssl_verify": "false"},
            "ssl_verify",
            id="TLS",
        ),
    ],
)
def test_no_secret_of_ones_own_settings_goes_where_a_registry_says(
    ours: dict[str, str], theirs: dict[str, str], what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DVC_GLOBAL_CONFIG_DIR", str(tmp_path))
    (tmp_path / "config").write_bytes(a_config(**ours))

    with pytest.raises(NotAllowed, match=f"another {what} than this machine's own settings"):
        remote_of_config(a_config(**theirs))


def test_ones_own_settings_serve_the_address_that_they_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVC_GLOBAL_CONFIG_DIR", str(tmp_path))
    mine = {"url": "https://mine.example.org/x", "password": "secret"}
    (tmp_path / "config").write_bytes(a_config(**mine))

    remote = remote_of_config(a_config(url=mine["url"], auth="custom", custom_auth_header="X-Token"))

    assert remote.url == mine["url"]
    with pytest.raises(NotAllowed, match="another remote of this machine's own settings"):
        remote_of_config(a_config(url="remote://storage/x").replace(b'remote "storage"', b'remote "theirs"'), "theirs")


def test_only_the_remote_that_is_used_must_say_nothing_that_is_not_its_to_say(tmp_path: Path) -> None:
    other = "['remote \"other\"']\n    url = ssh://h/x\n    keyfile = ~/.ssh/id\n"

    remote = remote_of_config(a_config(url=str(tmp_path)) + other.encode())

    assert remote.url == str(tmp_path)
    with pytest.raises(NotAllowed, match="DVC remote other names a file of this machine"):
        remote_of_config(a_config(url="remote://other/x") + other.encode())


def test_no_folder_that_a_registry_names_for_dvcs_own_use_is_used(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_text("weights")
    tracked = track(tmp_path / "model.bin", checkout=checkout)
    folders = [tmp_path / "site", tmp_path / "cache"]
    text = a_config(url=str(tmp_path / "storage")).decode()
    text = text.replace("[core]\n", f"[core]\n    site_cache_dir = {folders[0]}\n")
    remote = remote_of_config(f"{text}[cache]\n    dir = {folders[1]}\n    type = symlink\n".encode())

    (pulled,) = pull(
        [Artifact(path=tracked.path, hash=tracked.hash, size=tracked.size)], remote=remote, into=tmp_path / "out"
    )

    assert not pulled.is_symlink()
    assert [folder for folder in folders if folder.exists()] == []
