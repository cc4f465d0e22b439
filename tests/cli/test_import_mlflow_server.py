"""`registrar import mlflow` from a real server on a real database, as a team has one."""

import os
import socket
import sqlite3
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.error import URLError

import pytest

from registrar.cli.program import main
from registry_schema import read_version
from waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

PROGRAM = Path(__file__).parents[2] / ".venv/mlflow/bin/mlflow"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    if not PROGRAM.exists():
        pytest.skip("there is no MLflow server here: make test-all installs it")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [f"--port={port}", "--workers=1", f"--backend-store-uri=sqlite:///{tmp_path}/mlflow.db"]
    # Its queues of jobs are six more processes, which a registry needs nothing of.
    environment = os.environ | {"HOME": str(tmp_path), "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    environment["MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES"] = "http"  # as servers did until lately
    with subprocess.Popen(
        [PROGRAM, "server", *words, f"--artifacts-destination={tmp_path}/artifacts"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # its workers are its own children
    ) as server:
        url = f"http://127.0.0.1:{port}"
        until(lambda: answers(url), patience=240, otherwise="the server did not start")
        yield url
        os.killpg(server.pid, 9)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health") as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError):
        return False


def test_a_server_gives_versions_and_says_what_it_cannot_or_may_not(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=address)
    run, gone = (client.create_run(client.create_experiment(name)).info for name in ("churn", "old"))
    for metric, value in {"auc": 0.9, "broken": float("nan"), "endless": float("inf")}.items():
        client.log_metric(run.run_id, metric, value)
    client.create_registered_model("Churn")
    for each in (run, gone):
        client.log_text(each.run_id, "weights", "model/model.pkl")
        client.create_model_version("Churn", f"{each.artifact_uri}/model", each.run_id)
    client.create_model_version("Churn", "http://localhost:9/eve", run.run_id)  # nobody there is asked
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "of-mei")
    with closing(sqlite3.connect(tmp_path / "mlflow.db")) as database, database:  # as mlflow gc leaves it
        database.execute("DELETE FROM runs WHERE run_uuid = ?", [gone.run_id])
    client.set_registered_model_alias("Churn", "champion", "1")
    assert main(["init", str(tmp_path / "registry"), "--remote", str(tmp_path / "storage"), "--admins", "@ana"]) == 0
    monkeypatch.chdir(tmp_path / "registry")

    code = main(["import", "mlflow", "--tracking-uri", address, "--here", "--yes"])

    said = capsys.readouterr().out
    version = read_version(Path("models/churn/versions/1.0.0/version.yaml").read_bytes(), "version.yaml")
    assert (code, version.metrics) == (1, {"auc": 0.9})
    assert version.artifacts["weights"].size == len("weights")
    assert Path("models/churn/status.yaml").read_text() == "Production: 1.0.0\n"
    assert "metric endless of Churn version 1: it is 1.7976931348623157e+308, and no finite number" in said
    assert f"metrics and parameters of Churn version 2: its run {gone.run_id} is gone" in said
    assert "Churn version 3 cannot be had: they lie at localhost, which would get what signs in at 127.0.0.1" in said
