"""Knows what each path of a registry's tree stands for, as far as rules depend on it."""

import re

from registry_schema.names import VERSION_NAME

REGISTRY = "registry.yaml"
CODEOWNERS = "CODEOWNERS"
RULES = frozenset(
    {REGISTRY, CODEOWNERS, f".github/{CODEOWNERS}", f"docs/{CODEOWNERS}", f".gitlab/{CODEOWNERS}", ".dvc/config"}
)

_STATUS = re.compile(r"(?s)models/.+/status\.yaml")
_MODEL = re.compile(r"(?s)models/.+/model\.yaml")
_VERSION = re.compile(r"(?s)models/(?P<name>.+?)/versions/(?P<version>[^/]+)/.+")
_DATASET = re.compile(rf"(?s)datasets/(?P<name>.+?)/(?P<version>{VERSION_NAME})/.+")


def is_rules(path: str) -> bool:
    """Whether the file decides what is allowed, who approves, or where weights come from."""
    return path in RULES


def is_status(path: str) -> bool:
    """Whether the file says who holds which status."""
    return _STATUS.fullmatch(path) is not None and _VERSION.fullmatch(path) is None


def describes_model(path: str) -> bool:
    """Whether the file is what makes its folder a model."""
    return _MODEL.fullmatch(path) is not None and _VERSION.fullmatch(path) is None


def release_of(path: str) -> str | None:
    """`digits 2.1.0` for a file that belongs to a version or to a dataset's; None for any other."""
    found = _VERSION.fullmatch(path) or _DATASET.fullmatch(path)
    return f"{found['name']} {found['version']}" if found else None


def is_of_registry(path: str) -> bool:
    """Whether Registrar itself reads the file."""
    return path.startswith(("models/", "datasets/")) or is_rules(path)
