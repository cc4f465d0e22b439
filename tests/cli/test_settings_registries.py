"""One server looks after several registries, and each may have webhook secrets of its own."""

from pathlib import Path

import pytest

from registrar.errors import UsageError
from registrar.settings import from_environment, server_from_environment

SEVERAL = {"REGISTRAR_REPOSITORY": "acme/registry, acme/other", "REGISTRAR_TOKEN": "tok"}
TWO = SEVERAL | {"REGISTRAR_WEBHOOK_SECRET": "everybodys"}


def a_file(folder: Path, text: str) -> dict[str, str]:
    file = folder / "secrets.yaml"
    file.write_text(text)
    return {"REGISTRAR_WEBHOOK_SECRETS_FILE": str(file)}


def test_a_server_looks_after_every_registry_that_is_named() -> None:
    server = server_from_environment(TWO | {"REGISTRAR_BASE": "main", "REGISTRAR_REPOSITORY_ID": "7,08"})

    found = [(each.repository, each.repository_id, each.base, each.token.reveal()) for each in server.registries]
    assert found == [("acme/registry", "7", "main", "tok"), ("acme/other", "8", "main", "tok")]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"REGISTRAR_REPOSITORY": "acme/one,ACME/One"}, "names a repository twice", id="one twice"),
        pytest.param({"REGISTRAR_REPOSITORY": "acme/one,"}, "names a repository twice, or ends", id="a comma too many"),
        pytest.param({"REGISTRAR_REPOSITORY": "acme/one,two"}, "it must be OWNER/NAME", id="one without owner"),
        pytest.param({"REGISTRAR_REPOSITORY_ID": "7"}, "as many numbers as there are registries: 2", id="one number"),
        pytest.param({"REGISTRAR_GIT_URL": "https://git/x"}, "is the address of one repository", id="one address"),
    ],
)
def test_what_cannot_be_said_of_several_registries_is_refused(changes: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words) as refusal:
        server_from_environment(TWO | changes)

    assert ";" not in str(refusal.value)


def test_a_command_looks_at_one_registry() -> None:
    with pytest.raises(UsageError, match="`registrar serve` alone looks after more than one: give one"):
        from_environment(TWO)


def test_a_repository_with_secrets_of_its_own_is_proved_by_them_alone(tmp_path: Path) -> None:
    own = a_file(tmp_path, "Acme/Other: [new, old]\nacme/ui: [deployed]\n")

    server = server_from_environment(TWO | own)

    known = {
        name: [secret.reveal() for secret in server.secrets_of(name)]
        for name in ("acme/registry", "ACME/other", "acme/ui", "acme/elsewhere")
    }
    assert known == {
        "acme/registry": ["everybodys"],
        "ACME/other": ["new", "old"],
        "acme/ui": ["deployed"],
        "acme/elsewhere": ["everybodys"],
    }
    assert "deployed" not in repr(server)


def test_where_every_registry_has_secrets_of_its_own_there_need_be_no_other(tmp_path: Path) -> None:
    server = server_from_environment(SEVERAL | a_file(tmp_path, "acme/registry: [one]\nacme/other: [two]\n"))

    assert server.webhook_secrets == ()
    assert server.secrets_of("acme/ui") == ()


def test_a_registry_without_any_secret_stops_the_server(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="REGISTRAR_WEBHOOK_SECRET is empty or blank"):
        server_from_environment(SEVERAL | a_file(tmp_path, "acme/registry: [one]\n"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("acme/registry: pa55", "line 1, is no list of secrets", id="a text"),
        pytest.param("acme/registry: []", "line 1, is no list of secrets", id="an empty list"),
        pytest.param("acme/registry: [5]", "line 1, is no list of secrets", id="a number"),
        pytest.param("acme/registry: ['']", "acme/registry, is empty or blank", id="a blank one"),
        pytest.param("acme/registry: [pa55]\nacme/registry: [b]", "each name once", id="one name twice"),
        pytest.param("acme/registry: [pa55]\nAcme/registry: [b]", "stands there twice", id="one name in two cases"),
        pytest.param("registry: [pa55]", "the name of no repository", id="no repository"),
        pytest.param("- pa55", "is no mapping", id="a list"),
        pytest.param("acme/registry: [pa55", "is no YAML", id="no YAML"),
        pytest.param("a/b: &x [pa55]\nc/d: *x", "plain YAML", id="an alias"),
    ],
)
def test_a_file_of_secrets_that_cannot_be_used_stops_the_server_and_is_not_shown(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(UsageError, match=words) as refusal:
        server_from_environment(TWO | a_file(tmp_path, text))

    assert "pa55" not in str(refusal.value)


def test_a_file_of_secrets_that_is_not_there_stops_the_server(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"secrets\.yaml: no such file"):
        server_from_environment(TWO | {"REGISTRAR_WEBHOOK_SECRETS_FILE": str(tmp_path / "secrets.yaml")})
