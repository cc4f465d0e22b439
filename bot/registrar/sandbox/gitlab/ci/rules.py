"""Knows what `rules:` decide: which rule is the first that holds, and what it says of a job or of a pipeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registrar.sandbox.gitlab.ci.conditions import holds
from registrar.sandbox.gitlab.ci.keywords import mapping, refuse_others, scalar, variables
from registrar.sandbox.gitlab.ci.refusals import InvalidPipeline, Unsupported
from registrar.sandbox.pipelines import Variable

WHENS = ("on_success", "on_failure", "always", "manual", "never")
_KEYS = {"if", "when", "allow_failure", "variables"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; without a condition it always holds."""

    condition: str = ""
    when: str | None = None
    allow_failure: bool | None = None
    variables: Mapping[str, Variable] = field(default_factory=dict)


def read_rules(value: object, where: str) -> tuple[Rule, ...] | None:
    """The rules under a key; None when there is no such key. Raises `InvalidPipeline`."""
    if value is None:
        return None
    if not isinstance(value, list):
        raise InvalidPipeline(f"{where} config should be an array of hashes")
    return tuple(_rule(mapping(body, f"{where}:rule"), f"{where}:rule") for body in value)


def first_that_holds(rules: Sequence[Rule], values: Mapping[str, str]) -> Rule | None:
    """The rule that decides; None: nothing of this happens."""
    return next((rule for rule in rules if not rule.condition or holds(rule.condition, values)), None)


def read_when(value: object, where: str) -> str | None:
    """When a job runs; None when that is not said. Raises `InvalidPipeline`."""
    if value == "delayed":
        raise Unsupported(where, "when: delayed")
    if value is not None and value not in WHENS:
        raise InvalidPipeline(f"{where} when should be one of: {', '.join(WHENS)}")
    return None if value is None else str(value)


def read_allow_failure(value: object, where: str) -> bool | None:
    """Whether a job may fail; None when that is not said. Raises `InvalidPipeline`."""
    if isinstance(value, dict):
        raise Unsupported(where, "allow_failure: exit_codes")
    if value is not None and not isinstance(value, bool):
        raise InvalidPipeline(f"{where} allow failure should be a boolean value")
    return value


def _rule(body: Mapping[str, Any], where: str) -> Rule:
    refuse_others(body, _KEYS, where)
    condition = "" if body.get("if") is None else scalar(body["if"], f"{where} if")
    return Rule(
        condition,
        read_when(body.get("when"), where),
        read_allow_failure(body.get("allow_failure"), where),
        variables(body.get("variables"), f"{where}:variables"),
    )
