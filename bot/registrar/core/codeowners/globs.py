"""Knows the patterns of GitLab's CODEOWNERS: Ruby's `File.fnmatch?` with FNM_DOTMATCH and FNM_PATHNAME.

`*`, `?` and `[a-c]` stay within one name, also a hidden one. `**/` at the start of a name is any number of folders,
also none; without its slash it is a `*`. A backslash makes the next character plain. No library has exactly these
rules: wcmatch lets a last `**` go deep, and gitignore's own are others.

https://docs.ruby-lang.org/en/3.4/File.html#method-c-fnmatch
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

_Item = TypeVar("_Item")
_Element = TypeVar("_Element")

_PIECE = re.compile(
    r"""(?P<end>\\?/)(?P<folders>(?:\*\*/)+)? | (?P<many>\*+) | (?P<one>\?)
      | \[(?P<other>[!^]?)(?P<set>(?:\\.|[^\\\]])*)\] | (?P<unclosed>\[)
      | \\(?P<escaped>.)? | (?P<plain>.)""",
    re.VERBOSE | re.DOTALL,
)
_RANGE = re.compile(r"\\?(?P<low>.)(?:-\\?(?P<high>.))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Set:
    """One character out of some ranges, or out of all others."""

    ranges: tuple[tuple[str, str], ...]
    others: bool = False

    def holds(self, character: str) -> bool:
        inside = any(low <= character <= high or character in {low, high} for low, high in self.ranges)
        return inside is not self.others


_ANY = _Set((), others=True)
_Name = tuple[_Set | None, ...]  # None: any number of characters


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern, ready to be held against paths."""

    names: tuple[_Name | None, ...]  # None: any number of folders
    can_match: bool  # a set that nothing closes never does

    def matches(self, path: str) -> bool:
        """Whether the whole path follows the pattern; the work is bounded by the product of their lengths."""
        return self.can_match and _follows(self.names, f"/{path}".split("/"), _is_named)


def glob(pattern: str) -> Glob:
    """Read a pattern; there is none that cannot be read."""
    names: list[_Name | None] = []
    name: list[_Set | None] = []
    for piece in _PIECE.finditer(f"/{pattern}"):
        if piece["unclosed"]:
            return Glob((), can_match=False)
        if piece["end"]:
            names.append(tuple(name))
            name = []
            names.extend([None] if piece["folders"] else [])
        else:
            name.extend(_elements(piece))
    return Glob((*names, tuple(name)), can_match=True)


def _elements(piece: re.Match[str]) -> _Name:
    """What a piece asks of a name: one thing, or nothing when it is a backslash at the very end."""
    if piece["many"]:
        return (None,)
    if piece["one"]:
        return (_ANY,)
    if piece["set"] is not None:
        ranges = tuple((found["low"], found["high"] or found["low"]) for found in _RANGE.finditer(piece["set"]))
        return (_Set(ranges, others=bool(piece["other"])),)
    return tuple(_Set(((plain, plain),)) for plain in piece["escaped"] or piece["plain"] or "")


def _is_named(name: _Name, written: str) -> bool:
    return _follows(name, written, _Set.holds)


def _follows(
    wanted: Sequence[_Item | None], given: Sequence[_Element], fits: Callable[[_Item, _Element], bool]
) -> bool:
    """Whether each element fits its item, where None takes any number of them.

    Only the last None is ever made to take one more: an earlier one could not do better.
    """
    at = place = 0
    last: int | None = None
    taken = 0
    while place < len(given):
        item = wanted[at] if at < len(wanted) else None
        if at < len(wanted) and item is None:
            last, taken, at = at, place, at + 1
        elif item is not None and fits(item, given[place]):
            at, place = at + 1, place + 1
        elif last is not None:
            taken += 1
            at, place = last + 1, taken
        else:
            return False
    return all(item is None for item in wanted[at:])
