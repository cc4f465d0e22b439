"""Knows what a registry says of a version in a few words, for whoever goes on with it."""

from collections.abc import Mapping

from registrar.core.deploying import WEIGHTS
from registrar.core.layout import version_folder
from registrar.repository.snapshot import Snapshot


def described(registry: Snapshot, model: str, version: str) -> Mapping[str, str]:
    """Where its weights are tracked, and what is new in it. Raises `Unknown` where there is no such version."""
    facts = registry.version(model, version)
    weights = facts.artifacts.get(WEIGHTS)
    path = f"{version_folder(model, version)}/{weights.path}" if weights is not None else ""
    return {"path": path, "description": facts.description}
