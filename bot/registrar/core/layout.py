"""Knows where each thing stands in the tree of a registry, and what stands at a path."""

import re

from registry_schema.names import VERSION_NAME

REGISTRY = "registry.yaml"
MODELS = "models"
DATASETS = "datasets"
VERSIONS = "versions"  # the folder of a model that holds its versions; no model is called so
MODEL_FILE = "model.yaml"
STATUS_FILE = "status.yaml"
VERSION_FILE = "version.yaml"
DATASET_FILE = "dataset.yaml"
DVC_CONFIG = ".dvc/config"

_OF_MODEL = re.compile(
    rf"(?s){MODELS}/(?P<model>(?:(?!{VERSIONS}/)[^/]+/)+)(?P<rest>{MODEL_FILE}|{STATUS_FILE}|{VERSIONS}/.+)"
)
_OF_VERSION = re.compile(rf"(?s){VERSIONS}/(?P<version>[^/]+)/.+")
_OF_DATASET = re.compile(rf"(?s){DATASETS}/(?P<name>.+?)/(?P<version>{VERSION_NAME})/.+")


def model_folder(model: str) -> str:
    """Where everything of a model stands."""
    return _joined(MODELS, model)


def model_path(model: str) -> str:
    """Where a model is described."""
    return _joined(MODELS, model, MODEL_FILE)


def status_path(model: str) -> str:
    """Where it stands who holds which status."""
    return _joined(MODELS, model, STATUS_FILE)


def version_folder(model: str, version: str) -> str:
    """Where everything of a version stands."""
    return _joined(MODELS, model, VERSIONS, version)


def version_path(model: str, version: str) -> str:
    """Where the facts of a version stand."""
    return f"{version_folder(model, version)}/{VERSION_FILE}"


def dataset_folder(reference: str) -> str:
    """Where everything of a dataset's version stands, by its reference, `name@version`."""
    name, _, version = reference.rpartition("@")
    return _joined(DATASETS, name, version)


def dataset_path(reference: str) -> str:
    """Where the facts of a dataset's version stand, by its reference, `name@version`."""
    return f"{dataset_folder(reference)}/{DATASET_FILE}"


def dvc_path(folder: str, artifact: str) -> str:
    """Where DVC tracks a file of a version or of a dataset."""
    return f"{folder}/{artifact}.dvc"


def model_of_path(path: str) -> str | None:
    """The model to which a model.yaml, a status.yaml or a file of a version belongs; None for any other path."""
    found = _OF_MODEL.fullmatch(path)
    return found["model"].rstrip("/") if found else None


def version_of_path(path: str) -> tuple[str, str] | None:
    """The model and version to which a file below `versions/` belongs; None for any other path."""
    found = _OF_MODEL.fullmatch(path)
    inner = _OF_VERSION.fullmatch(found["rest"]) if found else None
    return (found["model"].rstrip("/"), inner["version"]) if found and inner else None


def dataset_of_path(path: str) -> tuple[str, str] | None:
    """The dataset and version to which a file belongs; None for any other path."""
    found = _OF_DATASET.fullmatch(path)
    return (found["name"], found["version"]) if found else None


def _joined(*parts: str) -> str:
    """A misplaced file may belong to a model or dataset without a name."""
    return "/".join(part for part in parts if part)
