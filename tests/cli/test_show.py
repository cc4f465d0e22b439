"""`registrar show`, `compare` and `history` tell what the base branch says, to people and to programs."""

import json
from pathlib import Path

import pytest

from cli.checkouts import Checkout
from registrar.cli.program import main
from stories.registries import a_registry

pytestmark = pytest.mark.usefixtures("checkout")

PRODUCTION_1_1_0 = {"models/digits/status.yaml": "Production: 1.1.0\nArchived: 1.0.0\n"}


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> list[list[str]]:
    code = main(list(words))
    captured = capsys.readouterr()
    assert code == 0, captured.err
    return [line.split() for line in captured.out.splitlines()]


def told(capsys: pytest.CaptureFixture[str], *words: str) -> object:
    code = main([*words, "--json"])
    captured = capsys.readouterr()
    assert code == 0, captured.err
    return json.loads(captured.out)


def test_every_model_is_shown_with_its_holders_and_its_newest_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, "show")[1:] == [
        ["digits", "Production", "1.0.0", "accuracy", "0.9"],
        ["digits", "Development", "1.1.0", "accuracy", "0.95"],
    ]


def test_it_says_how_many_more_have_no_status_yet(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.land(a_registry({"1.0.0": 0.90, "1.1.0": 0.95, "1.2.0": 0.96}, status="Production: 1.0.0\n"))

    assert shown(capsys, "show")[1:] == [
        ["digits", "Production", "1.0.0", "accuracy", "0.9"],
        ["digits", "Development", "1.2.0", "+1", "more", "accuracy", "0.96"],
    ]


def test_a_model_is_shown_with_its_versions_the_highest_first(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, "show", "digits")

    assert [line[:2] for line in lines[2:]] == [["1.1.0", "Development"], ["1.0.0", "Production"]]


@pytest.mark.parametrize("selector", ["digits@1.0.0", "digits@Production", "digits#production"])
def test_a_version_is_found_by_any_selector(selector: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "show", selector)

    assert isinstance(found, dict)
    assert (found["model"], found["version"], found["status"]) == ("digits", "1.0.0", "Production")
    assert found["metrics"] == {"accuracy": 0.9, "latency": 5.0}
    assert found["artifacts"]["weights"]["path"] == "model.joblib"


def test_what_was_not_merged_is_not_true(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.git("switch", "--quiet", "--create", "wish")
    checkout.commit(PRODUCTION_1_1_0)

    assert shown(capsys, "show")[1][:3] == ["digits", "Production", "1.0.0"]


def test_another_branch_can_be_the_one_that_is_true(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.commit(PRODUCTION_1_1_0)
    checkout.git("push", "--quiet", "origin", "HEAD:trunk")
    monkeypatch.setenv("REGISTRAR_BASE", "trunk")

    assert shown(capsys, "show")[1][:3] == ["digits", "Production", "1.1.0"]


def test_the_default_branch_of_the_remote_is_the_one_that_is_true(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.commit(PRODUCTION_1_1_0)
    checkout.git("push", "--quiet", "origin", "HEAD:trunk")
    checkout.git("remote", "set-head", "origin", "trunk")

    assert shown(capsys, "show")[1][:3] == ["digits", "Production", "1.1.0"]


def test_any_point_in_history_can_be_shown(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.git("tag", "before")
    checkout.land(PRODUCTION_1_1_0)

    assert shown(capsys, "show")[1][:3] == ["digits", "Production", "1.1.0"]
    assert shown(capsys, "show", "--at", "before")[1][:3] == ["digits", "Production", "1.0.0"]


def test_what_was_displaced_is_left_out_of_the_overview(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.land(PRODUCTION_1_1_0)

    assert [line[1] for line in shown(capsys, "show")] == ["STATUS", "Production"]
    assert [line[:2] for line in shown(capsys, "show", "digits")[2:]] == [
        ["1.1.0", "Production"],
        ["1.0.0", "Archived"],
    ]


def test_an_empty_registry_says_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init", str(tmp_path / "new"), "--remote", "s3://acme"])
    monkeypatch.chdir(tmp_path / "new")
    Checkout(tmp_path / "new", tmp_path).commit({})
    capsys.readouterr()

    assert shown(capsys, "show") == [["no", "model", "yet:", "registrar", "register", "adds", "the", "first", "one"]]


def test_what_was_never_fetched_is_not_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init", str(tmp_path / "new"), "--remote", "s3://acme"])
    monkeypatch.chdir(tmp_path / "new")
    new = Checkout(tmp_path / "new", tmp_path)
    new.commit({})
    new.git("remote", "add", "origin", "https://example.org/acme/registry.git")

    main(["show", "digits"])

    assert "no model digits (here; origin/main was never fetched)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        pytest.param(["show", "digit"], 1, "did you mean digits?", id="model misspelt"),
        pytest.param(
            ["show", "digits@9.9.9"],
            1,
            "(in origin/main as last fetched; git fetch if it is newer)",
            id="no such version",
        ),
        pytest.param(["show", "digits@Staging"], 1, "no version of digits holds Staging", id="nobody holds it"),
        pytest.param(["show", "digits@"], 2, "does not say which version", id="half a selector"),
        pytest.param(["show", "--at", "nowhere"], 1, "no commit is called 'nowhere'", id="no such commit"),
        pytest.param(["show", "--at", "yesterday"], 1, "a day is written as 2026-03-01", id="a day in words"),
        pytest.param(["show", "--at", "1999-12-31"], 1, "nothing is known of the base at 1999-12-31", id="too early"),
        pytest.param(["show", "--at", "2026-02-30"], 2, "is no date and no moment", id="no such day"),
        pytest.param(["show", "--base", "trunk"], 1, "there is no branch 'trunk' here", id="no such base"),
        pytest.param(["show", "--base=--all"], 1, "there is no branch '--all' here", id="an option for a base"),
        pytest.param(["show", "--at", "--output=x"], 2, "expected one argument", id="an option for a commit"),
        pytest.param(["history", "digit"], 1, "did you mean digits?", id="history of a model misspelt"),
        pytest.param(["compare", "digits@1.0.0", "letters@1.0.0"], 1, "no model letters", id="another model"),
    ],
)
def test_what_does_not_exist_is_one_line(
    words: list[str], code: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == code

    said = capsys.readouterr().err
    assert line in said
    assert said.count("\n") == 1


def test_a_broken_file_is_named_with_its_line(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.land({"models/digits/status.yaml": "Production: 1.0.0\nProduction: 1.1.0\n"})

    code = main(["show"])

    assert code == 1
    assert "models/digits/status.yaml:2: " in capsys.readouterr().err


def test_a_candidate_is_compared_with_the_holder_of_the_strictest_status(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, "compare", "digits@latest")

    assert lines[0] == ["METRIC", "1.0.0", "(Production)", "1.1.0", "CHANGE", "JUDGEMENT"]
    assert lines[1] == ["accuracy", "0.9", "0.95", "+0.05", "(+5.56%)", "better"]


@pytest.mark.parametrize("baseline", ["1.0.0", "production", "digits@1.0.0"])
def test_a_baseline_needs_no_model(baseline: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, "compare", "digits@1.1.0", baseline)[0][1:3] == ["1.0.0", "(Production)"]


def test_a_comparison_is_data_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "compare", "digits@1.0.0", "digits@1.1.0")

    assert isinstance(found, dict)
    assert (found["baseline"], found["candidate"]) == ("1.1.0", "1.0.0")
    assert [row["judgement"] for row in found["metrics"]] == ["worse", "same"]


def test_history_is_told_by_git_alone_the_newest_first(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    sha = checkout.land(PRODUCTION_1_1_0, "Promote digits 1.1.0 to Production\n\nRequested-by: raj <7+raj@x.org>\n")

    found = told(capsys, "history", "digits")

    assert isinstance(found, dict)
    newest = [
        (entry["version"], entry["before"], entry["after"]) for entry in found["history"] if entry["commit"] == sha
    ]
    assert sorted(newest) == [("1.0.0", "Production", "Archived"), ("1.1.0", "Development", "Production")]
    assert found["history"][0]["commit"] == sha
    assert found["history"][0]["requested_by"] == ["raj"]


def test_history_tells_who_held_what_and_until_when(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.land(PRODUCTION_1_1_0)

    lines = shown(capsys, "history", "digits")

    assert lines[0] == ["STATUS", "VERSION", "FROM", "UNTIL", "FOR"]
    assert [[*line[:2], *line[4:5]] for line in lines[1:3]] == [
        ["Production", "1.1.0", "now"],
        ["Archived", "1.0.0", "now"],
    ]
    assert lines[3][:2] == ["Production", "1.0.0"]
    assert lines[3][4:6] == lines[1][2:4]


def test_history_of_a_status_tells_its_holders_alone(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.land(PRODUCTION_1_1_0)

    lines = shown(capsys, "history", "digits", "--status", "production")

    assert [line[:2] for line in lines[1:]] == [["Production", "1.1.0"], ["Production", "1.0.0"]]


def test_history_of_changes_names_who_asked(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.land(PRODUCTION_1_1_0, "Promote it\n\nRequested-by: raj <7+raj@x.org>\n")

    lines = shown(capsys, "history", "digits", "--changes")

    assert lines[0] == ["WHEN", "VERSION", "CHANGE", "WHO", "COMMIT"]
    assert lines[1][2:7] == ["1.1.0", "Development", "to", "Production", "raj"]


def test_history_names_what_could_not_be_read(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.land({"models/digits/status.yaml": "Production: [\n"})
    checkout.land(PRODUCTION_1_1_0)

    code = main(["history", "digits"])

    said = capsys.readouterr()
    assert code == 1
    assert "what it does to digits cannot be told: models/digits/status.yaml:1" in said.err
    assert "Production  1.1.0" in said.out


def test_a_date_shows_what_the_base_held_then(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2031-03-01T12:00:00Z")
    sha = checkout.land(PRODUCTION_1_1_0, "Promote digits 1.1.0")
    checkout.git("branch", "2031-03-01", "HEAD~1")

    main(["show", "--at", "2031-03-01"])
    then = capsys.readouterr()
    main(["show", "--at", "2031-03-01T11:59:59Z"])
    before = capsys.readouterr()

    landed = "Promote digits 1.1.0, landed 2031-03-01 12:00 UTC by the clock of its committer"
    assert then.err == f"2031-03-01: {sha[:7]} {landed}\n"
    assert then.out.splitlines()[1].split()[:3] == ["digits", "Production", "1.1.0"]
    assert before.out.splitlines()[1].split()[:3] == ["digits", "Production", "1.0.0"]


def test_data_of_a_date_are_not_disturbed(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "show", "digits", "--at", "2099-01-01")

    assert isinstance(found, dict)
    assert [version["status"] for version in found["versions"]] == ["Development", "Production"]


def test_a_name_cannot_command_the_terminal(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.land(
        {"models/digits/model.yaml": 'description: "\\e[2J gone"\nmetrics: {accuracy: {direction: higher}}\n'}
    )

    main(["show", "digits"])

    captured = capsys.readouterr()
    assert "\x1b" not in captured.out + captured.err
