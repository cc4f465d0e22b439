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

    @property
    def plain(self) -> str:
        """The only character that it holds; empty when there are others."""
        (low, high), *more = self.ranges or (("", ""),)
        return low if low == high and not more and not self.others else ""

    def holds(self, character: str) -> bool:
        inside = any(low <= character <= high or character in {low, high} for low, high in self.ranges)
        return inside is not self.others


_ANY = _Set((), others=True)


@dataclass(frozen=True, slots=True)
class _Name:
    """What one name between two slashes must be."""

    items: tuple[_Set | None, ...]  # None: any number of characters
    plain: str | None  # all of it, where nothing in it is special: most names are so, and a text is compared fast

    def matches(self, written: str) -> bool:
        return written == self.plain if self.plain is not None else _follows(self.items, written, _Set.holds)


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern, ready to be held against paths."""

    names: tuple[_Name | None, ...]  # None: any number of folders
    can_match: bool  # a set that nothing closes never does

    def matches(self, path: str) -> bool:
        """Whether the whole path follows the pattern; the work is bounded by the product of their lengths."""
        return self.can_match and _follows(self.names, f"/{path}".split("/"), _Name.matches)


def glob(pattern: str) -> Glob:
    """Read a pattern; there is none that cannot be read."""
    names: list[_Name | None] = []
    name: list[_Set | None] = []
    for piece in _PIECE.finditer(f"/{pattern}"):
        if piece["unclosed"]:
            return Glob((), can_match=False)
        if piece["end"]:
            names.append(_named(name))
            name = []
            names.extend([None] if piece["folders"] else [])
        else:
            name.extend(_elements(piece))
    return Glob((*names, _named(name)), can_match=True)


def _named(items: Sequence[_Set | None]) -> _Name:
    plain = "".join(item.plain for item in items if item is not None)
    return _Name(tuple(items), plain if len(plain) == len(items) else None)


def _elements(piece: re.Match[str]) -> tuple[_Set | None, ...]:
    """What a piece asks of a name: one thing, or nothing when it is a backslash at the very end."""
    if piece["many"]:
        return (None,)
    if piece["one"]:
        return (_ANY,)
    if piece["set"] is not None:
        ranges = tuple((found["low"], found["high"] or found["low"]) for found in _RANGE.finditer(piece["set"]))
        return (_Set(ranges, others=bool(piece["other"])),)
    return tuple(_Set(((plain, plain),)) for plain in piece["escaped"] or piece["plain"] or "")


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
