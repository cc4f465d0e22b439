"""Knows how to read what a person hands to `registrar register`, and refuses what a registry could not hold."""

import json
import math
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from registrar.cli.drafts import MetricWish
from registrar.errors import UsageError
from registry_schema import is_model_name, is_version_name
from registry_schema.names import MODEL_NAME_LENGTH

_LARGEST_JSON = 1024 * 1024
_METRIC = re.compile(r"(?P<name>[^:]+):(?P<direction>higher|lower)(?::(?P<unit>.+))?")
_DATASET = re.compile(r"(?P<name>[^@=]+)@(?P<version>[^@=]+)(?:=(?P<file>.+))?")


@dataclass(frozen=True, slots=True)
class DatasetWish:
    """A dataset by name and version, and its file when the registry does not have it yet."""

    name: str
    version: str
    file: Path | None

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


def model_and_version(model: str, version: str) -> tuple[str, str]:
    """Give both back. Raises `UsageError` when either cannot be a name."""
    if not is_model_name(model):
        raise UsageError(f"{model!r} cannot be a model's name: {_odd_in_name(model)}")
    if not is_version_name(version):
        hint = f"; leave the v out: {version[1:]}" if is_version_name(version[1:]) else "; write it like 1.2.0"
        raise UsageError(f"{version!r} is not a semantic version{hint}")
    return model, version


def _odd_in_name(model: str) -> str:
    parts = model.split("/")
    odd = re.search(r"[^a-z0-9._/-]", model)
    if len(model) > MODEL_NAME_LENGTH:
        return f"it is longer than {MODEL_NAME_LENGTH} characters"
    if ".." in model:
        return "it holds '..', which git and folders read as something else"
    if odd:
        small = f"; write {model.lower()}" if is_model_name(model.lower()) else ""
        return f"it holds {odd[0]!r}; take small letters, digits, '.', '_', '-', and '/' for a group{small}"
    if "" in parts:
        return "a part of it is empty; write GROUP/NAME, with one '/' between"
    if any(part == "versions" or part.endswith(".lock") for part in parts):
        return "no part of it can be 'versions', which is the folder of a model's versions, or end with git's '.lock'"
    return "each part of it begins with a letter or a digit, and does not end with '.'"


def file_at(path: str, option: str) -> Path:
    """Find a file that holds something. Raises `UsageError`."""
    file = Path(path)
    if file.is_dir():
        raise UsageError(
            f"{option} {path}: is a folder; pack it into one file first: tar -cf {file.resolve().name}.tar {path}"
        )
    if not file.is_file():
        raise UsageError(f"{option} {path}: there is no such file")
    if not os.access(file, os.R_OK):
        raise UsageError(f"{option} {path}: you may not read it; see ls -l {path}")
    if file.stat().st_size == 0:
        raise UsageError(f"{option} {path}: the file is empty")
    return file


def made_at(file: Path) -> str:
    """Say when the file was last written: the same whenever it is asked."""
    return datetime.fromtimestamp(int(file.stat().st_mtime), tz=UTC).isoformat()


def metrics_of(path: str) -> dict[str, object]:
    """Read a flat JSON object of finite numbers. Raises `UsageError` that names what is not one."""
    metrics = object_at(path, "--metrics")
    for name, value in metrics.items():
        if isinstance(value, dict) and value:
            flat = ", ".join(f'"{name}_{inner}": ...' for inner in list(value)[:2])
            raise UsageError(f"--metrics {path}: {name!r} holds further metrics; write them flat: {flat}")
        if not _is_number(value):
            raise UsageError(f"--metrics {path}: {name!r} is {json.dumps(value)[:40]}, not a finite number")
    if not metrics:
        raise UsageError(f"--metrics {path}: there is no metric in it")
    return metrics


def parameters_of(path: str) -> dict[str, object]:
    """Read a flat JSON object of texts, finite numbers, true, false and null. Raises `UsageError`."""
    parameters = object_at(path, "--parameters")
    for name, value in parameters.items():
        if not (value is None or isinstance(value, str | bool) or _is_number(value)):
            raise UsageError(f"--parameters {path}: {name!r} is no single text, number, true, false or null")
    return parameters


def metric_wish(text: str) -> MetricWish:
    """Read `accuracy:higher` or `latency:lower:ms`. Raises `UsageError`."""
    found = _METRIC.fullmatch(text)
    if found is None:
        raise UsageError(f"--metric {text!r}: write NAME:higher or NAME:lower, and :UNIT if it has one")
    return MetricWish(found["name"], found["direction"], found["unit"] or "")


def dataset_wish(text: str) -> DatasetWish:
    """Read `digits@1.0.0` or `digits@1.0.0=train.csv`. Raises `UsageError`."""
    found = _DATASET.fullmatch(text)
    if found is None or not is_model_name(found["name"]) or not is_version_name(found["version"]):
        raise UsageError(f"--dataset {text!r}: write NAME@VERSION, such as digits@1.0.0, and =FILE for a new one")
    return DatasetWish(found["name"], found["version"], file_at(found["file"], "--dataset") if found["file"] else None)


def object_at(path: str, option: str) -> dict[str, object]:
    """Read a JSON object, each of whose names stands there once. Raises `UsageError`."""
    file = file_at(path, option)
    if file.stat().st_size > _LARGEST_JSON:
        raise UsageError(f"{option} {path}: more than a megabyte; keep what a person compares")
    try:
        found = json.loads(file.read_bytes(), object_pairs_hook=_unique, parse_constant=_refused("is not a number"))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{option} {path}: not readable as JSON: {error}") from error
    if not isinstance(found, dict):
        raise UsageError(f'{option} {path}: must be one JSON object, such as {{"accuracy": 0.97}}')
    return found


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name!r} stands there twice")
    return dict(pairs)


def _refused(reason: str) -> Callable[[str], object]:
    def refuse(text: str) -> object:
        raise ValueError(f"{text} {reason}")

    return refuse


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
