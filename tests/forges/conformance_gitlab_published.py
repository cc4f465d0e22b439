"""Knows what is published about GitLab's REST API: by its clients, and of what is newer than these, by itself."""

import copy
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator, ValidationError
from openapi_schema_validator import oas30_format_checker

from forges.conformance_schemas import flattened
from forges.schemas.gitlab_go import Schema, or_null

SCHEMAS = Path(__file__).parent / "schemas"
# Every list takes them: https://docs.gitlab.com/api/rest/#pagination
_OF_EVERY_LIST: Schema = {
    "page": {"type": "integer"},
    "per_page": {"type": "integer"},
    **{name: {"type": "string"} for name in ("pagination", "order_by", "sort", "cursor")},
}
# https://docs.gitlab.com/api/rest/troubleshooting/#status-codes
_STATUSES = {"GET": 200, "POST": 201, "PUT": 200, "PATCH": 200, "DELETE": 204}


@dataclass(frozen=True, slots=True)
class Route:
    """One request that GitLab answers."""

    name: str  # GET projects/{}/merge_requests/{}
    takes: Schema  # parameters of the query and of the body alike
    answers: Schema | None  # what it may hold; None when it is not JSON
    holds: Schema  # what is always in it
    statuses: tuple[int, ...]  # when all is well
    is_paged: bool


@cache
def published() -> Any:
    """Every shape, route and webhook, with what is newer put in."""
    document = json.loads((SCHEMAS / "gitlab-api.json").read_bytes())
    document["newer"] = newer = yaml.safe_load((SCHEMAS / "gitlab-newer.yaml").read_text())
    shapes = document["shapes"]
    for name, change in newer["shapes"].items():
        shape = shapes.setdefault(name, {"type": "object", "properties": {}})
        for key, word in change.get("keys", {}).items():
            _fields(shapes, shape, key)[_last(key)] = type_of(word)
        for key in change.get("may_be_null", ()):
            _fields(shapes, shape, key)[_last(key)] = or_null(_fields(shapes, shape, key)[_last(key)])
    document["routes"] |= {name: _newly(described) for name, described in newer["routes"].items()}
    return document


def type_of(word: str) -> Schema:
    """`string`, `date-time`, `[Note]`, `integer|string`, `Note or null`."""
    if word.endswith(" or null"):
        return or_null(type_of(word.removesuffix(" or null")))
    if word.startswith("["):
        return {"type": "array", "items": type_of(word[1:-1])}
    if "|" in word:
        return {"anyOf": [type_of(each) for each in word.split("|")]}
    if word in {"date-time", "date"}:
        return {"type": "string", "format": word}
    if word == "any":
        return {}
    return {"$ref": f"#/shapes/{word}"} if word[0].isupper() else {"type": word}


def route_of(method: str, path: str) -> Route | None:
    """What answers a request; None when nothing that is published does. The path is as it was sent, encoded."""
    for pattern, name in _patterns():
        if name.startswith(f"{method} ") and pattern.fullmatch(path.strip("/")):
            return _route(name)
    return None


def departures(schema: Schema, value: object) -> Iterator[ValidationError]:
    """Where a value breaks a schema that refers to shapes."""
    return flattened(_validator(json.dumps(schema, sort_keys=True)).iter_errors(value))


@cache
def _validator(schema: str) -> Draft7Validator:
    """References stand beside other words here: Draft 7 would pass these over."""
    whole = {"allOf": [json.loads(schema)], "shapes": published()["shapes"]}
    return Draft7Validator(whole, format_checker=oas30_format_checker)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Every request as a pattern of its path, the most literal first."""
    ordered = sorted(published()["routes"], key=lambda name: (name.count("{"), name))
    return tuple((re.compile(re.escape(name.split()[1]).replace(r"\{\}", "[^/]+")), name) for name in ordered)


@cache
def _route(name: str) -> Route:
    described, newer = published()["routes"][name], published()["newer"]
    is_list = _is_list(described["answers"])
    return Route(
        name,
        takes=_taken(name, described["takes"], is_list=is_list),
        answers=described["answers"],
        holds=_held(name),
        statuses=tuple(newer["statuses"].get(name, {}).get("statuses") or [_STATUSES[name.split(maxsplit=1)[0]]]),
        is_paged=is_list and name not in newer["whole"],
    )


def _newly(described: Mapping[str, Any]) -> Schema:
    takes = {key: type_of(word) for key, word in described.get("takes", {}).items()}
    answers = type_of(described["answers"]) if "answers" in described else None
    return {"takes": {"type": "object", "properties": takes}, "answers": answers, "holds": {}}


def _taken(name: str, takes: Schema | None, *, is_list: bool) -> Schema:
    """Every parameter: the client's, newer ones, and those that lists have in common."""
    newer = published()["newer"]["parameters"].get(name, {}).get("keys", {})
    own = {key: type_of(word) for key, word in newer.items()}
    common = _OF_EVERY_LIST if is_list else {}
    return {"allOf": [*([takes] if takes else []), {"type": "object", "properties": common | own}]}


def _held(name: str) -> Schema:
    """What an answer always holds: as recorded, as in an answer that is alike, as documented; less what is no more."""
    newer = published()["newer"]["holds"].get(name, {})
    parts = [published()["routes"][name]["holds"], {"required": newer.get("keys", [])}]
    if "like" in newer:
        parts.append(_held(newer["like"]))
    return without({"allOf": parts}, newer.get("but_not", {}))


def without(holds: Schema, places: Iterable[str]) -> Schema:
    """The same, but these keys, `author.email`, may be absent, in a thing or in each thing of a list."""
    kept = copy.deepcopy(holds)
    for place in places:
        _forget(kept, place.split("."))
    return kept


def _forget(schema: Schema, place: Sequence[str]) -> None:
    """Let a key be absent, in a thing or in each thing of a list."""
    for part in (*schema.get("allOf", ()), *([schema["items"]] if "items" in schema else ())):
        _forget(part, place)
    step, *rest = place
    if rest:
        _forget(schema.get("properties", {}).get(step, {}), rest)
    elif step in schema.get("required", ()):
        schema["required"] = [each for each in schema["required"] if each != step]


def _is_list(answers: Schema | None) -> bool:
    return answers is not None and "array" in answers.get("type", ())


def _fields(shapes: Schema, shape: Schema, key: str) -> Schema:
    """The fields among which a key stands, `author.bot`."""
    for step in key.split(".")[:-1]:
        shape = _thing(shapes, shape)["properties"][step]
    fields: Schema = _thing(shapes, shape)["properties"]
    return fields


def _thing(shapes: Schema, shape: Schema) -> Schema:
    """Of a list its items, of a choice the thing, of a thing in parts its own part."""
    while "properties" not in shape:
        if "$ref" in shape:
            shape = shapes[shape["$ref"].removeprefix("#/shapes/")]
        elif "items" in shape:
            shape = shape["items"]
        else:
            shape = (shape.get("anyOf") or shape["allOf"][::-1])[0]
    return shape


def _last(key: str) -> str:
    return key.rsplit(".", 1)[-1]
