"""The trainer: makes the version that `recipe.toml` describes, and writes down what a registry wants to know of it."""

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, recall_score
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC

ESTIMATORS = {"GaussianNB": GaussianNB, "LogisticRegression": LogisticRegression, "SVC": SVC}
HELD_OUT = 500  # the last images, written by people whose digits no version is trained on
METRICS = ("accuracy:higher", "macro_f1:higher", "worst_digit_recall:higher", "size:lower:kB")


def train(recipe: dict[str, Any], folder: Path) -> dict[str, float]:
    """Fit the version, measure it on the images that were held out, and leave everything of it in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    digits = load_digits()
    model, images = estimator(**recipe["parameters"])
    model.fit(digits.data[:images], digits.target[:images])
    joblib.dump(model, folder / "model.joblib")
    metrics = measured(digits.target[-HELD_OUT:], model.predict(digits.data[-HELD_OUT:]))
    metrics["size"] = round((folder / "model.joblib").stat().st_size / 1000, 1)
    table = np.column_stack([digits.data, digits.target]).astype(int)  # 64 shades and the digit, one image a line
    np.savetxt(folder / "digits.csv", table, fmt="%d", delimiter=",")
    write(folder / "metrics.json", metrics)
    write(folder / "parameters.json", recipe["parameters"])
    write(folder / "version.json", facts(recipe))
    return metrics


def estimator(estimator: str, images: int, **parameters: float) -> tuple[Any, int]:
    """What is fitted, and on how many images."""
    return ESTIMATORS[estimator](**parameters), images


def measured(truths: Any, guesses: Any) -> dict[str, float]:
    """How well it reads, in several ways."""
    return {
        "accuracy": round(float(accuracy_score(truths, guesses)), 4),
        "macro_f1": round(float(f1_score(truths, guesses, average="macro")), 4),
        "worst_digit_recall": round(float(recall_score(truths, guesses, average=None).min()), 4),
    }


def facts(recipe: dict[str, Any]) -> dict[str, Any]:
    """The options of `registrar register --from`; its files lie beside it."""
    return {
        "model": recipe["model"],
        "version": recipe["version"],
        "description": recipe["description"],
        "model-description": "Reads handwritten digits",
        "weights": "model.joblib",
        "metrics": "metrics.json",
        "metric": METRICS,
        "parameters": "parameters.json",
        "dataset": "digits@1.0.0=digits.csv",
    }


def write(path: Path, values: object) -> None:
    """As JSON that a person can read."""
    path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


def main(recipe: str = "recipe.toml", folder: str = "made") -> None:
    """Train, and say how well it went."""
    wanted = tomllib.loads(Path(recipe).read_text(encoding="utf-8"))
    metrics = train(wanted, Path(folder))
    print(f"{wanted['model']} {wanted['version']}: {', '.join(f'{name} {value}' for name, value in metrics.items())}")


if __name__ == "__main__":
    main(*sys.argv[1:])
