"""What the body of a webhook must be, on any forge, before a word of it is believed."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

from registrar.errors import BadPayload

DEEPEST = 64  # the forges' own payloads nest seven deep

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # no database and no page takes these

Payload = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Ignored:
    """An authentic webhook that asks nothing of us, and why."""

    reason: str


def read_payload(body: bytes) -> Payload:
    """The JSON object in a body; raises `BadPayload` for anything that two readers could understand differently."""
    try:
        payload = json.loads(body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_not_a_number)
    except RecursionError as error:
        raise BadPayload("the body is nested too deep; nothing a forge sends is") from error
    except ValueError as error:
        raise BadPayload(
            f"the body is not JSON ({_one_line(error)}); set the webhook's content type to application/json"
        ) from error
    if not isinstance(payload, dict):
        raise BadPayload("the body is JSON, but not an object")
    for text in _texts(payload):
        if _UNSTORABLE.search(text):
            raise BadPayload("the body holds a NUL or half a surrogate pair")
    return payload


def within(payload: Payload, *path: str) -> object:
    """What stands at a path of keys; None when any of them is missing."""
    value: object = payload
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def text_at(payload: Payload, *path: str) -> str | None:
    """The text at a path of keys; None when there is none."""
    value = within(payload, *path)
    return value if isinstance(value, str) else None


def number_at(payload: Payload, *path: str) -> int | None:
    """The positive whole number at a path of keys; None when there is none."""
    value = within(payload, *path)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise BadPayload("the body holds a key twice in one object")
    return result


def _not_a_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a JSON value")


def _texts(payload: Payload) -> Iterator[str]:
    waiting: list[tuple[object, int]] = [(payload, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            raise BadPayload("the body is nested too deep; nothing a forge sends is")
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from value
            waiting.extend((item, depth + 1) for item in value.values())
        elif isinstance(value, list):
            waiting.extend((item, depth + 1) for item in value)


def _one_line(error: ValueError) -> str:
    reason = error.reason if isinstance(error, UnicodeDecodeError) else str(error)
    return " ".join(reason.split())[:120]
