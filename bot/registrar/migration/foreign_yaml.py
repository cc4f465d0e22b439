"""Knows how a YAML file of somebody else's program is read: for what is understood of it, and for nothing else."""

from collections.abc import Mapping

from registrar.errors import InvalidRegistry
from registry_schema import InvalidFile
from registry_schema.document import load


def keys_of(content: bytes, path: str) -> Mapping[str, object]:
    """The keys of a file; none when it has none. Raises `InvalidRegistry` when nobody can read it."""
    try:
        return mapping(load(content, path).value)
    except InvalidFile as error:
        raise InvalidRegistry(error.problems) from error


def mapping(value: object) -> Mapping[str, object]:
    """The value where it has keys, and else none."""
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """The value where it is a text, and else an empty one."""
    return value if isinstance(value, str) else ""
