"""Untrusted bytes as a document: plain values, the line of every key, and what was wrong on the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registry_schema.problems import InvalidFile, Problem
from registry_schema.tree import KeyPath, Place, Tree

__all__ = ["Document", "InvalidFile", "KeyPath", "line_of", "load"]

SIZE_LIMIT = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Document:
    """A file that could be read; the problems found on the way do not keep the rest from being checked."""

    path: str
    places: Mapping[KeyPath, Place]
    problems: tuple[Problem, ...]
    misread: frozenset[KeyPath]  # where a problem took the place of the value

    @property
    def value(self) -> object:
        """What the file holds; None when it is empty."""
        return self.places[()].value if self.places else None

    def line(self, keys: KeyPath) -> int:
        """The line of a key, or of the nearest key above it that the file has; 0 when there is none."""
        while keys and keys not in self.places:
            keys = keys[:-1]
        return self.places[keys].line if keys else 0

    def find(self, *pattern: str | int) -> Iterator[tuple[KeyPath, object]]:
        """Every key path that fits, with its value, in the file's order; "*" fits every key."""
        for keys, place in self.places.items():
            if len(keys) == len(pattern) and all(want in ("*", key) for want, key in zip(pattern, keys, strict=True)):
                yield keys, place.value


def load(text: bytes, path: str) -> Document:
    """The document in the bytes; InvalidFile when they cannot be read as one at all."""
    tree = Tree(path)
    tree.grow(_decoded(text, path))
    return Document(path, tree.places, tuple(tree.problems), frozenset(tree.misread))


def line_of(text: bytes, *keys: str | int) -> int:
    """The line of a key in a file that load accepts, or of the nearest key above it; 0 when there is none."""
    return load(text, "").line(keys)


def _decoded(text: bytes, path: str) -> str:
    if len(text) > SIZE_LIMIT:
        message = f"the file has {len(text)} bytes, and no more than {SIZE_LIMIT} are read"
        raise InvalidFile([Problem(path, 0, message, "keep large content in DVC")])
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise InvalidFile([Problem(path, line, "this is not UTF-8 text", "save the file as UTF-8")]) from None
