"""Reads JSON Schemas closer than their validator: which keys no schema names, and what a choice really misses."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jsonschema import ValidationError


def unknown_keys(document: Mapping[str, Any], schema: Mapping[str, Any], value: object, at: str = "$") -> Iterator[str]:
    """Where the value has keys that no alternative of the schema names. A schema that names none leaves them free."""
    choices = list(alternatives(document, schema))
    if isinstance(value, list):
        items = [each["items"] for each in choices if "items" in each]
        for index, item in enumerate(value):
            yield from unknown_keys(document, {"anyOf": items}, item, f"{at}[{index}]")
    if not isinstance(value, dict):
        return
    named = [each for each in choices if "properties" in each]
    free = any("additionalProperties" in each and each["additionalProperties"] is not False for each in choices)
    for key, item in value.items():
        found = [each["properties"][key] for each in named if key in each["properties"]]
        if found:
            yield from unknown_keys(document, {"anyOf": found}, item, f"{at}.{key}")
        elif named and not free:
            yield f"{at}.{key}"


def alternatives(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A schema, and all those that it is made of or leaves the choice of."""
    if "$ref" in schema:
        yield from alternatives(document, pointed_at(document, schema["$ref"]))
        return
    yield schema
    for word in ("allOf", "anyOf", "oneOf"):
        for each in schema.get(word, ()):
            yield from alternatives(document, each)


def pointed_at(document: Mapping[str, Any], reference: str) -> Any:
    """What a reference inside a document points at."""
    node: Any = document
    for part in reference.removeprefix("#/").split("/"):
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return node


def flattened(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """Of a choice that nothing fits, what its nearest alternative misses: the whole says too little."""
    for error in errors:
        if error.context:
            alternatives: dict[str | int, list[ValidationError]] = {}
            for cause in error.context:
                alternatives.setdefault(cause.relative_schema_path[0], []).append(cause)
            nearest: list[ValidationError] = min(alternatives.values(), key=_distance)
            yield from flattened(nearest)
        else:
            yield error


def _distance(errors: list[ValidationError]) -> tuple[bool, int]:
    """An alternative of quite another type is the farthest."""
    return any(error.validator == "type" and not error.relative_path for error in errors), len(errors)
