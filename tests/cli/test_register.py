"""`registrar register` pushes the data first and asks second; `registrar pull` brings it back by selector."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cli.forge import Town
from cli.registering import BRANCH, FOLDER, MD5, WEIGHTS, land, register, register_all, stored
from registrar.cli.program import main
from registry_schema import read_dataset, read_model, read_version


def test_a_new_version_is_a_pull_request_with_everything_known_of_it(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    code = register_all()

    said = capsys.readouterr()
    assert code == 0, said.err
    assert said.out.startswith("Register digits 1.0.0: opened at http://")
    version = read_version(town.read(BRANCH, f"{FOLDER}/version.yaml").encode(), "version.yaml")
    model = read_model(town.read(BRANCH, "models/digits/model.yaml").encode(), "model.yaml")
    dataset = read_dataset(town.read(BRANCH, "datasets/digits/1.0.0/dataset.yaml").encode(), "dataset.yaml")
    assert (version.dataset, version.description) == ("digits@1.0.0", "the first one")
    assert (version.artifacts["weights"].hash, version.artifacts["weights"].size) == (f"md5:{MD5}", len(WEIGHTS))
    assert model.metrics["accuracy"].primary
    assert model.description == "reads digits"
    assert dataset.artifacts["data"].path == "digits.csv"
    assert f"md5: {MD5}" in town.read(BRANCH, f"{FOLDER}/model.joblib.dvc")


def test_a_registry_with_the_new_version_has_no_problem(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    register_all()
    land(town, BRANCH)
    town.checkout.git("pull", "--quiet", "origin", "main")
    capsys.readouterr()

    code = main(["check", "--registry", "checkout"])

    assert (code, capsys.readouterr().out) == (0, "no problem found in 1 model, 1 version, 1 dataset\n")


def test_the_data_is_in_the_remote_and_nothing_in_the_checkout(town: Town, tmp_path: Path) -> None:
    register_all()

    assert sorted(path.read_bytes() for path in stored(tmp_path)) == sorted([WEIGHTS, b"1,2\n3,4\n"])
    assert town.checkout.git("status", "--porcelain", "--ignored") == ""


def test_the_same_command_again_finds_what_it_did(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    register_all()
    before = town.log(BRANCH), capsys.readouterr()

    code = register_all()

    assert code == 0
    assert "open already" in capsys.readouterr().out
    assert town.log(BRANCH) == before[0]


def test_stock_dvc_reads_the_data_back(town: Town) -> None:
    register_all()
    land(town, BRANCH)
    town.checkout.git("pull", "--quiet", "origin", "main")

    subprocess.run([sys.executable, "-m", "dvc", "pull", "--quiet"], cwd=town.checkout.folder, check=True)

    assert (town.checkout.folder / FOLDER / "model.joblib").read_bytes() == WEIGHTS


@pytest.mark.parametrize("registry", ["checkout", "address"])
def test_weights_come_back_by_selector(
    registry: str, town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register_all()
    land(town, BRANCH)
    town.checkout.git("fetch", "--quiet", "origin")
    capsys.readouterr()
    place = "checkout" if registry == "checkout" else f"{town.sandbox.url}/acme/registry.git"

    code = main(["pull", "digits@latest", "-o", "here", "--registry", place, "--json"])

    said = capsys.readouterr()
    assert code == 0, said.err
    assert json.loads(said.out)["hash"] == f"md5:{MD5}"
    assert (tmp_path / "here/model.joblib").read_bytes() == WEIGHTS


@pytest.mark.parametrize(
    ("damage", "line"),
    [pytest.param(True, "damaged", id="damaged"), pytest.param(False, "does not hold", id="missing")],
)
def test_weights_that_are_not_what_was_registered_are_not_handed_out(
    damage: bool,  # noqa: FBT001 - a row of a table
    line: str,
    town: Town,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    register_all()
    land(town, BRANCH)
    [file] = [path for path in stored(tmp_path) if path.read_bytes() == WEIGHTS]
    file.chmod(0o644)
    if damage:
        file.write_bytes(b"weights of 6.6.6")
    else:
        file.unlink()
    capsys.readouterr()

    code = main(["pull", "digits@1.0.0", "-o", "here", "--registry", str(town.checkout.origin)])

    said = capsys.readouterr().err
    assert code == 1
    assert line in said
    assert said.count("\n") == 1
    assert not list((tmp_path / "here").glob("*"))


def test_a_version_is_never_registered_twice(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    register_all()
    land(town, BRANCH)
    capsys.readouterr()

    code = register()

    assert code == 1
    assert "registered already, and a version never changes" in capsys.readouterr().err


def test_a_second_version_needs_no_metric_described(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    register_all()
    land(town, BRANCH)

    code = register("--dataset=digits@1.0.0", version="1.1.0")

    assert code == 0, capsys.readouterr().err
    assert "models/digits/model.yaml" not in town.changed("registrar/register/digits-1.1.0")


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        pytest.param([], 2, "digits is a new model: say how its metrics are read", id="a model without metrics"),
        pytest.param(["--metric=acuracy:higher"], 2, "has no 'acuracy'; did you mean accuracy?", id="metric misspelt"),
        pytest.param(["--metric", "accuracy:up"], 2, "write NAME:higher", id="a metric without direction"),
        pytest.param(
            ["--metric=accuracy:higher", "--dataset=digits@2.0.0"], 1, "add its file", id="an unknown dataset"
        ),
        pytest.param(["--source-commit", "a" * 40], 2, "belong together", id="half a source"),
        pytest.param(["--metric=accuracy:higher", "--parameters=no.json"], 2, "no such file", id="no parameters"),
    ],
)
def test_a_version_that_cannot_be_leaves_nothing(
    words: list[str], code: int, line: str, town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert register(*words) == code

    said = capsys.readouterr().err
    assert line in said
    assert said.count("\n") == 1
    assert town.branches() == ["main"]
    assert stored(tmp_path) == []


def test_metrics_that_are_no_numbers_leave_nothing(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nan.json").write_text('{"accuracy": NaN}')

    code = register("--metric=accuracy:higher", metrics="nan.json")

    assert code == 2
    assert "NaN is not a number" in capsys.readouterr().err
    assert (town.branches(), stored(tmp_path)) == (["main"], [])


def test_a_token_that_may_only_read_opens_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGISTRAR_TOKEN", town.tokens["eve"])

    code = register_all()

    said = capsys.readouterr().err
    assert code == 1
    assert said.count("\n") == 1
    assert town.branches() == ["main"]


def test_weights_that_nobody_registered_are_one_line(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    register_all()
    land(town, BRANCH)
    capsys.readouterr()

    code = main(["pull", "digits@1.0.0", "--artifact", "plots", "-o", "x", "--registry", str(town.checkout.origin)])

    assert code == 1
    assert "has no artifact plots; it has weights" in capsys.readouterr().err


def test_a_folder_of_weights_that_vanished_is_not_made_anew(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register_all()
    land(town, BRANCH)
    (tmp_path / "storage").rename(tmp_path / "elsewhere")
    capsys.readouterr()

    code = register(version="1.1.0")

    assert code == 1
    assert "is gone, with what is registered; bring the folder back" in capsys.readouterr().err
    assert not (tmp_path / "storage").exists()
