"""Reads files of jobs, whichever forge's, as far as it takes to see what they are made of."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml


class _Jobs(yaml.SafeLoader):
    """Reads a file of jobs, whatever tags of GitLab's it uses."""


_Jobs.add_multi_constructor("!", lambda _loader, _tag, _node: None)


def documents(text: bytes) -> list[Mapping[Any, Any]]:
    """Every document that is a mapping. Of what is no YAML, no job comes."""
    try:
        read = [*yaml.load_all(text, _Jobs)]
    except (yaml.YAMLError, ValueError, RecursionError):  # a date that is none, and what is too deep
        return []
    return [each for each in read if isinstance(each, dict)]


def written(part: object) -> str:
    """All that a part of such a file says, in no order: each text on a line, `key: value` where it has a key."""
    lines: list[str] = []
    seen: set[int] = set()
    waiting = [part]
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, dict):
            lines += (f"{key}: {value}" for key, value in each.items() if not isinstance(value, dict | list))
            waiting += (value for value in each.values() if isinstance(value, dict | list))
        elif isinstance(each, list):
            waiting += each
        else:
            lines.append(str(each))
    return "\n".join(lines)


def mappings(part: object) -> Iterator[Mapping[Any, Any]]:
    """The mappings in a list, or the one that stands in its place."""
    return (each for each in (part if isinstance(part, list) else [part]) if isinstance(each, dict))


def text_at(part: object, *keys: str) -> str:
    """The text in a mapping in a mapping; empty where there is none."""
    for key in keys:
        part = part.get(key) if isinstance(part, dict) else None
    return part if isinstance(part, str) else ""
