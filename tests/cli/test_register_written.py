"""What a training program writes down is registered as if it were typed, and may be said with every version anew."""

import json
from pathlib import Path

import pytest

from cli.forge import Town
from cli.registering import BRANCH, FOLDER, MD5, land, register, register_all
from registrar.cli.program import main
from registry_schema import read_version


def test_what_a_training_program_says_of_every_version_is_said_again(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    register_all()
    land(town, BRANCH)
    same = ["--metric=accuracy:higher", "--model-description=reads digits", "--dataset=digits@1.0.0=digits.csv"]

    code = register(*same, version="1.1.0")

    assert code == 0, capsys.readouterr().err
    assert all(path.startswith(FOLDER[:-5]) for path in town.changed("registrar/register/digits-1.1.0"))


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        pytest.param(["--metric=accuracy:lower"], 2, "accuracy not as --metric accuracy says", id="another direction"),
        pytest.param(["--metric=latency:lower:s"], 2, "latency not as --metric latency says", id="another unit"),
        pytest.param(
            ["--metric=loss:lower"],
            2,
            "digits has no metric loss; describe it in models/digits/model.yaml",
            id="another metric",
        ),
        pytest.param(["--model-description=reads letters"], 2, "describes it otherwise", id="another description"),
        pytest.param(["--dataset=digits@1.0.0=metrics.json"], 1, "already with other data", id="other data"),
    ],
)
def test_what_contradicts_the_registry_is_refused(
    words: list[str], code: int, line: str, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    register_all()
    land(town, BRANCH)
    capsys.readouterr()

    assert register(*words, version="1.1.0") == code

    assert line in capsys.readouterr().err
    assert town.branches() == ["main", BRANCH]


def test_a_training_program_can_write_down_what_it_made(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "made"
    made.mkdir()
    for name in ("model.joblib", "metrics.json", "digits.csv"):
        (tmp_path / name).rename(made / name)
    facts = {"model": "digits", "version": "0.9.0", "weights": "model.joblib", "metrics": "metrics.json"}
    more = {"metric": ["accuracy:higher"], "dataset": "digits@1.0.0=digits.csv", "description": "made by a program"}
    (made / "version.json").write_text(json.dumps({**facts, **more}))

    code = main(["register", "digits", "1.0.0", "--from", "made/version.json", "--registry", "checkout"])

    assert code == 0, capsys.readouterr().err
    version = read_version(town.read(BRANCH, f"{FOLDER}/version.yaml").encode(), "version.yaml")
    assert (version.description, version.dataset) == ("made by a program", "digits@1.0.0")
    assert version.artifacts["weights"].hash == f"md5:{MD5}"


@pytest.mark.parametrize(
    ("written", "line"),
    [
        pytest.param('{"model": "digits"}', "has no 'version'", id="half of it"),
        pytest.param(
            '{"wieghts": "x"}', "'wieghts' is no option of registrar register; did you mean weights?", id="odd"
        ),
        pytest.param('{"weights": 7}', "'weights' must be a text", id="a number"),
        pytest.param('{"metric": "accuracy:higher"}', "'metric' must be a list of texts", id="a text"),
        pytest.param("[]", "must be one JSON object", id="a list"),
    ],
)
def test_a_file_that_says_less_or_something_else_is_one_line(
    written: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "version.json").write_text(written)

    assert main(["register", "--from", "version.json"]) == 2

    said = capsys.readouterr().err
    assert line in said
    assert said.count("\n") == 1
