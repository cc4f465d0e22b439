"""`registrar check` says what is wrong with the files as they lie there, and where, and how to mend it."""

import json

import pytest

from cli.checkouts import Checkout
from registrar.cli.program import main


@pytest.mark.usefixtures("checkout")
def test_a_sound_registry_has_no_problem(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check"])

    assert (code, capsys.readouterr().out) == (0, "no problem found\n")


def test_a_file_that_is_not_committed_is_read_too(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.write({"models/digits/status.yaml": "Production: 1.0.0\nProduktion: 1.1.0\n"})

    code = main(["check"])

    shown = capsys.readouterr().out
    assert code == 1
    assert "models/digits/status.yaml:2: " in shown
    assert shown.endswith("1 problem found\n")


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
