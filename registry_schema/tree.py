"""How the events of a YAML parser become plain values with their lines, and where reading them stops."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn

import yaml

from registry_schema.problems import PROBLEM_LIMIT, InvalidFile, Problem
from registry_schema.scalars import Misread, Scalar, read_plain
from registry_schema.syntax import syntax_error
from registry_schema.wording import shown

DEPTH_LIMIT = 50
NODE_LIMIT = 100_000

KeyPath = tuple[str | int, ...]

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Place:
    """One value of a file: its line, and how it is spelled if it is a scalar."""

    line: int
    value: object
    spelled: str


class _Spot(NamedTuple):
    """Where the next value belongs; ignored below a key that stands there twice."""

    keys: KeyPath
    line: int
    ignored: bool


@dataclass(slots=True)
class _Collection:
    """A mapping or list that is being read; an ignored one is looked through but not kept."""

    keys: KeyPath
    values: dict[str, object] | list[object]
    ignored: bool
    key: str | None = None
    key_line: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    length: int = 0

    @property
    def awaits_key(self) -> bool:
        return isinstance(self.values, dict) and self.key is None

    def put(self, key: str | int, value: object) -> None:
        if isinstance(self.values, dict):
            self.values[str(key)] = value
        else:
            self.values.append(value)


class Tree:
    """Values built from events one by one, so that no limit is passed before it is noticed."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.places: dict[KeyPath, Place] = {}
        self.problems: list[Problem] = []
        self.misread: set[KeyPath] = set()
        self._open: list[_Collection] = []
        self._nodes = 0

    def grow(self, text: str) -> None:
        """Take in a whole file; InvalidFile where nothing after it could be understood."""
        if found := _UNPRINTABLE.search(text):
            self._stop(text.count("\n", 0, found.start()) + 1, *_unprintable(found.group()))
        try:
            for event in yaml.parse(text, Loader=yaml.CSafeLoader):
                self._take(event)
        except yaml.YAMLError as error:
            self._stop(*syntax_error(error, text))

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.NodeEvent):
            self._take_node(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and self.places:
            self._stop(_line(event), "a second document begins here", "keep one document in the file")

    def _take_node(self, event: yaml.NodeEvent) -> None:
        self._nodes += 1
        if self._nodes > NODE_LIMIT:
            self._stop(_line(event), f"there are more than {NODE_LIMIT} values", "keep large content in DVC")
        self._refuse_references(event)
        parent = self._open[-1] if self._open else None
        if parent and parent.awaits_key:
            self._take_key(parent, event)
        elif parent:
            self._take_value(event, self._next_spot(parent, event), parent)
        else:
            self._take_value(event, _Spot((), _line(event), ignored=False), None)

    def _refuse_references(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._complain(
                _line(event), f"the alias *{shown(str(event.anchor))} is not accepted", "write the value out"
            )
        elif event.anchor is not None:
            self._complain(_line(event), f"the anchor &{shown(str(event.anchor))} is not accepted", "take it off")
        if tag := getattr(event, "tag", None):  # an alias has no such attribute
            name = shown(tag.replace("tag:yaml.org,2002:", "!!"))
            self._complain(_line(event), f"the tag {name} is not accepted", "take it off, and quote text")

    def _take_key(self, parent: _Collection, event: yaml.NodeEvent) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            self._stop(_line(event), "a key must be text", "write the key as one word, or in quotes")
        parent.key, parent.key_line = event.value, _line(event)
        if not isinstance(self._scalar(event), str | Misread):
            spelled = shown(event.value)
            self._complain(_line(event), f"the key {spelled or 'here'} is not text", f'put it in quotes: "{spelled}"')

    def _next_spot(self, parent: _Collection, event: yaml.NodeEvent) -> _Spot:
        key, parent.key = parent.key, None
        if key is None:
            parent.length += 1
            return _Spot((*parent.keys, parent.length - 1), _line(event), parent.ignored)
        first = parent.lines.get(key)
        if first is None:
            parent.lines[key] = parent.key_line
        else:
            message = f"the key {shown(key)} stands here again; line {first} has it already"
            self._complain(parent.key_line, message, "keep one of the two")
        return _Spot((*parent.keys, key), parent.key_line, parent.ignored or first is not None)

    def _take_value(self, event: yaml.NodeEvent, spot: _Spot, parent: _Collection | None) -> None:
        value = self._value(event, spot)
        if spot.ignored:
            return
        if isinstance(value, Misread):
            self.misread.add(spot.keys)
            value = None
        self.places[spot.keys] = Place(spot.line, value, getattr(event, "value", ""))
        if parent:
            parent.put(spot.keys[-1], value)

    def _value(self, event: yaml.NodeEvent, spot: _Spot) -> object:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.AliasEvent):
            return Misread("", "")
        if len(self._open) >= DEPTH_LIMIT:
            self._stop(_line(event), f"this is nested more than {DEPTH_LIMIT} levels deep", "nest it less")
        opened = _Collection(spot.keys, {} if isinstance(event, yaml.MappingStartEvent) else [], spot.ignored)
        self._open.append(opened)
        return opened.values

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar | Misread:
        if found := _UNPRINTABLE.search(event.value):
            self._complain(_line(event), *_unprintable(found.group()))
        value = read_plain(event.value) if event.implicit[0] else event.value
        if isinstance(value, Misread):
            self._complain(_line(event), value.message, value.mend)
        return value

    def _complain(self, line: int, message: str, mend: str) -> None:
        self.problems.append(Problem(self.path, line, message, mend))
        if len(self.problems) > PROBLEM_LIMIT:
            raise InvalidFile(self.problems)

    def _stop(self, line: int, message: str, mend: str) -> NoReturn:
        raise InvalidFile([*self.problems, Problem(self.path, line, message, mend)])


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _unprintable(character: str) -> tuple[str, str]:
    return f"there is a control character here (U+{ord(character):04X})", "delete it"
