"""Knows how the words of a command find models and versions in a snapshot."""

from registrar.core.selectors import ModelFacts, Selector, parse_selector, resolve
from registrar.repository.snapshot import Snapshot


def known_model(registry: Snapshot, model: str) -> str:
    """Give the name back. Raises `Unknown` with the near names when there is no such model."""
    registry.model(model)
    return model


def version_meant(registry: Snapshot, selector: Selector | str) -> tuple[str, str]:
    """Find the model and the version. Raises `Unknown` or `UsageError`."""
    wanted = parse_selector(selector) if isinstance(selector, str) else selector
    model = known_model(registry, wanted.model)
    return model, resolve(wanted, facts_of(registry, model))


def facts_of(registry: Snapshot, model: str) -> ModelFacts:
    """Gather what a selector is resolved against."""
    return ModelFacts(registry.versions(model), registry.holdings(model), registry.registry())
