"""A repository that holds something else is never taken for a registry with nothing in it."""

import json
import subprocess
from pathlib import Path

import pytest

from cli.checkouts import a_checkout
from registrar.cli.program import main


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["show"], id="show"),
        pytest.param(["show", "digits"], id="show a model"),
        pytest.param(["history", "digits"], id="history"),
        pytest.param(["compare", "digits@1.0.0"], id="compare versions"),
        pytest.param(["compare"], id="compare a change"),
        pytest.param(["compare", "--from", "../made/version.json"], id="compare what is made"),
        pytest.param(["pull", "digits@1.0.0", "--output", "out"], id="pull"),
    ],
)
def test_it_is_said_to_hold_none_and_what_to_do(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trainer = a_checkout(tmp_path, {"train.py": "print(1)\n"})
    made = {"model.joblib": "weights", "metrics.json": '{"accuracy": 0.98}'}
    version = {"model": "digits", "version": "1.0.0", "weights": "model.joblib", "metrics": "metrics.json"}
    (tmp_path / "made").mkdir()
    for name, text in {**made, "version.json": json.dumps(version | {"metric": ["accuracy:higher"]})}.items():
        (tmp_path / "made" / name).write_text(text)
    monkeypatch.chdir(trainer.folder)

    code = main(words)

    commit = trainer.git("rev-parse", "--short=7", "HEAD")
    said = (
        f"{trainer.folder} holds no registry at {commit}: there is no registry.yaml, and no model; "
        "name a checkout of the registry with --registry, or start one with registrar init"
    )
    assert (code, capsys.readouterr().err) == (1, f"registrar: error: {said}\n")


@pytest.mark.parametrize("words", [["show"], ["compare"], ["check"]], ids=" ".join)
def test_a_folder_outside_of_any_repository_is_called_by_its_name(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    code = main(words)

    said = f"{tmp_path} is in no git repository; run this inside a checkout of the registry"
    assert (code, capsys.readouterr().err) == (1, f"registrar: error: {said}\n")


@pytest.mark.parametrize("words", [["show"], ["compare"], ["history", "digits"]], ids=" ".join)
def test_a_repository_without_a_commit_is_said_to_have_none(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    monkeypatch.chdir(tmp_path)

    code = main(words)

    said = "there is no commit here yet; commit the registry first, or fetch it"
    assert (code, capsys.readouterr().err) == (1, f"registrar: error: {said}\n")
