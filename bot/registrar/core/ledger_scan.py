"""Knows the text of a note as we write it so exactly that one pattern reads an entry, and proves its shape.

What is spelled in any other way is left to the reader that goes line by line. Where both read a note they agree.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from functools import cache
from json.scanner import make_scanner
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from registrar.core.ledger_text import EVENTS
from registrar.core.people import Permission
from registrar.core.pull_requests import Outcome

_EVENT = re.compile(r'\n*+---\nevent: "([a-z]++)"\n')
_BLANK = re.compile(r"\n*+")
_BEGIN_LISTS, _NEXT = " \n", "\n- "  # an empty one stands beside its key, each value of another on a line below
_DIGITS = "(?:0|[1-9][0-9]{0,17}+)"
_PLAIN = r'[^"\\\x00-\x1f]*+'
_TEXT = rf'"{_PLAIN}(?:\\["\\/bfnrt]{_PLAIN})*+"'  # an escape by number may be half a character
_DAY = (  # of a leap year the last of February is left to the slower reader
    "(?!0000)[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
_LEAVES: Mapping[Any, str] = {
    str: _TEXT,
    int: f"-?+{_DIGITS}",
    float: rf"-?+{_DIGITS}(?:\.[0-9]{{1,20}}+)?+(?:e[-+]?+[0-9]{{1,3}}+)?+",
    bool: "(?:true|false)",
    datetime: rf'"{_DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{{6}})?+Z"',
    NoneType: "null",
}
_SCAN: Callable[[str, int], tuple[Any, int]] = make_scanner(json.JSONDecoder())  # type: ignore[arg-type] # typeshed asks for another scanner


class Scanned(dict[str, Any]):
    """An event whose shape is proven; each value is read from its text when somebody asks for it, and then kept."""

    __slots__ = ("_entry",)

    def __init__(self, entry: re.Match[str]) -> None:
        self._entry = entry

    def __missing__(self, name: str) -> Any:
        """The value of a key."""
        value = self[name] = _value(self._entry[name] or "null")
        return value

    def get(self, name: str, default: Any = None, /) -> Any:
        """The value of a key; None where the event has no such key."""
        try:
            return self[name]
        except IndexError:
            return default


def scanned(text: str) -> Sequence[tuple[str, Scanned]] | None:
    """The events of a note, each with its name; None: not all of it is as we write it."""
    found = []
    place = 0
    while begun := _EVENT.match(text, place):
        name = begun[1]
        entry = _entry(name).match(text, begun.end()) if name in EVENTS else None
        if entry is None:
            return None
        found.append((name, Scanned(entry)))
        place = entry.end()
    return found if _BLANK.fullmatch(text, place) else None


def _value(text: str) -> Any:
    """Of what follows a key: a list stands on lines of its own."""
    begin = text[0]
    if begin == '"' and "\\" not in text:
        return text[1:-1]
    if begin in _BEGIN_LISTS:
        text = f"[{text[3:-1].replace(_NEXT, ', ')}]"
    return _SCAN(text, 0)[0]


@cache
def _entry(event: str) -> re.Pattern[str]:
    """Everything of an entry after its name, each value under its key."""
    kind = EVENTS[event]
    hints = get_type_hints(kind)
    keys = [_unless_default(each, _key(each.name, hints[each.name])) for each in fields(kind)]
    return re.compile("".join([f"key: {_TEXT}\n", *keys]))


def _key(name: str, kind: Any) -> str:
    if get_origin(kind) is tuple:
        each, _ = get_args(kind)
        return rf"{name}:(?P<{name}> \[\]\n|\n(?:- {_json(each)}\n)++)"
    return f"{name}: (?P<{name}>{_json(kind)})\n"


def _json(kind: Any) -> str:
    origin, kinds = get_origin(kind), get_args(kind)
    if kind in _LEAVES:
        return _LEAVES[kind]
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        each = [_unless_default(one, f', "{one.name}": {_json(hints[one.name])}') for one in fields(kind)]
        return rf"\{{{''.join(each).removeprefix(', ')}\}}"
    if origin is tuple:
        return rf"\[{', '.join(map(_json, kinds))}\]"
    return f"(?:{'|'.join(_words(kind) if origin is not UnionType else map(_json, kinds))})"


def _words(kind: Any) -> list[str]:
    """The texts that a value of the kind may be."""
    if kind is Permission:
        words = [each.name.lower() for each in Permission]
    elif kind is Outcome:
        words = [each.value for each in Outcome]
    else:
        words = [*get_args(kind)]
    return [re.escape(json.dumps(word)) for word in words]


def _unless_default(each: "Field[Any]", said: str) -> str:
    """What a field would be without being said is not said."""
    return said if each.default is MISSING else f"(?:{said})?+"
