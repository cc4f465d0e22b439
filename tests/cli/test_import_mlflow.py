"""`registrar import mlflow` brings along versions with their runs, aliases and weights, by MLflow's own client."""

import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from registrar.cli.program import main
from registry_schema import read_model, read_version

pytestmark = pytest.mark.filterwarnings("ignore")  # MLflow's own: of its stages, and of its store in files

TAGS = {
    "mlflow.user": "mei",
    "mlflow.source.git.commit": "a" * 40,
    "mlflow.source.git.repoURL": "https://token@github.com/acme/train",
}


@dataclass
class OldStore:
    """MLflow's registry in a folder, without a server."""

    folder: Path
    client: Any
    experiment: str
    versions: dict[str, str] = field(default_factory=dict)  # the run of each

    def register(self, metrics: Mapping[str, float], parameters: Mapping[str, str], files: Mapping[str, str]) -> None:
        run = self.client.create_run(self.experiment, tags=TAGS).info
        made = self.folder / run.run_id
        made.mkdir()
        for name, text in files.items():
            (made / name).write_text(text)
        for metric, value in metrics.items():
            self.client.log_metric(run.run_id, metric, value)
        for parameter, text in parameters.items():
            self.client.log_param(run.run_id, parameter, text)
        self.client.log_artifacts(run.run_id, str(made), "model")
        self.create(f"{run.artifact_uri}/model", run.run_id)

    def create(self, source: str, run: str) -> None:
        version = self.client.create_model_version("Churn", source, run, tags={"team": "risk"})
        self.versions[str(version.version)] = run


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OldStore:
    """Three versions: the first is the champion, the second in Staging, and the run of the third is gone."""
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    from mlflow import MlflowClient

    runs = str(tmp_path / "mlruns")
    client = MlflowClient(tracking_uri=runs, registry_uri=runs)  # MLflow itself goes on with that of the test before
    store = OldStore(tmp_path, client, client.create_experiment("churn"))
    client.create_registered_model("Churn", description="Says who will leave", tags={"tier": "1"})
    measured = {"auc": 0.9, "broken": float("nan"), "endless": float("inf")}
    store.register(measured, {"depth": "3", "rate": "0.10", "kind": "tree"}, {"model.pkl": "weights of 1"})
    store.register({"auc": 0.95}, {}, {"MLmodel": "flavors: {}", "model.pkl": "weights of 2"})
    (tmp_path / "model.pkl").write_text("weights of 3")
    store.create(str(tmp_path / "model.pkl"), "f" * 32)
    client.set_registered_model_alias("Churn", "champion", "1")
    client.set_registered_model_alias("Churn", "blue", "2")
    client.transition_model_version_stage("Churn", "2", "Staging")
    return store


@pytest.fixture(autouse=True)
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "registry"
    assert main(["init", str(folder), "--remote", str(tmp_path / "storage"), "--admins", "@ana"]) == 0
    monkeypatch.chdir(folder)
    capsys.readouterr()
    return folder


def moved(*options: str) -> int:
    return main(["import", "mlflow", "--tracking-uri", "../mlruns", "--here", "--yes", *options])


def pull(version: str, into: Path) -> None:
    for command in (["add", "--all"], ["commit", "--quiet", "--message", "Start"]):
        subprocess.run(["git", *command], check=True)
    assert main(["pull", version, "-o", str(into)]) == 0


def test_versions_come_with_their_runs_their_aliases_and_their_weights(
    old: OldStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = moved("--metric", "auc:higher")

    said = capsys.readouterr().out
    version = read_version(Path("models/churn/versions/1.0.0/version.yaml").read_bytes(), "version.yaml")
    model = read_model(Path("models/churn/model.yaml").read_bytes(), "model.yaml")
    assert (code, main(["check"])) == (0, 0)
    assert Path("models/churn/status.yaml").read_text() == "Staging: 2.0.0\nProduction: 1.0.0\n"
    assert version.metrics == {"auc": 0.9}
    assert version.parameters == {"depth": 3, "kind": "tree", "rate": "0.10"}
    assert version.source is not None
    assert (version.source.repository, version.source.commit) == ("https://github.com/acme/train", "a" * 40)
    assert version.description.splitlines() == [
        f"Registered in MLflow by mei, as Churn version 1, of run {old.versions['1']}.",
        "",
        "Tags in MLflow: team=risk",
    ]
    assert (model.description, model.notes, list(model.metrics)) == (
        "Says who will leave",
        "Tags in MLflow: tier=1",
        ["auc"],
    )
    assert "left out    metric broken of Churn version 1: it is nan, and no finite number\n" in said
    assert "left out    metric endless of Churn version 1: it is inf, and no finite number\n" in said
    assert "left out    blue of Churn version 2: no status here is called so" in said
    assert "left out    metrics and parameters of Churn version 3: its run ffff" in said
    pull("churn@Production", tmp_path / "out")
    assert (tmp_path / "out/model.pkl").read_text() == "weights of 1"


@pytest.mark.usefixtures("old")
def test_a_model_of_several_files_is_one_archive_that_is_always_the_same(tmp_path: Path) -> None:
    moved("--status", "blue=QA", "--model", "Churn=risk/churn")
    stored = {path.name for path in (tmp_path / "storage").rglob("*") if path.is_file()}

    moved("--model", "Churn=churn")

    assert {path.name for path in (tmp_path / "storage").rglob("*") if path.is_file()} == stored
    pull("churn@2.0.0", tmp_path / "out")
    with tarfile.open(tmp_path / "out/model.tar") as archive:
        assert archive.getnames() == ["MLmodel", "model.pkl"]


@pytest.mark.usefixtures("old")
def test_without_weights_each_version_says_where_they_are(tmp_path: Path) -> None:
    moved("--no-weights")

    version = read_version(Path("models/churn/versions/1.0.0/version.yaml").read_bytes(), "version.yaml")
    assert version.artifacts == {}
    assert version.description.endswith("Its weights stayed at models:/Churn/1 of ../mlruns.")
    assert not (tmp_path / "storage").exists()


@pytest.mark.usefixtures("old")
def test_what_is_here_is_not_brought_along_again(capsys: pytest.CaptureFixture[str]) -> None:
    moved()
    capsys.readouterr()

    code = moved()

    assert code == 0
    assert capsys.readouterr().out.startswith("nothing to bring along")


@pytest.mark.parametrize("uri", ["htp://mei:pa/55@127.0.0.1:9", "sqlite:///nothing.db", "./nothing"])
def test_what_is_no_store_is_one_line_and_none_is_made(uri: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(Path().iterdir())

    code = main(["import", "mlflow", "--tracking-uri", uri, "--here", "--yes"])

    said = capsys.readouterr().err
    assert (code, said.count("\n"), "pa/55" in said) == (1, 1, False)
    assert " cannot be read: " in said
    assert sorted(Path().iterdir()) == before


def test_a_server_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["import", "mlflow", "--tracking-uri", "http://mei:pa55@127.0.0.1:9", "--here", "--yes"])

    said = capsys.readouterr().err
    assert code == 1
    assert said.startswith("registrar: error: MLflow at http://127.0.0.1:9 cannot be read: ")
    assert said.count("\n") == 1
    assert "pa55" not in said
