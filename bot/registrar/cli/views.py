"""Knows how a registry looks to a person, and to a program: as tables and as JSON of the same facts."""

from registrar.cli import terminal
from registrar.core.figures import figure
from registrar.core.standing import status_of, traffic_of
from registrar.repository.snapshot import Snapshot
from registry_schema import Model, Registry, Version

Facts = dict[str, object]


def say_models(registry: Snapshot, *, as_json: bool) -> None:
    """Show of every model who holds which status, the strictest first, not the displaced, and the newest version."""
    found = [facts for model in registry.models() for facts in _standings(registry, model)]
    if as_json:
        terminal.say_json(found)
    elif found:
        rows = [[_cell(facts, name) for name in ("model", "status", "version", "metric")] for facts in found]
        for row, facts in zip(rows, found, strict=True):
            row[2] += f" +{facts['more']} more" if facts["more"] else ""
        terminal.say_table(["MODEL", "STATUS", "VERSION", "PRIMARY METRIC"], rows)
    else:
        terminal.say("no model yet: registrar register adds the first one")


def say_versions(registry: Snapshot, model: str, *, as_json: bool) -> None:
    """Show every version of a model, the highest first."""
    found = [version_facts(registry, model, version) for version in reversed(registry.versions(model))]
    if as_json:
        terminal.say_json({"model": model, "description": registry.model(model).description, "versions": found})
        return
    terminal.say(f"{model}: {registry.model(model).description}")
    columns = ("version", "status", "metric", "created", "description")
    rows = [
        [_cell({**_standing(registry, model, str(facts["version"])), **facts}, name) for name in columns]
        for facts in found
    ]
    terminal.say_table(["VERSION", "STATUS", "PRIMARY METRIC", "CREATED", "DESCRIPTION"], rows)


def say_version(registry: Snapshot, model: str, version: str, *, as_json: bool) -> None:
    """Show everything known of one version."""
    facts = {"model": model, **version_facts(registry, model, version)}
    if as_json:
        terminal.say_json(facts)
        return
    rows = [row for name, value in facts.items() for row in _rows(name, value)]
    terminal.say_table(["", f"{model} {version}"], rows)


def version_facts(registry: Snapshot, model: str, version: str) -> Facts:
    """Gather what is known of a version, as JSON has it."""
    known = registry.version(model, version)
    holdings = registry.holdings(model)
    return {
        "version": version,
        "status": status_of(holdings, version, initial=registry.registry().initial),
        "traffic": traffic_of(holdings, version),
        "created": known.created.isoformat() if known.created else None,
        "description": known.description,
        "source": {"repository": known.source.repository, "commit": known.source.commit} if known.source else None,
        "dataset": known.dataset,
        "metrics": dict(known.metrics),
        "parameters": dict(known.parameters),
        "artifacts": {
            name: {"path": artifact.path, "hash": artifact.hash, "size": artifact.size}
            for name, artifact in known.artifacts.items()
        },
    }


def _standings(registry: Snapshot, model: str) -> list[Facts]:
    holdings = registry.holdings(model)
    held = [version for status in _shown_statuses(registry.registry()) for version in holdings.holders_of(status)]
    versions = registry.versions(model)
    newest = [version for version in versions[-1:] if holdings.status_of(version) is None]
    found = [{**_standing(registry, model, version), "more": 0} for version in dict.fromkeys((*held, *newest))]
    if newest:
        found[-1]["more"] = sum(holdings.status_of(version) is None for version in versions) - 1
    return found or [{"model": model, "status": None, "version": None, "metric": None, "more": 0}]


def _shown_statuses(rules: Registry) -> list[str]:
    displaced = {status.displaced_to for status in rules.statuses.values()}
    return [status for status in reversed(tuple(rules.statuses)) if status not in displaced]


def _standing(registry: Snapshot, model: str, version: str) -> Facts:
    return {
        "model": model,
        "status": status_of(registry.holdings(model), version, initial=registry.registry().initial),
        "version": version,
        "metric": _primary(registry.model(model), registry.version(model, version)),
    }


def _primary(described: Model, version: Version) -> Facts | None:
    name = next((name for name, metric in described.metrics.items() if metric.primary), None)
    if name is None or name not in version.metrics:
        return None
    return {"name": name, "value": version.metrics[name], "unit": described.metrics[name].unit}


def _cell(facts: Facts, name: str) -> str:
    match facts.get(name):
        case None | "":
            return "-"
        case {"name": metric, "value": value, "unit": unit}:
            return f"{metric} {figure(value)} {unit}".rstrip()
        case value:
            return str(value)


def _rows(name: str, value: object) -> list[list[str]]:
    match value:
        case None | "":
            return []
        case dict():
            return [row for inner, one in value.items() for row in _rows(f"{name}.{inner}", one)]
        case float():
            return [[name, figure(value)]]
        case _:
            return [[name, str(value)]]
