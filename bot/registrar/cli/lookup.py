"""Knows how the words of a command find models and versions in a snapshot."""

from registrar.core.selectors import ModelFacts, Selector, parse_selector, resolve
from registrar.core.spelling import did_you_mean
from registrar.errors import Unknown, UsageError
from registrar.repository.snapshot import Snapshot
from registry_schema import Artifact


def known_model(registry: Snapshot, model: str) -> str:
    """Give the name back. Raises `Unknown` with the near names when there is no such model."""
    if not model.strip():
        raise UsageError("the name of a model is empty; registrar show lists those there are")
    registry.model(model)
    return model


def version_meant(registry: Snapshot, selector: Selector | str) -> tuple[str, str]:
    """Find the model and the version. Raises `Unknown` or `UsageError`."""
    wanted = parse_selector(selector) if isinstance(selector, str) else selector
    model = known_model(registry, wanted.model)
    return model, resolve(wanted, facts_of(registry, model))


def artifact_named(registry: Snapshot, model: str, version: str, name: str) -> Artifact:
    """Find an artifact of a version. Raises `Unknown` with the names that it has."""
    artifacts = registry.version(model, version).artifacts
    if name not in artifacts:
        names = ", ".join(artifacts) or "none"
        raise Unknown(f"{model} {version} has no artifact {name}; it has {names}{did_you_mean(name, artifacts)}")
    return artifacts[name]


def facts_of(registry: Snapshot, model: str) -> ModelFacts:
    """Gather what a selector is resolved against."""
    return ModelFacts(registry.versions(model), registry.holdings(model), registry.registry())
