"""Knows what `$NAME` and `${NAME}` mean where GitLab fills them in: in names, in variables, in other variables."""

import re
from collections.abc import Mapping

from registrar.sandbox.gitlab.ci.refusals import InvalidPipeline
from registrar.sandbox.pipelines import Variable

_REFERENCE = re.compile(r"\$\$|\$(?P<name>[A-Za-z_][A-Za-z0-9_]*)|\$\{(?P<braced>[A-Za-z_][A-Za-z0-9_]*)\}")


def expand(text: str, values: Mapping[str, str]) -> str:
    """The text with every variable in its place; one that nobody set is nothing, and `$$` is a dollar sign."""
    return _REFERENCE.sub(
        lambda found: "$" if found[0] == "$$" else values.get(found["name"] or found["braced"], ""), text
    )


def names_in(text: str) -> frozenset[str]:
    """Every variable that a text speaks of."""
    return frozenset(found["name"] or found["braced"] for found in _REFERENCE.finditer(text) if found[0] != "$$")


def expand_all(variables: Mapping[str, Variable]) -> dict[str, str]:
    """The value of each variable, those in it filled in first. Raises `InvalidPipeline` when they go in a circle."""
    values: dict[str, str] = {}
    for key in variables:
        _settle(key, variables, values, ())
    return values


def _settle(key: str, variables: Mapping[str, Variable], values: dict[str, str], above: tuple[str, ...]) -> None:
    if key in values or key not in variables:
        return
    if key in above:
        raise InvalidPipeline(f"circular variable reference detected: {sorted(above)}")
    variable = variables[key]
    if variable.raw:
        values[key] = variable.value
        return
    for name in sorted(names_in(variable.value)):
        _settle(name, variables, values, (*above, key))
    values[key] = expand(variable.value, values)
