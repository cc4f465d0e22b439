"""The demo's models: three classifiers of scikit-learn's bundled handwritten digits, trained here and now."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HELD_OUT = 500  # the last images, written by people whose digits no version was trained on
METRICS = ("accuracy:higher", "macro_f1:higher", "worst_digit_recall:higher", "size:lower:kB")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one version is made."""

    version: str
    description: str
    parameters: dict[str, str | int | float]
    estimator: Callable[[], Any]
    images: int  # of those that are not held out


@dataclass(frozen=True, slots=True)
class Trained:
    """The files of a trained version, as `registrar register` takes them."""

    recipe: Recipe
    weights: Path
    metrics: Path
    parameters: Path
    accuracy: float


def recipes() -> tuple[Recipe, ...]:
    """A first version, a better one, and one that looks like progress and is not."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import GaussianNB
    from sklearn.svm import SVC

    return (
        Recipe(
            "1.0.0",
            "Logistic regression on 400 images",
            {"estimator": "LogisticRegression", "C": 1.0, "images": 400},
            lambda: LogisticRegression(C=1.0, max_iter=5000),
            400,
        ),
        Recipe(
            "1.1.0",
            "Support vectors on every image",
            {"estimator": "SVC", "gamma": 0.001, "images": 1297},
            lambda: SVC(gamma=0.001),
            1297,
        ),
        Recipe(
            "1.2.0",
            "Naive Bayes: small and fast",
            {"estimator": "GaussianNB", "images": 1297},
            GaussianNB,
            1297,
        ),
    )


def train(recipe: Recipe, folder: Path) -> Trained:
    """Fit the version and measure it on the images that were held out."""
    import joblib
    from sklearn.datasets import load_digits
    from sklearn.metrics import accuracy_score, f1_score, recall_score

    digits = load_digits()
    fitted = recipe.estimator().fit(digits.data[: recipe.images], digits.target[: recipe.images])
    truths, guesses = digits.target[-HELD_OUT:], fitted.predict(digits.data[-HELD_OUT:])
    folder.mkdir(parents=True)
    weights = folder / "model.joblib"
    joblib.dump(fitted, weights)
    metrics = {
        "accuracy": round(float(accuracy_score(truths, guesses)), 4),
        "macro_f1": round(float(f1_score(truths, guesses, average="macro")), 4),
        "worst_digit_recall": round(float(recall_score(truths, guesses, average=None).min()), 4),
        "size": round(weights.stat().st_size / 1000, 1),
    }
    return Trained(
        recipe,
        weights,
        _written(folder / "metrics.json", metrics),
        _written(folder / "parameters.json", recipe.parameters),
        metrics["accuracy"],
    )


def write_dataset(folder: Path) -> Path:
    """The data itself, as a table: 64 shades and the digit, one image a line."""
    import numpy as np
    from sklearn.datasets import load_digits

    digits = load_digits()
    table = np.column_stack([digits.data, digits.target]).astype(int)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "digits.csv"
    np.savetxt(path, table, fmt="%d", delimiter=",")
    return path


def _written(path: Path, values: object) -> Path:
    path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    return path
