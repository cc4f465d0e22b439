"""Knows what reads the answers of each shape: it takes longer to make than most answers to read, so it is made once."""

from typing import Any, TypeVar

from pydantic import TypeAdapter

Shape = TypeVar("Shape")

_READERS: dict[object, TypeAdapter[Any]] = {}


def reader_of(shape: type[Shape]) -> TypeAdapter[Shape]:
    """What makes a value of this shape of an answer, or refuses it."""
    if shape not in _READERS:
        _READERS[shape] = TypeAdapter(shape)
    return _READERS[shape]
