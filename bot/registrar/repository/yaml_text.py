"""Knows where the parts of a YAML text stand, so that one of them can be changed and the rest stay as they are."""

import re
from collections.abc import Sequence

import yaml

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_VERSION = re.compile(r"\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]*)?")
_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_AMBIGUOUS = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})


def newline_of(text: str) -> str:
    """How the lines of the text end."""
    found = _LINE_BREAK.search(text)
    return found[0] if found else "\n"


def spelled(word: str, style: str | None = None) -> str:
    """The word as a YAML scalar, quoted in the style given, or where it would be read as something else."""
    if style == "'" and "'" not in word:
        return f"'{word}'"
    return word if style is None and _is_plain(word) else '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def start_of(node: yaml.Node) -> int:
    """Where the node begins."""
    return int(node.start_mark.index)


def end_of(node: yaml.Node) -> int:
    """Where the node's last character ends; what follows a block (comments, blank lines) is not part of it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end_of(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def dash_of(text: str, item: yaml.Node) -> int:
    """Where the dash stands that makes the node an item of a block list."""
    return text.rindex("-", 0, start_of(item))


def line_start(text: str, index: int) -> int:
    """Where the line begins that holds the index."""
    return max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1


def line_end(text: str, index: int) -> int:
    """Where the line ends that holds the index, its line break included."""
    found = _LINE_BREAK.search(text, index)
    return found.end() if found else len(text)


def with_line_after(text: str, index: int, line: str) -> str:
    """The text with a line of its own after the one that holds the index."""
    newline, end = newline_of(text), line_end(text, index)
    gap = newline if end and text[end - 1] not in "\r\n" else ""
    return text[:end] + gap + line + newline + text[end:]


def with_value_at_colon(text: str, key: yaml.Node, value: str) -> str:
    """The text with a value right after the colon of a key that has none."""
    colon = text.index(":", end_of(key)) + 1
    return f"{text[:colon]} {value}{text[colon:]}"


def without_lines(text: str, start: int, end: int) -> str:
    """The text without the lines from start to end, but with the comments and blank lines that stand between them."""
    begin, stop = line_start(text, start), line_end(text, end)
    kept = [line for line in text[begin:stop].splitlines(keepends=True) if not line.strip() or line.lstrip()[0] == "#"]
    return text[:begin] + "".join(kept) + text[stop:]


def without_flow_item(text: str, spans: Sequence[tuple[int, int]], number: int) -> str:
    """The text without one of the items between brackets; comments between the items stay."""
    start, end = spans[number]
    if number + 1 < len(spans):
        gap = text[end : spans[number + 1][0]]
        return text[:start] + _without_comma(gap, keep="#" in gap) + text[spans[number + 1][0] :]
    if number:
        gap = text[spans[number - 1][1] : start]
        return text[: spans[number - 1][1]] + _without_comma(gap, keep="#" in gap) + text[end:]
    return text[:start] + text[end:].removeprefix(",")


def with_flow_item(text: str, node: yaml.CollectionNode, item: str) -> str:
    """The text with one more item before the closing bracket."""
    if not node.value:
        inside = start_of(node) + 1
        return text[:inside] + item + text[inside:]
    last = node.value[-1]
    end = end_of(last[1] if isinstance(last, tuple) else last)
    return text[:end] + ", " + item + text[end:]


def _without_comma(gap: str, *, keep: bool) -> str:
    return gap.replace(",", "", 1) if keep else ""


def _is_plain(word: str) -> bool:
    is_word = _WORD.fullmatch(word) is not None and word.casefold() not in _AMBIGUOUS
    return is_word or _VERSION.fullmatch(word) is not None
