"""Knows how values of `.gitlab-ci.yml` are read: texts, lists, durations, variables, and keys that nobody knows."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from registrar.sandbox.gitlab.ci.refusals import InvalidPipeline, Unsupported
from registrar.sandbox.pipelines import Variable

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VARIABLE_KEYS = {"value", "description", "options", "expand"}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)")
_SECONDS = {"s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "mins": 60, "minute": 60, "h": 3600, "hour": 3600}
_DEEPEST = 10  # GitLab's own limit for lists in a script


def mapping(value: object, where: str) -> Mapping[str, Any]:
    """Keys and values; nothing is none. Raises `InvalidPipeline`."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidPipeline(f"{where} config should be a hash")
    return value


def refuse_unknown(body: Mapping[str, Any], known: Collection[str], where: str) -> None:
    """Raises `InvalidPipeline` when there are keys that GitLab does not know."""
    unknown = [str(key) for key in body if key not in known]
    if unknown:
        raise InvalidPipeline(f"{where} config contains unknown keys: {', '.join(unknown)}")


def refuse_others(body: Mapping[str, Any], supported: Collection[str], where: str) -> None:
    """Raises `Unsupported` when there are keys that the sandbox does not act on."""
    others = sorted(str(key) for key in body if key not in supported)
    if others:
        raise Unsupported(where, ", ".join(others))


def scalar(value: object, where: str) -> str:
    """A text, a number or a truth, as text. Raises `InvalidPipeline`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise InvalidPipeline(f"{where} should be a string")
    return str(value)


def texts(value: object, where: str) -> tuple[str, ...]:
    """A text, or a list of texts; nothing is none. Raises `InvalidPipeline`."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(_flat(value, where, 0))


def _flat(value: object, where: str, depth: int) -> list[str]:
    """Lists in a script may hold lists, so that parts of it can be shared by YAML's own means."""
    if not isinstance(value, list) or depth > _DEEPEST:
        raise InvalidPipeline(f"{where} config should be a string or a nested array of strings up to 10 levels deep")
    flat: list[str] = []
    for each in value:
        flat += [each] if isinstance(each, str) else _flat(each, where, depth + 1)
    return flat


def variables(value: object, where: str) -> dict[str, Variable]:
    """What is under `variables:`. Raises `InvalidPipeline`."""
    return {str(key): _variable(str(key), body, where) for key, body in mapping(value, where).items()}


def _variable(key: str, value: object, where: str) -> Variable:
    if not _NAME.fullmatch(key):
        raise InvalidPipeline(f"{where} config should be a hash of key value pairs: {key!r} is no name")
    if not isinstance(value, dict):
        return Variable(key, scalar(value, f"{where}:{key} config"))
    refuse_unknown(value, _VARIABLE_KEYS, f"{where}:{key}")
    return Variable(key, scalar(value.get("value", ""), f"{where}:{key}:value"), raw=value.get("expand") is False)


def duration(value: object, where: str) -> float | None:
    """Seconds, of `1h 30m` or `90 minutes`; None of nothing. Raises `InvalidPipeline`."""
    if value is None:
        return None
    parts = _DURATION.findall(str(value).lower())
    units = [(float(number), unit if unit in _SECONDS else unit.removesuffix("s")) for number, unit in parts]
    if not parts or any(unit not in _SECONDS for _, unit in units):
        raise InvalidPipeline(f"{where} config should be a duration")
    return sum(number * _SECONDS[unit] for number, unit in units)
