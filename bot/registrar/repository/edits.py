"""Knows how to change who holds which status in the text of a status.yaml, and leave every other line as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from registrar.core.status_edits import StatusEdit
from registrar.errors import InvalidRegistry, RegistrarError, UsageError
from registrar.repository import yaml_text
from registry_schema import Holder, Holdings, InvalidFile
from registry_schema.status import read_status

_BOM = "\ufeff"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


def edit_status(text: bytes | None, edits: Sequence[StatusEdit], *, path: str = "status.yaml") -> bytes:
    """The file after the edits: only the lines that say something else now differ, comments and order stay.

    None is a file that does not exist yet. An edit that is already true changes nothing. Raises `InvalidRegistry` when
    the file breaks its shape, `UsageError` when a version would hold two statuses, and `RegistrarError` when the file
    is written in a way that no careful edit can follow.
    """
    expected = _expected(_read(text or b"", path), edits)
    decoded = (text or b"").decode("utf-8")
    bom = _BOM if decoded.startswith(_BOM) else ""
    edited = decoded.removeprefix(_BOM)
    try:
        for edit in edits:
            edited = _edited(edited, edit)
        is_right = _filled(_read((bom + edited).encode(), path).statuses) == expected
    except (ValueError, yaml.YAMLError, InvalidRegistry):
        is_right = False
    if not is_right:
        raise RegistrarError(f"{path} is written in a way that cannot be edited safely; edit it by hand")
    return (bom + edited).encode()


def _read(text: bytes, path: str) -> Holdings:
    try:
        return read_status(text, path)
    except InvalidFile as invalid:
        raise InvalidRegistry(invalid.problems) from invalid


def _expected(holdings: Holdings, edits: Sequence[StatusEdit]) -> Mapping[str, tuple[Holder, ...]]:
    statuses = dict(holdings.statuses)
    for edit in edits:
        holders = statuses.get(edit.status, ())
        others = tuple(holder for holder in holders if holder.version != edit.version)
        match edit.action:
            case "replace":
                statuses[edit.status] = (Holder(edit.version),)
            case "remove":
                statuses[edit.status] = others
            case "add" if others == holders:
                statuses[edit.status] = (*holders, Holder(edit.version))
    _refuse_two_statuses(statuses)
    return _filled(statuses)


def _refuse_two_statuses(statuses: Mapping[str, tuple[Holder, ...]]) -> None:
    first: dict[str, str] = {}
    for status, holders in statuses.items():
        for holder in holders:
            if other := first.get(holder.version):
                message = f"{holder.version} would hold both {other} and {status}; take it away from one of them first"
                raise UsageError(message)
            first[holder.version] = status


def _filled(statuses: Mapping[str, tuple[Holder, ...]]) -> Mapping[str, tuple[Holder, ...]]:
    return {status: holders for status, holders in statuses.items() if holders}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One status of the text, with the nodes that spell it."""

    root: yaml.MappingNode
    key: yaml.Node
    value: yaml.Node

    @property
    def items(self) -> list[yaml.Node]:
        """The node of each holder."""
        if isinstance(self.value, yaml.SequenceNode):
            return list(self.value.value)
        is_null = isinstance(self.value, yaml.ScalarNode) and self.value.style is None and self.value.value in _NULLS
        return [] if is_null else [self.value]

    @property
    def versions(self) -> list[str]:
        """The version of each holder."""
        return [_version(item) for item in self.items]


def _version(item: yaml.Node) -> str:
    if isinstance(item, yaml.MappingNode):
        return next(str(value.value) for key, value in item.value if key.value == "version")
    return str(item.value)


def _edited(text: str, edit: StatusEdit) -> str:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    entry = _entry(root, edit.status) if isinstance(root, yaml.MappingNode) else None
    if entry is None:
        return text if edit.action == "remove" else _with_key(text, root, edit)
    match edit.action:
        case "remove":
            return _without(text, entry, edit.version)
        case "add":
            return text if edit.version in entry.versions else _with_holder(text, entry, edit.version)
        case "replace":
            return _with_only(text, entry, edit)


def _entry(root: yaml.MappingNode, status: str) -> _Entry | None:
    return next((_Entry(root, key, value) for key, value in root.value if key.value == status), None)


def _with_key(text: str, root: yaml.Node | None, edit: StatusEdit) -> str:
    line = f"{yaml_text.spelled(edit.status)}: {yaml_text.spelled(edit.version)}"
    if not isinstance(root, yaml.MappingNode):
        return yaml_text.with_line_after(text, len(text), line)
    if root.flow_style:
        return yaml_text.with_flow_item(text, root, line)
    return yaml_text.with_line_after(text, yaml_text.end_of(root), " " * root.start_mark.column + line)


def _with_holder(text: str, entry: _Entry, version: str) -> str:
    if not isinstance(entry.value, yaml.SequenceNode):
        return _with_second(text, entry, version) if entry.items else _with_first(text, entry, version)
    if entry.value.flow_style:
        style = _style(entry.items[-1]) if entry.items else None
        return yaml_text.with_flow_item(text, entry.value, yaml_text.spelled(version, style))
    last = entry.items[-1]
    dash = yaml_text.dash_of(text, last)
    indent = text[yaml_text.line_start(text, dash) : dash]
    line = f"{indent}- {yaml_text.spelled(version, _style(last))}"
    return yaml_text.with_line_after(text, yaml_text.end_of(last), line)


def _with_first(text: str, entry: _Entry, version: str) -> str:
    """A value for a key that has none."""
    if yaml_text.end_of(entry.value) > yaml_text.start_of(entry.value):
        return _replaced(text, entry.value, version)
    return yaml_text.with_value_at_colon(text, entry.key, yaml_text.spelled(version))


def _with_second(text: str, entry: _Entry, version: str) -> str:
    """The one holder becomes the first of a list."""
    start, end = yaml_text.start_of(entry.value), yaml_text.end_of(entry.value)
    new = yaml_text.spelled(version, _style(entry.value))
    if entry.root.flow_style:
        return f"{text[:start]}[{text[start:end]}, {new}]{text[end:]}"
    on_line_of_key = entry.key.end_mark.line == entry.value.start_mark.line
    column = entry.key.start_mark.column + 2 if on_line_of_key else entry.value.start_mark.column
    head = text[:start].rstrip(" \t") + yaml_text.newline_of(text) + " " * column if on_line_of_key else text[:start]
    first = "- " + text[start:end].replace("\n", "\n  ")
    return yaml_text.with_line_after(head + first + text[end:], len(head + first), " " * column + "- " + new)


def _with_only(text: str, entry: _Entry, edit: StatusEdit) -> str:
    if not isinstance(entry.value, yaml.SequenceNode) or not entry.items:
        return _with_sole(text, entry, edit.version)
    kept = entry.versions.index(edit.version) if edit.version in entry.versions else 0
    text = _replaced(text, entry.items[kept], edit.version)
    for number, version in enumerate(entry.versions):
        if number != kept:
            text = _edited(text, StatusEdit(edit.status, version, "remove"))
    return text


def _with_sole(text: str, entry: _Entry, version: str) -> str:
    if not entry.items:
        return _with_holder(text, entry, version)
    if isinstance(entry.value, yaml.MappingNode) and not entry.value.flow_style:
        start, end = yaml_text.start_of(entry.value), yaml_text.end_of(entry.value)
        without = yaml_text.without_lines(text, start, end)
        return yaml_text.with_value_at_colon(without, entry.key, yaml_text.spelled(version))
    return _replaced(text, entry.value, version)


def _without(text: str, entry: _Entry, version: str) -> str:
    if version not in entry.versions:
        return text
    number, items = entry.versions.index(version), entry.items
    if len(items) == 1:
        return _without_key(text, entry)
    if isinstance(entry.value, yaml.SequenceNode) and entry.value.flow_style:
        spans = [(yaml_text.start_of(item), yaml_text.end_of(item)) for item in items]
        return yaml_text.without_flow_item(text, spans, number)
    return yaml_text.without_lines(text, yaml_text.dash_of(text, items[number]), yaml_text.end_of(items[number]))


def _without_key(text: str, entry: _Entry) -> str:
    spans = [(yaml_text.start_of(key), yaml_text.end_of(value)) for key, value in entry.root.value]
    number = next(number for number, (key, _) in enumerate(entry.root.value) if key is entry.key)
    if entry.root.flow_style:
        return yaml_text.without_flow_item(text, spans, number)
    return yaml_text.without_lines(text, *spans[number])


def _replaced(text: str, item: yaml.Node, version: str) -> str:
    if isinstance(item, yaml.ScalarNode) and item.value == version:
        return text
    start, end = yaml_text.start_of(item), yaml_text.end_of(item)
    return text[:start] + yaml_text.spelled(version, _style(item)) + text[end:]


def _style(item: yaml.Node) -> str | None:
    return item.style if isinstance(item, yaml.ScalarNode) else None
