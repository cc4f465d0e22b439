"""What the body of a webhook must be, on any forge, before a word of it is believed."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

from registrar.core.events import BranchPushed
from registrar.errors import BadPayload

DEEPEST = 64  # the forges' own payloads nest seven deep
COMMAND = "/registrar"  # a comment without it, in whatever case, holds no command

_LARGEST = 2**63 - 1  # no forge has a number that its own database could not hold
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_NO_COMMIT = re.compile(r"0+")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # no database and no page takes these
_ESCAPED = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")  # the only way that they, or half of them, can stand in JSON

_HOLD_OTHERS = frozenset({dict, list})  # what JSON becomes; asked for by identity, as there are many

Payload = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Ignored:
    """An authentic webhook that asks nothing of us, and why."""

    reason: str
    is_odd: bool = False  # no forge documents it: somebody should know


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
    if body.count(b"{") + body.count(b"[") > DEEPEST:  # else nothing can be nested deeper
        _refuse_depth(payload)
    if _ESCAPED.search(body) and any(_UNSTORABLE.search(text) for text in _texts(payload)):
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
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST else None


def header_values(headers: Mapping[str, str], name: str) -> list[str]:
    """Every value of a header, whatever the case of its name; more than one is somebody's forgery."""
    return [value for key, value in headers.items() if key.lower() == name]


def holds_command(comment: str) -> bool:
    """Whether a comment may be meant for us."""
    return COMMAND in comment.casefold()


def branch_pushed(payload: Payload, repository: str | None) -> BranchPushed | Ignored:
    """What a push means: both forges tell it with the same words."""
    ref = text_at(payload, "ref") or ""
    before, after = text_at(payload, "before") or "", text_at(payload, "after") or ""
    branch = ref.removeprefix("refs/heads/")
    if branch in {"", ref}:
        return Ignored("the push moved no branch")
    if within(payload, "deleted") is True or _NO_COMMIT.fullmatch(after):
        return Ignored("the push deleted the branch")
    if repository is None or not _SHA.fullmatch(before) or not _SHA.fullmatch(after):
        return Ignored("the payload names no commits")
    return BranchPushed(repository, branch, before=before, after=after)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise BadPayload("the body holds a key twice in one object")
    return result


def _not_a_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a JSON value")


def _refuse_depth(payload: Payload) -> None:
    depth = 0
    level: list[object] = [payload]
    while level:
        depth += 1
        if depth > DEEPEST:
            raise BadPayload("the body is nested too deep; nothing a forge sends is")
        level = [item for each in level for item in _items(each) if type(item) in _HOLD_OTHERS]


def _texts(payload: Payload) -> Iterator[str]:
    waiting: list[object] = [payload]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            waiting.extend(value if isinstance(value, dict) else ())
            waiting.extend(_items(value))


def _items(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _one_line(error: ValueError) -> str:
    reason = error.reason if isinstance(error, UnicodeDecodeError) else str(error)
    return " ".join(reason.split())[:120]
