"""The forge's token may stand in a file, and nothing of that file is ever shown."""

from pathlib import Path

import pytest

from registrar.errors import UsageError
from registrar.settings import from_environment
from registrar.settings.confidential import confidential


def test_the_token_is_what_its_file_holds(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file\n")

    settings = from_environment(
        {"REGISTRAR_REPOSITORY": "acme/registry", "GITHUB_TOKEN": "theirs", "REGISTRAR_TOKEN_FILE": f"{tmp_path}/token"}
    )

    assert settings.token.reveal() == "from-a-file"


@pytest.mark.parametrize(
    ("held", "problem"),
    [
        pytest.param(None, "no such file or directory", id="no file"),
        pytest.param(b" \n", "it is empty", id="nothing"),
        pytest.param(b"one\ntwo\n", "it holds more than a token", id="two lines"),
        pytest.param(b"\xff-secret", "it holds no text", id="no text"),
    ],
)
def test_a_file_without_a_token_is_refused_and_not_shown(tmp_path: Path, held: bytes | None, problem: str) -> None:
    file = tmp_path / "token"
    if held is not None:
        file.write_bytes(held)

    with pytest.raises(UsageError) as refusal:
        from_environment({"REGISTRAR_REPOSITORY": "acme/registry", "REGISTRAR_TOKEN_FILE": str(file)})

    assert str(refusal.value).startswith(f"REGISTRAR_TOKEN_FILE names {file}: {problem}")
    assert "one" not in str(refusal.value).removeprefix(f"REGISTRAR_TOKEN_FILE names {file}")
    assert "secret" not in str(refusal.value)


def test_a_token_is_given_once(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file\n")

    with pytest.raises(UsageError, match="REGISTRAR_TOKEN_FILE stands beside REGISTRAR_TOKEN"):
        from_environment(
            {
                "REGISTRAR_REPOSITORY": "acme/registry",
                "REGISTRAR_TOKEN": "tok",
                "REGISTRAR_TOKEN_FILE": f"{tmp_path}/token",
            }
        )


def test_no_text_of_the_command_line_shows_what_the_file_holds(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file\n")

    assert list(confidential({"REGISTRAR_TOKEN_FILE": f"{tmp_path}/token"})) == ["from-a-file"]
    assert list(confidential({"REGISTRAR_TOKEN_FILE": f"{tmp_path}/gone"})) == []


def test_secrets_that_stand_in_a_file_alone_are_confidential_too(tmp_path: Path) -> None:
    file = tmp_path / "secrets.yaml"
    file.write_text("acme/registry: [the-old-secret, the-new-secret]\nacme/app: [of-the-application]\n")

    assert list(confidential({"REGISTRAR_WEBHOOK_SECRETS_FILE": str(file)})) == [
        "the-old-secret",
        "the-new-secret",
        "of-the-application",
    ]
    assert list(confidential({"REGISTRAR_WEBHOOK_SECRETS_FILE": f"{tmp_path}/gone"})) == []
