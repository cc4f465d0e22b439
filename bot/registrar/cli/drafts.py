"""Knows how a new version, model or dataset is written down, and reads it back before anyone else does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import yaml

from registrar.errors import InvalidRegistry
from registry_schema import Artifact, InvalidFile, read_dataset, read_model, read_version

_WIDE = 10_000  # one line a value: a description is not folded


@dataclass(frozen=True, slots=True)
class MetricWish:
    """How a person describes a metric of a new model; the first is the primary one."""

    name: str
    direction: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionWish:
    """What a person says of a new version."""

    description: str
    created: str
    source: Mapping[str, str]
    dataset: str | None
    metrics: Mapping[str, object]
    parameters: Mapping[str, object]


def version_file(wish: VersionWish, artifacts: Mapping[str, Artifact], path: str) -> bytes:
    """Write a version.yaml. Raises `InvalidRegistry` with every problem that a reader would find."""
    facts = {
        "description": wish.description,
        "created": wish.created,
        "source": dict(wish.source),
        "artifacts": _artifacts(artifacts),
        "dataset": wish.dataset,
        "metrics": dict(wish.metrics),
        "parameters": dict(wish.parameters),
    }
    return _checked(_dumped(facts), path, read_version)


def model_file(description: str, metrics: Sequence[MetricWish], path: str, *, task: str = "", notes: str = "") -> bytes:
    """Write a model.yaml. Raises `InvalidRegistry` with every problem that a reader would find."""
    described = {
        metric.name: {"direction": metric.direction, "unit": metric.unit, "primary": number == 0}
        for number, metric in enumerate(metrics)
    }
    facts = {
        "description": description,
        "task": task,
        "metrics": {name: _said(fields) for name, fields in described.items()},
        "notes": notes,
    }
    return _checked(_dumped(facts), path, read_model)


def dataset_file(description: str, artifacts: Mapping[str, Artifact], path: str) -> bytes:
    """Write a dataset.yaml. Raises `InvalidRegistry` with every problem that a reader would find."""
    return _checked(_dumped({"description": description, "artifacts": _artifacts(artifacts)}), path, read_dataset)


def _artifacts(artifacts: Mapping[str, Artifact]) -> dict[str, object]:
    return {
        name: {"path": artifact.path, "hash": artifact.hash, "size": artifact.size}
        for name, artifact in artifacts.items()
    }


def _dumped(facts: Mapping[str, object]) -> bytes:
    return yaml.safe_dump(_said(facts), sort_keys=False, allow_unicode=True, width=_WIDE).encode()


def _said(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in facts.items() if value not in (None, "", {}, False)}


def _checked(text: bytes, path: str, read: Callable[[bytes, str], object]) -> bytes:
    try:
        read(text, path)
    except InvalidFile as error:
        raise InvalidRegistry(error.problems) from error
    return text
