"""Claims about finding the DVC remote of a registry."""

from pathlib import Path

import pytest

from registrar.artifacts.remotes import remote_of_checkout, remote_of_config
from registrar.errors import InvalidRegistry, NotAllowed, RegistrarError, Unknown


def a_config(url: str, *, default: str = "storage", more: str = "") -> bytes:
    return f"[core]\n    remote = {default}\n['remote \"storage\"']\n    url = {url}\n{more}".encode()


def test_the_default_remote_is_found(checkout: Path, tmp_path: Path) -> None:
    remote = remote_of_checkout(checkout)

    assert (remote.name, remote.url) == ("storage", str(tmp_path / "storage"))


def test_another_remote_is_found_by_name_and_local_settings_count(checkout: Path, tmp_path: Path) -> None:
    local = f"['remote \"mine\"']\n    url = {tmp_path / 'mine'}\n"
    (checkout / ".dvc/config.local").write_text(local)

    assert remote_of_checkout(checkout, "mine").url == str(tmp_path / "mine")


def test_a_relative_address_starts_at_the_checkout(checkout: Path, tmp_path: Path) -> None:
    (checkout / ".dvc/config").write_bytes(a_config("../../beside"))

    assert remote_of_checkout(checkout).url == str(tmp_path / "beside")


@pytest.mark.parametrize(
    ("config", "name", "error", "sentence"),
    [
        pytest.param(b"", None, Unknown, "no default DVC remote; add one with dvc remote add", id="no remote"),
        pytest.param(a_config("/x"), "storrage", Unknown, r"no DVC remote storrage; did you mean storage\?", id="name"),
        pytest.param(a_config("/x", default="gone"), None, Unknown, "no DVC remote gone", id="a default that is gone"),
        pytest.param(b"[core\n", None, InvalidRegistry, r"\.dvc/config: DVC cannot read it", id="no configuration"),
        pytest.param(b"[core]\nremoote = x\n", None, InvalidRegistry, "DVC cannot read it", id="an unknown setting"),
        pytest.param(a_config("../storage"), None, NotAllowed, "relative to the checkout; run this", id="relative"),
        pytest.param(a_config("../../../../../x"), None, NotAllowed, "relative to the checkout", id="relative, far up"),
        pytest.param(a_config("/x", more="    worktree = true\n"), None, NotAllowed, "version-aware", id="worktree"),
        pytest.param(
            a_config("webdavs://h/x", more="    bearer_token_command = touch pwned\n"), None, NotAllowed,
            "remote storage names a command to be run", id="a command",
        ),
        pytest.param(
            a_config("s3://bucket/x", more="    endpointurl = https://minio.example.org\n"), None, RegistrarError,
            r"pip install 'dvc\[s3\]'", id="an endpoint of S3 is fine",
        ),
        pytest.param(b"remote = x\n", None, InvalidRegistry, "expected a dictionary", id="a remote that is a text"),
        pytest.param(a_config("a, b"), None, InvalidRegistry, "DVC cannot read it", id="two addresses"),
        pytest.param(a_config("%(eve)s"), None, InvalidRegistry, "DVC cannot read it", id="an unknown name in a text"),
        pytest.param(a_config("remote://storage/x"), None, InvalidRegistry, "DVC cannot read it", id="a circle"),
        pytest.param(
            a_config("https://h/x", more="    auth = basic\n    user = ml\n"), None, RegistrarError,
            "remote storage cannot be opened: HTTP 'basic' authentication require both", id="a password is elsewhere",
        ),
        pytest.param(a_config("gs://bucket/x"), None, RegistrarError, r"pip install 'dvc\[gs\]'", id="not installed"),
    ],
)  # fmt: skip
def test_a_remote_that_cannot_be_used_says_why(
    config: bytes, name: str | None, error: type[RegistrarError], sentence: str
) -> None:
    with pytest.raises(error, match=sentence) as refusal:
        remote_of_config(config, name)

    assert "\n" not in str(refusal.value)


def test_a_folder_without_dvc_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(Unknown, match="run dvc init there"):
        remote_of_checkout(tmp_path)


def test_a_name_and_password_in_an_address_are_not_shown() -> None:
    remote = remote_of_config(a_config("http://ana:secret@127.0.0.1:1/data"))

    assert "secret" not in f"{remote} {remote.url}"
