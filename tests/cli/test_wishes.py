"""`registrar promote` and `rollback` end in one pull request, and a wish that cannot be leaves nothing behind."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.forge import Town, a_town
from registrar.cli.program import main
from registrar.sandbox.forge import DialectName
from stories.registries import a_registry


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    files = a_registry({"1.0.0": 0.90, "1.1.0": 0.95}, status="Production: 1.0.0\n")
    with a_town(tmp_path, files) as town:
        monkeypatch.setenv("REGISTRAR_TOKEN", town.tokens["mei"])
        monkeypatch.chdir(town.checkout.folder)
        yield town


def test_a_promotion_is_a_pull_request_that_names_who_asked(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["promote", "digits@latest", "to", "Production"])

    said = capsys.readouterr()
    [branch] = [name for name in town.branches() if name != "main"]
    assert code == 0, said.err
    assert said.out.startswith("Promote digits 1.1.0 to Production: opened at http://")
    assert town.read(branch, "models/digits/status.yaml") == "Production: 1.1.0\nArchived: 1.0.0\n"
    assert "Requested-by: mei <" in town.log(branch)


@pytest.mark.parametrize(
    ("option", "line"),
    [
        pytest.param("--base=nope", "origin has no branch nope; name another with --base, or push it first", id="base"),
        pytest.param("--forge=svn", "--forge is 'svn': it must be one of github, gitlab", id="forge"),
    ],
)
def test_an_option_that_is_wrong_is_called_by_its_name(
    option: str, line: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["promote", "digits@latest", "to", "Production", option])

    assert capsys.readouterr().err == f"registrar: error: {line}\n"
    assert town.branches() == ["main"]


@pytest.mark.parametrize(("dialect", "taken"), [("gitlab", "GitHub"), ("github", "GitLab")])
def test_a_forge_that_is_taken_for_the_other_kind_is_told_by_the_option_that_says_it(
    dialect: DialectName,
    taken: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with a_town(tmp_path, a_registry({"1.0.0": 0.90}, status=""), dialect=dialect) as town:
        monkeypatch.setenv("REGISTRAR_TOKEN", town.tokens["mei"])
        monkeypatch.chdir(town.checkout.folder)

        code = main(["promote", "digits@1.0.0", "to", "Staging", "--base", "main", "--forge", taken.lower()])

    said = capsys.readouterr().err
    assert code == 1
    assert f"no {taken} answers at the forge's address; say which kind it is, with --forge or REGISTRAR_FORGE" in said


def test_the_same_wish_again_finds_the_same_pull_request(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    main(["promote", "digits@1.1.0", "--to", "production", "--json"])
    first = json.loads(capsys.readouterr().out)

    code = main(["promote", "digits@1.1.0", "to", "Production", "--json"])

    second = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (first["adopted"], second["adopted"]) == (False, True)
    assert second["url"] == first["url"]
    assert len(town.branches()) == 2


def test_the_checkout_stays_as_it_is(town: Town) -> None:
    before = town.checkout.git("rev-parse", "HEAD"), town.checkout.git("status", "--porcelain", "--branch")

    main(["promote", "digits@1.1.0", "to", "Production"])

    assert (town.checkout.git("rev-parse", "HEAD"), town.checkout.git("status", "--porcelain", "--branch")) == before


def test_a_rollback_brings_back_what_was_there_before(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    town.land({"models/digits/status.yaml": "Production: 1.1.0\nArchived: 1.0.0\n"})

    code = main(["rollback", "digits"])

    [branch] = [name for name in town.branches() if name != "main"]
    assert code == 0, capsys.readouterr().err
    assert town.read(branch, "models/digits/status.yaml").startswith("Production: 1.0.0\n")


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        pytest.param(["promote", "digits@9.9.9", "to", "Production"], 1, "has no version", id="version"),
        pytest.param(["promote", "digit@1.1.0", "to", "Production"], 1, "did you mean digits?", id="model"),
        pytest.param(["promote", "digits@1.1.0", "to", "Prodction"], 1, "did you mean Production?", id="status"),
        pytest.param(["promote", "digits@1.0.0", "to", "Staging"], 1, "Staging", id="a transition the rules forbid"),
        pytest.param(["promote", "digits@1.1.0"], 2, "say which status", id="no status"),
        pytest.param(
            ["promote", "digits@1.1.0", "in", "QA"], 2, "once: registrar promote digits@1.1.0 to QA", id="another word"
        ),
        pytest.param(["promote", "digits@1.1.0", "to", "QA", "--to", "QA"], 2, "once", id="two statuses"),
        pytest.param(["promote", "digits", "to", "QA"], 2, "does not say which version", id="no version"),
        pytest.param(["rollback", "digits"], 1, "nothing to go back to", id="nothing to go back to"),
        pytest.param(["rollback", "digit"], 1, "did you mean digits?", id="rollback of another model"),
    ],
)
def test_a_wish_that_cannot_be_is_one_line_and_leaves_nothing(
    words: list[str], code: int, line: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == code

    said = capsys.readouterr().err
    assert line in said
    assert said.count("\n") == 1
    assert town.branches() == ["main"]


def test_a_token_that_may_only_read_changes_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGISTRAR_TOKEN", town.tokens["eve"])

    code = main(["promote", "digits@1.1.0", "to", "Production"])

    said = capsys.readouterr().err
    assert code == 1
    assert said.count("\n") == 1
    assert "rights" in said or "may" in said
    assert town.branches() == ["main"]


@pytest.mark.parametrize("token", ["wrong", ""])
def test_a_token_that_opens_nothing_is_one_line(
    token: str, town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGISTRAR_TOKEN", token)

    code = main(["promote", "digits@1.1.0", "to", "Production"])

    said = capsys.readouterr().err
    assert code == (1 if token else 2)
    assert said.count("\n") == 1
    assert town.branches() == ["main"]


def test_a_forge_that_cannot_be_reached_is_one_line(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    town.checkout.git("remote", "set-url", "origin", "http://localhost:1/acme/registry.git")

    code = main(["promote", "digits@1.1.0", "to", "Production"])

    said = capsys.readouterr().err
    assert code == 1
    assert said.count("\n") == 1
    assert "did not answer" in said


@pytest.mark.parametrize("command", [["promote", "digits@1.1.0", "to", "Production"], ["rollback", "digits"]])
def test_what_is_not_committed_would_be_left_out(
    command: list[str], town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = {"models/digits/status.yaml": "Production: 1.1.0\n", "notes.txt": "mine", "registry.yaml": "# mine\n"}
    town.checkout.write(changed)

    code = main(command)

    assert code == 1
    assert "models/digits/status.yaml and 1 more are not committed, and would be left out" in capsys.readouterr().err


def test_files_beside_the_registry_do_not_matter(town: Town) -> None:
    town.checkout.write({"notes.txt": "mine", "model.joblib": "weights"})

    assert main(["promote", "digits@1.1.0", "to", "Production"]) == 0


def test_the_token_is_nowhere_in_what_is_left_behind(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    main(["promote", "digits@1.1.0", "to", "Production"])

    said = capsys.readouterr()
    config = (town.checkout.folder / ".git/config").read_text()
    assert town.tokens["mei"] not in said.out + said.err + config
