"""Knows how an event of the ledger is made of plain values, as JSON has them, and is made from them again."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from registrar.core.people import Permission
from registrar.core.pull_requests import Outcome


class NotOfTheLedger(ValueError):
    """A value that no event of the ledger has; the message says where in it, and what belongs there."""


def plain(value: object) -> object:
    """The value as JSON has it. What a field would be without being said is left out."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case Permission():
            return value.name.lower()
        case StrEnum():
            return value.value
        case tuple():
            return [plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        said = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: plain(found) for field, found in said if found != field.default}
    return value


def made(kind: Any, value: object, *, where: str) -> Any:
    """A value of the kind, from what `plain` made of it. Raises `NotOfTheLedger`."""
    origin = get_origin(kind)
    if kind in _SIMPLE:
        return _SIMPLE[kind](value, where)
    if is_dataclass(kind):
        return _event(kind, value, where)
    if origin is tuple:
        return _several(get_args(kind), value, where)
    if origin is Literal:
        return _one_of(get_args(kind), value, where)
    return None if value is None else made(_without_none(kind), value, where=where)


def _event(kind: Any, value: object, where: str) -> Any:
    """Keys that the kind does not have are those of a later Registrar, and are passed over."""
    if not isinstance(value, Mapping):
        raise _wrong(where, "keys with values")
    hints = _hints(kind)
    return kind(**{field.name: _said(field, hints[field.name], value, where) for field in fields(kind)})


def _said(field: "Field[Any]", kind: Any, value: Mapping[str, object], where: str) -> Any:
    place = f"{where}.{field.name}" if where else field.name
    if field.name in value:
        return made(kind, value[field.name], where=place)
    if field.default is MISSING:
        raise NotOfTheLedger(f"{place} is missing")
    return field.default


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    return MappingProxyType(get_type_hints(kind))


def _several(kinds: tuple[Any, ...], value: object, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _wrong(where, "a list")
    if kinds[-1] is Ellipsis:
        return tuple(made(kinds[0], each, where=f"{where}[{number}]") for number, each in enumerate(value))
    if len(kinds) != len(value):
        raise _wrong(where, f"a list of {len(kinds)}")
    pairs = enumerate(zip(kinds, value, strict=True))
    return tuple(made(kind, each, where=f"{where}[{number}]") for number, (kind, each) in pairs)


def _one_of(words: tuple[Any, ...], value: object, where: str) -> object:
    if value not in words:
        raise _wrong(where, " or ".join(words))
    return value


def _without_none(kind: Any) -> Any:
    (other,) = (each for each in get_args(kind) if each is not NoneType)
    return other


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise _wrong(where, "a text")
    return value


def _whole(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(where, "a whole number")
    return value


def _number(value: object, where: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _wrong(where, "a number")
    return float(value)


def _truth(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(where, "true or false")
    return value


def _moment(value: object, where: str) -> datetime:
    try:
        found = datetime.fromisoformat(_text(value, where))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise _wrong(where, "a moment such as 2026-03-01T12:00:00Z")
    return found


def _permission(value: object, where: str) -> Permission:
    levels = {level.name.lower(): level for level in Permission}
    return levels[str(_one_of(tuple(levels), value, where))]


def _outcome(value: object, where: str) -> Outcome:
    return Outcome(str(_one_of(tuple(each.value for each in Outcome), value, where)))


def _wrong(where: str, expected: str) -> NotOfTheLedger:
    return NotOfTheLedger(f"{where or 'an entry'} must be {expected}")


_SIMPLE: Mapping[Any, Callable[[object, str], Any]] = {
    str: _text,
    int: _whole,
    float: _number,
    bool: _truth,
    datetime: _moment,
    Permission: _permission,
    Outcome: _outcome,
}
