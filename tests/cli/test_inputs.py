"""What a person hands to `registrar register` is read strictly, and refused in one line that says how to mend it."""

import os
from pathlib import Path

import pytest

from registrar.cli.drafts import MetricWish, VersionWish, dataset_file, model_file, version_file
from registrar.cli.inputs import (
    dataset_wish,
    file_at,
    made_at,
    metric_wish,
    metrics_of,
    model_and_version,
    parameters_of,
)
from registrar.errors import InvalidRegistry, UsageError
from registry_schema import Artifact, Direction, read_dataset, read_model, read_version

WEIGHTS = {"weights": Artifact(path="model.joblib", hash="md5:" + "a" * 32, size=12)}


def a_version(**changes: object) -> VersionWish:
    facts: dict[str, object] = {
        "description": "größer: 'quotes' and\nlines",
        "created": "2026-03-01T12:00:00+00:00",
        "source": {"repository": "https://github.com/acme/train", "commit": "a" * 40},
        "dataset": "digits@1.0.0",
        "metrics": {"accuracy": 0.97, "count": 3, "tiny": 1e-30},
        "parameters": {"solver": "lbfgs", "C": 1.0, "warm": False, "seed": None, "note": "1.10"},
    }
    return VersionWish(**(facts | changes))  # type: ignore[arg-type] # a builder takes any field


def test_a_version_is_read_back_as_it_was_meant() -> None:
    read = read_version(version_file(a_version(), WEIGHTS, "version.yaml"), "version.yaml")

    assert read.description == "größer: 'quotes' and\nlines"
    assert read.metrics == {"accuracy": 0.97, "count": 3, "tiny": 1e-30}
    assert read.parameters == {"solver": "lbfgs", "C": 1.0, "warm": False, "seed": None, "note": "1.10"}
    assert read.artifacts == WEIGHTS
    assert read.created is not None
    assert read.created.isoformat() == "2026-03-01T12:00:00+00:00"


def test_what_was_not_said_is_not_written() -> None:
    text = version_file(a_version(description="", source={}, dataset=None, parameters={}), WEIGHTS, "version.yaml")

    assert text.decode().splitlines()[0].startswith("created:")
    assert not any(word in text for word in (b"description", b"source", b"dataset", b"parameters"))


def test_the_first_metric_of_a_model_is_the_primary_one() -> None:
    metrics = [MetricWish("accuracy", "higher", ""), MetricWish("latency", "lower", "ms")]

    read = read_model(model_file("reads digits", metrics, "model.yaml"), "model.yaml")

    assert read.metrics["accuracy"].primary
    assert not read.metrics["latency"].primary
    assert (read.metrics["latency"].direction, read.metrics["latency"].unit) == (Direction.LOWER, "ms")


def test_a_dataset_is_read_back_as_it_was_meant() -> None:
    read = read_dataset(dataset_file("digits", {"data": WEIGHTS["weights"]}, "dataset.yaml"), "dataset.yaml")

    assert read.artifacts == {"data": WEIGHTS["weights"]}


def test_what_a_reader_would_refuse_is_not_written() -> None:
    with pytest.raises(InvalidRegistry, match=r"version\.yaml"):
        version_file(a_version(dataset="digits"), WEIGHTS, "version.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("[1, 2]", "one JSON object", id="a list"),
        pytest.param("{", "not readable as JSON", id="half"),
        pytest.param('{"a": NaN}', "NaN is not a number", id="NaN"),
        pytest.param('{"a": -Infinity}', "-Infinity is not a number", id="infinity"),
        pytest.param('{"a": 1e999}', "not a finite number", id="beyond every float"),
        pytest.param('{"a": ' + "9" * 400 + "}", "not a finite number", id="beyond every float, as an integer"),
        pytest.param('{"a": true}', "not a finite number", id="true"),
        pytest.param('{"a": "0.9"}', "not a finite number", id="a text"),
        pytest.param('{"a": {"b": 1}}', 'write them flat: "a_b": ...', id="nested"),
        pytest.param('{"a": 1, "a": 2}', "stands there twice", id="a metric twice"),
        pytest.param("{}", "no metric", id="none"),
        pytest.param("[" * 100_000, "not readable as JSON", id="deep"),
        pytest.param("\xff", "not readable as JSON", id="not UTF-8"),
    ],
)
def test_metrics_that_cannot_be_compared_are_refused(text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "metrics.json"
    file.write_text(text, encoding="latin-1")

    with pytest.raises(UsageError, match=words):
        metrics_of(str(file))


def test_parameters_are_single_values(tmp_path: Path) -> None:
    file = tmp_path / "parameters.json"
    file.write_text('{"layers": [64, 64]}')

    with pytest.raises(UsageError, match="'layers' is no single text"):
        parameters_of(str(file))


@pytest.mark.parametrize(
    ("model", "version", "words"),
    [
        pytest.param("../digits", "1.0.0", "it holds '..'", id="a name that climbs"),
        pytest.param("dig..its", "1.0.0", "it holds '..'", id="two dots"),
        pytest.param("Digits", "1.0.0", "it holds 'D'; .*; write digits", id="capitals"),
        pytest.param("a b", "1.0.0", "it holds ' '", id="blank"),
        pytest.param("risk//fraud", "1.0.0", "a part of it is empty", id="nothing between"),
        pytest.param("risk/versions", "1.0.0", "no part of it can be 'versions'", id="the folder of versions"),
        pytest.param("risk.lock", "1.0.0", "or end with git's '.lock'", id="lock"),
        pytest.param("digits.", "1.0.0", "does not end with '.'", id="dot at the end"),
        pytest.param("a" * 201, "1.0.0", "longer than 200 characters", id="long"),
        pytest.param("digits", "v1.0.0", "leave the v out: 1.0.0", id="a v"),
        pytest.param("digits", "1.0", "write it like 1.2.0", id="two numbers"),
        pytest.param("digits", "latest", "write it like 1.2.0", id="a word"),
    ],
)
def test_names_that_cannot_be_are_refused(model: str, version: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        model_and_version(model, version)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        pytest.param("accuracy:higher", MetricWish("accuracy", "higher", ""), id="no unit"),
        pytest.param("latency:lower:ms", MetricWish("latency", "lower", "ms"), id="unit"),
        pytest.param("price:lower:EUR:h", MetricWish("price", "lower", "EUR:h"), id="unit with a colon"),
    ],
)
def test_a_metric_says_which_way_is_better(text: str, wish: MetricWish) -> None:
    assert metric_wish(text) == wish


@pytest.mark.parametrize("text", ["accuracy", "accuracy:up", ":higher", "accuracy:higher:"])
def test_a_metric_without_a_direction_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="write NAME:higher or NAME:lower"):
        metric_wish(text)


@pytest.mark.parametrize("text", ["digits", "digits@1", "Digits@1.0.0", "digits@1.0.0=", "digits@1.0.0@2.0.0"])
def test_a_dataset_without_a_version_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="write NAME@VERSION"):
        dataset_wish(text)


def test_a_file_that_holds_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()

    for path, words in {
        "empty": "is empty",
        "missing": "no such file",
        ".": "is a folder; pack it into one file first",
    }.items():
        with pytest.raises(UsageError, match=words):
            file_at(str(tmp_path / path), "--weights")


def test_the_same_weights_are_as_old_whenever_it_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "model.joblib"
    file.write_text("weights")
    os.utime(file, (1_772_366_400, 1_772_366_400.9))

    assert made_at(file) == "2026-03-01T12:00:00+00:00"
