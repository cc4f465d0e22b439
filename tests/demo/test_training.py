"""The demo's models are real, and are what the story says of them."""

import csv
import json
import shutil

import pytest

from registrar.demo.training import RECIPE, Trained, examples_dir, recipes, train

HELD_OUT = 500


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Trained]:
    trainer = tmp_path_factory.mktemp("training") / "trainer"
    shutil.copytree(examples_dir() / "trainer", trainer)
    found: list[Trained] = []
    for number, recipe in enumerate(recipes()):
        (trainer / RECIPE).write_text(recipe)
        found.append(train(trainer, trainer / f"made-{number}"))
    return {each.version: each for each in found}


def test_the_second_version_is_better_and_the_third_is_worse(trained: dict[str, Trained]) -> None:
    accuracies = [json.loads((each.folder / "metrics.json").read_text())["accuracy"] for each in trained.values()]

    assert accuracies[2] < accuracies[0] < accuracies[1]


def test_the_weights_read_digits_they_were_not_trained_on(trained: dict[str, Trained]) -> None:
    import joblib
    from sklearn.datasets import load_digits  # takes every run of tests two seconds

    digits = load_digits()
    model = joblib.load(trained["1.1.0"].folder / "model.joblib")

    right = model.predict(digits.data[-HELD_OUT:]) == digits.target[-HELD_OUT:]

    assert round(float(right.mean()), 4) == trained["1.1.0"].accuracy


def test_the_dataset_is_every_image_with_its_digit(trained: dict[str, Trained]) -> None:
    with (trained["1.0.0"].folder / "digits.csv").open() as file:
        rows = list(csv.reader(file))

    assert (len(rows), len(rows[0])) == (1797, 65)
