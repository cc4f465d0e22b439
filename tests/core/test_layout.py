"""Where each thing stands in a registry, and what stands at a path, are two readings of one grammar."""

import pytest

from registrar.core import layout

VERSION = "models/risk/fraud/versions/1.0.0"


@pytest.mark.parametrize(
    ("path", "stands_at"),
    [
        pytest.param(layout.model_folder("risk/fraud"), "models/risk/fraud", id="a model"),
        pytest.param(layout.model_path("risk/fraud"), "models/risk/fraud/model.yaml", id="its description"),
        pytest.param(layout.status_path("risk/fraud"), "models/risk/fraud/status.yaml", id="its statuses"),
        pytest.param(layout.version_folder("risk/fraud", "1.0.0"), VERSION, id="a version"),
        pytest.param(layout.version_path("risk/fraud", "1.0.0"), f"{VERSION}/version.yaml", id="its facts"),
        pytest.param(layout.dvc_path(VERSION, "weights.bin"), f"{VERSION}/weights.bin.dvc", id="its weights"),
        pytest.param(layout.dataset_folder("mnist@1.0.0"), "datasets/mnist/1.0.0", id="a dataset"),
        pytest.param(layout.dataset_path("mnist@1.0.0"), "datasets/mnist/1.0.0/dataset.yaml", id="its facts"),
        pytest.param(layout.dataset_path("@1.0.0"), "datasets/1.0.0/dataset.yaml", id="a misplaced dataset"),
    ],
)
def test_each_thing_has_its_place(path: str, stands_at: str) -> None:
    assert path == stands_at


@pytest.mark.parametrize(
    ("path", "model"),
    [
        pytest.param("models/risk/fraud/model.yaml", "risk/fraud", id="a description"),
        pytest.param("models/risk/fraud/status.yaml", "risk/fraud", id="statuses"),
        pytest.param(f"{VERSION}/a/b.dvc", "risk/fraud", id="a file of a version"),
        pytest.param("models/risk/fraud/versions/notes.md", "risk/fraud", id="a file beside the versions"),
        pytest.param("models/risk/fraud/notes.md", None, id="any other file"),
        pytest.param("models/versions/status.yaml", None, id="where no model can stand"),
    ],
)
def test_a_path_tells_its_model(path: str, model: str | None) -> None:
    assert layout.model_of_path(path) == model


def test_a_path_tells_its_version() -> None:
    assert layout.version_of_path(f"{VERSION}/a/b.dvc") == ("risk/fraud", "1.0.0")
    assert layout.version_of_path("models/risk/fraud/status.yaml") is None


def test_a_path_tells_its_dataset() -> None:
    assert layout.dataset_of_path("datasets/mnist/1.0.0/data.dvc") == ("mnist", "1.0.0")
    assert layout.dataset_of_path("datasets/mnist/latest/data.dvc") is None
