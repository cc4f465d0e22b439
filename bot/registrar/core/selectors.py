"""Knows how a person names a version: by number, as the latest, or by the status it holds."""

import re
from dataclasses import dataclass

from registrar.core.spelling import did_you_mean
from registrar.core.standing import holders_of
from registrar.core.versions import latest
from registrar.core.wording import every
from registrar.errors import Unknown, UsageError
from registry_schema import Holdings, Registry
from registry_schema.names import is_model_name

LATEST = "latest"
_REPEATED = 100  # characters of a mistake that are given back to who made it
_SHAPE = re.compile(r"(?P<model>[^@#\s]+)[@#](?P<wanted>[^@#\s]+)")


@dataclass(frozen=True, slots=True)
class Selector:
    """A model, and which of its versions is wanted: `2.1.0`, `latest` or the name of a status."""

    model: str
    wanted: str

    def __str__(self) -> str:
        return f"{self.model}@{self.wanted}"


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a selector is resolved against."""

    versions: tuple[str, ...]  # ascending
    holdings: Holdings
    registry: Registry


def parse_selector(text: str) -> Selector:
    """Read `digits@2.1.0`, `digits@latest`, `digits@Production` or `digits#production`. Raises `UsageError`."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        model = text if is_model_name(text) else "digits"
        raise UsageError(
            f"{text[:_REPEATED]!r} does not say which version of which model; "
            f"write {model}@2.1.0, {model}@latest or {model}@Production"
        )
    if not is_model_name(found["model"]):
        raise UsageError(
            f"{found['model'][:_REPEATED]!r} cannot be the name of a model; "
            "a name is made of small letters, digits, '.', '_', '-' and '/'"
        )
    return Selector(found["model"], found["wanted"])


def resolve(selector: Selector, facts: ModelFacts) -> str:
    """The one version meant. Raises `Unknown` when there is none, `UsageError` when there are several."""
    if selector.wanted in facts.versions:
        return selector.wanted
    if selector.wanted.casefold() == LATEST:
        return _latest(selector, facts)
    status = _matching(facts.registry, selector.wanted)
    if status is None:
        known = (*facts.versions, *facts.registry.statuses, LATEST)
        raise Unknown(
            f"{selector.model} has no version or status {selector.wanted[:_REPEATED]}"
            + did_you_mean(selector.wanted.removeprefix("v"), known)
        )
    return _only_holder(selector, facts, status)


def status_named(registry: Registry, wanted: str) -> str:
    """The status of that name, whatever its case. Raises `Unknown` with the near names."""
    status = _matching(registry, wanted)
    if status is None:
        raise Unknown(
            f"registry.yaml has no status {wanted[:_REPEATED]}; it has {', '.join(registry.statuses)}"
            + did_you_mean(wanted, registry.statuses)
        )
    return status


def _latest(selector: Selector, facts: ModelFacts) -> str:
    version = latest(facts.versions)
    if version is None:
        raise Unknown(f"{selector.model} has no version yet; register one first")
    return version


def _only_holder(selector: Selector, facts: ModelFacts, status: str) -> str:
    holders = holders_of(facts.holdings, status, versions=facts.versions, initial=facts.registry.initial)
    match holders:
        case ():
            raise Unknown(f"no version of {selector.model} holds {status}; name a version instead")
        case (version,):
            return version
        case _:
            raise UsageError(
                f"{status} is held by {len(holders)} versions of {selector.model}: {every(holders)}; "
                f"name one, such as {selector.model}@{holders[-1]}"
            )


def _matching(registry: Registry, wanted: str) -> str | None:
    if wanted in registry.statuses:
        return wanted
    return next((status for status in registry.statuses if status.casefold() == wanted.casefold()), None)
