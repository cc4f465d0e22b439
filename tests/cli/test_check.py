"""`registrar check` says what is wrong with the files as they lie there, and where, and how to mend it."""

import json
from pathlib import Path

import pytest

from cli.checkouts import Checkout
from registrar.cli.program import main

OWNERS = "CODEOWNERS"


@pytest.mark.usefixtures("checkout")
def test_a_sound_registry_has_no_problem(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check"])

    assert (code, capsys.readouterr().out) == (0, "no problem found in 1 model, 2 versions, no dataset\n")


def test_a_file_that_is_not_committed_is_read_too(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.write({"models/digits/status.yaml": "Production: 1.0.0\nProduktion: 1.1.0\n"})

    code = main(["check"])

    shown = capsys.readouterr().out
    assert code == 1
    assert "models/digits/status.yaml:2: " in shown
    assert shown.endswith("1 problem found in 1 model, 2 versions, no dataset\n")


def test_a_new_file_that_git_does_not_know_is_read_too(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.write({"models/letters/model.yaml": "descripton: reads letters\n"})

    code = main(["check"])

    assert code == 1
    assert "models/letters/model.yaml:1: " in capsys.readouterr().out


def test_checking_changes_neither_index_nor_files(checkout: Checkout) -> None:
    checkout.write({"models/digits/status.yaml": "Production: 1.1.0\n"})
    before = checkout.git("status", "--porcelain"), checkout.git("diff", "--cached")

    main(["check"])

    assert (checkout.git("status", "--porcelain"), checkout.git("diff", "--cached")) == before


def test_weights_left_lying_about_are_not_written_into_git(checkout: Checkout) -> None:
    with (checkout.folder / "model.joblib").open("wb") as weights:
        weights.truncate(64 * 1024 * 1024)

    code = main(["check"])

    objects = [file for file in (checkout.folder / ".git/objects").rglob("*") if file.is_file()]
    assert code == 0
    assert sum(file.stat().st_size for file in objects) < 64 * 1024


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        pytest.param({"models/digits/model.yaml": None}, "models/digits/", id="deleted"),
        pytest.param({"models/letters/model.yaml": "#" * 9_000_000}, "models/letters/model.yaml", id="huge"),
        pytest.param({"models/gr\u00f6\u00dfe/model.yaml": "description: x\n"}, "models/gr", id="a name beyond ASCII"),
        pytest.param({"models/a b/model.yaml": "description: x\n"}, "models/a b/", id="a name with a blank"),
    ],
)
def test_every_way_to_break_a_registry_is_seen(
    files: dict[str, str | None], problem: str, checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.write(files)

    code = main(["check"])

    assert code == 1
    assert problem in capsys.readouterr().out


def test_a_checkout_without_a_commit_can_be_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init", str(tmp_path / "new"), "--remote", "s3://acme", "--admins", "@ana"])
    monkeypatch.chdir(tmp_path / "new")
    capsys.readouterr()

    assert (main(["check"]), capsys.readouterr().out) == (0, "no problem found in the rules; there is no model yet\n")


def test_a_commit_can_be_checked_instead(checkout: Checkout) -> None:
    checkout.write({"registry.yaml": "nonsense: true\n"})

    assert main(["check", "--at", "HEAD"]) == 0


def test_problems_are_data_for_programs(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.write({"registry.yaml": "schema: 99\n"})

    code = main(["check", "--json"])

    [problem] = json.loads(capsys.readouterr().out)
    assert code == 1
    assert (problem["path"], problem["line"]) == ("registry.yaml", 1)


def test_outside_a_checkout_it_says_so(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["check", "--registry", str(tmp_path_factory.mktemp("elsewhere"))])

    assert code == 1
    assert "is in no git repository" in capsys.readouterr().err


def problems_with(codeowners: str | None, checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> list[str]:
    checkout.write({OWNERS: codeowners})

    main(["check", "--json"])

    return [f"{each['path']}:{each['line']} {each['message']}" for each in json.loads(capsys.readouterr().out)]


@pytest.mark.parametrize(
    ("codeowners", "problem"),
    [
        pytest.param("* @ana\n* ana\n", f"{OWNERS}:2 'ana' is no owner, so GitHub skips the line", id="unreadable"),
        pytest.param("/docs/ @ana\n", f"{OWNERS}:0 names no owner of models/digits/status.yaml", id="owns another"),
        pytest.param("* @ana\n/models/\n", f"{OWNERS}:0 names no owner of models/digits/status.yaml", id="disowned"),
        pytest.param("# nobody\n", f"{OWNERS}:0 names no owner of anything", id="names nobody"),
        pytest.param(None, ".github/CODEOWNERS:0 is missing, so nobody can approve anything", id="missing"),
    ],
)
def test_a_status_that_nobody_could_approve_is_a_problem(
    codeowners: str | None, problem: str, checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    assert problems_with(codeowners, checkout, capsys) == [problem]


@pytest.mark.parametrize(
    ("codeowners", "problem"),
    [
        pytest.param("[Models] @ana\nmodels/\n", [], id="sound"),
        pytest.param(
            "^[Models] @ana\nmodels/\n", ["0 names no owner of models/digits/status.yaml"], id="an optional section"
        ),
        pytest.param(
            "models/ @ana # not @raj\n",
            [
                "1 '#' begins no comment: behind a pattern GitLab takes every @name for an owner",
                "1 'not' is no owner, so GitLab ignores it",
            ],
            id="a comment behind a pattern",
        ),
    ],
)
def test_owners_in_gitlabs_folder_are_judged_in_gitlabs_language(
    codeowners: str, problem: list[str], checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.write({".gitlab/CODEOWNERS": codeowners})

    assert problems_with(None, checkout, capsys) == [f".gitlab/CODEOWNERS:{each}" for each in problem]


def test_the_forge_that_is_named_says_in_which_language_the_owners_are_written(
    checkout: Checkout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.write({"docs/CODEOWNERS": "[Models] @ana\nmodels/\n"})
    at_github = problems_with(None, checkout, capsys)
    monkeypatch.setenv("REGISTRAR_FORGE", "gitlab")

    main(["check", "--json"])

    assert "a pattern cannot hold a range" in at_github[0]
    assert json.loads(capsys.readouterr().out) == []


def test_where_the_registry_comes_from_says_it_too(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.git("remote", "set-url", "origin", "git@gitlab.acme.org:acme/ml/registry.git")

    assert problems_with("[Models] @ana\nmodels/\n", checkout, capsys) == []


def test_owners_that_the_forge_does_not_look_for_are_missing(
    checkout: Checkout, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRAR_FORGE", "gitlab")

    checkout.write({".github/CODEOWNERS": "* @ana\n"})

    found = problems_with(None, checkout, capsys)

    assert found == [".gitlab/CODEOWNERS:0 is missing, so nobody can approve anything"]
