r"""Knows the text of the ledger: YAML in which each value is JSON on a line of its own.

So a person reads it, every reader of YAML loads it, and ours needs nothing but JSON. A note holds one document an
entry, each begun by a line `---`.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from json.scanner import make_scanner
from typing import Any, NoReturn, cast

from registrar.core.ledger import Deployed, Entry, Merged, Pushed, Rejected
from registrar.core.ledger_values import NotOfTheLedger, made, plain
from registrar.errors import InvalidRegistry
from registry_schema import InvalidFile, Problem

EVENTS: Mapping[str, type[Merged | Deployed | Pushed | Rejected]] = {
    "merged": Merged,
    "deployed": Deployed,
    "pushed": Pushed,
    "rejected": Rejected,
}
LEDGER = "ledger"  # what a note is called in a complaint, unless its reader knows better

_NAMES = {kind: event for event, kind in EVENTS.items()}
_BEGIN = "---"
_KEY = re.compile(r"([a-z_]+):(?: (.+))?")
_KEY_OF_AN_ENTRY = re.compile(r"^key: (\".*\")$", re.MULTILINE)
# What YAML takes for a line break or for no character at all, and what makes a terminal show another text.
_UNSAFE = re.compile("[\x7f-\xa0\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]")
_NO_CHARACTER = re.compile("[\ud800-\udfff]")
_EXPONENT = re.compile(r"^(-?[0-9]+)(e.*)$")


def written(entries: Iterable[Entry]) -> str:
    """The canonical text of entries; texts of several follow upon each other as they are."""
    return "".join(_document(entry) for entry in entries)


def keys_in(text: str) -> frozenset[str]:
    """The keys of the entries that a note holds, whatever else it holds."""
    return frozenset(str(json.loads(found)) for found in _KEY_OF_AN_ENTRY.findall(text) if _is_json(found))


def documents(text: str, *, where: str = LEDGER) -> Iterator[Mapping[str, Any]]:
    """Every document of a note as it stands there, unread. Raises `InvalidRegistry` where it is no ledger's text."""
    return (part.values(where) for part in _parts(text))


def read(text: str, *, where: str = LEDGER) -> tuple[Entry, ...]:
    """The entries of a note, in its order. Raises `InvalidRegistry` with the line where it is no ledger's text."""
    return tuple(_entry(part, where) for part in _parts(text))


@dataclass(frozen=True, slots=True)
class _Part:
    """One document: the line that begins it (0: none does), and the lines after that."""

    line: int
    lines: Sequence[str]

    def values(self, where: str) -> Mapping[str, Any]:
        """Line by line as we write it; what anybody else wrote is read as YAML."""
        try:
            return _canonical(self.lines)
        except (ValueError, RecursionError):
            return self._as_yaml(where)

    def _as_yaml(self, where: str) -> Mapping[str, Any]:
        from registry_schema.document import load

        above = "\n" * self.line
        try:
            found = load((above + "\n".join(self.lines)).encode("utf-8", "surrogatepass"), where)
        except InvalidFile as error:
            raise InvalidRegistry(error.problems) from error
        if found.problems:
            raise InvalidRegistry(found.problems)
        if not isinstance(found.value, dict):
            _refuse(where, self.line, "this is no entry of the ledger")
        return found.value


def _parts(text: str) -> Iterator[_Part]:
    lines = text.split("\n")
    begins = [number for number, line in enumerate(lines) if line == _BEGIN]
    if any(line.strip() for line in lines[: begins[0] if begins else None]):
        begins.insert(0, -1)  # what stands before the first document is one without its mark
    for begin, end in pairwise([*begins, len(lines)]):
        yield _Part(begin + 1, lines[begin + 1 : end])


def _document(entry: Entry) -> str:
    values = cast("Mapping[str, object]", plain(entry))
    said = {"event": _NAMES[type(entry)], "key": entry.key, **values}
    return "".join(f"{line}\n" for line in (_BEGIN, *(each for item in said.items() for each in _lines(*item))))


def _lines(key: str, value: object) -> Iterator[str]:
    if not isinstance(value, list) or not value:
        yield f"{key}: {_json(value)}"
        return
    yield f"{key}:"
    yield from (f"- {_json(each)}" for each in value)


def _json(value: object) -> str:
    """JSON that is YAML too, for every reader of it."""
    match value:
        case Mapping():
            return "{" + ", ".join(f"{_json(key)}: {_json(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_json, value)) + "]"
        case str():
            text = json.dumps(_NO_CHARACTER.sub("\ufffd", value), ensure_ascii=False)
            return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
        case float():  # YAML takes 1e-05 for a text
            return _EXPONENT.sub(r"\1.0\2", json.dumps(value, allow_nan=False))
    return json.dumps(value)


def _canonical(lines: Sequence[str]) -> Mapping[str, Any]:
    """Raises `ValueError` where a line is not as we write it."""
    values: dict[str, Any] = {}
    listed = ""
    for line in lines:
        if listed and line.startswith("- "):
            values[listed] = values[listed] or []
            values[listed].append(_value(line[2:]))
        elif found := _KEY.fullmatch(line):
            key, text = found.groups()
            if key in values:
                raise ValueError(key)
            values[key] = _value(text) if text else None
            listed = "" if text else key
        elif line:
            raise ValueError(line)
    if not values:
        raise ValueError(lines)
    return values


def _value(text: str) -> Any:
    """The JSON that is all of a text; of millions of lines, so without what `decode` does around it."""
    try:
        value, end = _SCAN(text, 0)
    except StopIteration as error:
        raise ValueError(text) from error
    if end != len(text):
        raise ValueError(text)
    return value


def _entry(part: _Part, where: str) -> Entry:
    values = part.values(where)
    event = values.get("event")
    if not isinstance(event, str) or event not in EVENTS:
        _refuse(where, part.line, f"no entry of the ledger is called {event!r}" if event else "no event is named here")
    try:
        found: Entry = made(EVENTS[event], values, where="")
    except NotOfTheLedger as error:
        _refuse(where, part.line, str(error))
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _is_json(text: str) -> bool:
    try:
        _DECODER.decode(text)
    except ValueError:
        return False
    return True


def _refuse(where: str, line: int, message: str) -> NoReturn:
    mend = "only the bot writes the ledger; see who else did with git log refs/notes/registrar"
    raise InvalidRegistry([Problem(where, max(line, 1), message, mend)])


_DECODER = json.JSONDecoder(parse_constant=_no_number)
_SCAN: Callable[[str, int], tuple[Any, int]] = make_scanner(_DECODER)  # type: ignore[arg-type] # typeshed asks for another scanner
