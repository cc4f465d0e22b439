"""Knows which deploys a change of status starts."""

from collections.abc import Iterable
from dataclasses import dataclass

from registrar.core.lifecycle import Transition
from registry_schema import Deploy, Registry
from registry_schema.names import matches

WEIGHTS = "weights"  # the artifact that a deploy takes
NOT_STARTED = "could not be started: "  # and why: nothing ever ran, so a person may ask for it anew


@dataclass(frozen=True, slots=True)
class PlannedDeploy:
    """One pipeline to start for one version that enters a status."""

    transition: Transition
    rule: Deploy


def planned_deploys(registry: Registry, transitions: Iterable[Transition]) -> tuple[PlannedDeploy, ...]:
    """Every deploy that the transitions start once merged; a version that keeps its status starts none."""
    return tuple(
        PlannedDeploy(transition, rule)
        for transition in transitions
        if not transition.keeps_status
        for rule in registry.deploys
        if rule.status == transition.after and any(matches(glob, transition.model) for glob in rule.models)
    )
