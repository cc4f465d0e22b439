"""Knows what `$[[ inputs.name ]]` means in a configuration: an input, filled in before anything is read."""

import json
import re
from collections.abc import Mapping

from registrar.sandbox.gitlab.ci.refusals import InvalidPipeline, Unsupported

_PLACE = re.compile(r"\$\[\[(.*?)\]\]", re.DOTALL)
_TRUNCATE = re.compile(r"truncate\(\s*(\d+)\s*,\s*(\d+)\s*\)")
_MOST_FUNCTIONS = 3
_KNOWN = ("expand_vars", "posix_escape")  # to GitLab, and not to the sandbox


def interpolate(node: object, inputs: Mapping[str, object]) -> object:
    """The part of a document with every input in its place. Alone it keeps its type, inside of a text it is text."""
    match node:
        case str():
            return _filled(node, inputs)
        case list():
            return [interpolate(each, inputs) for each in node]
        case dict():
            return {_key(key, inputs): interpolate(value, inputs) for key, value in node.items()}
        case _:
            return node


def as_text(value: object) -> str:
    """A value as it appears inside of a text."""
    return value if isinstance(value, str) else json.dumps(value)


def _key(key: object, inputs: Mapping[str, object]) -> object:
    return as_text(_filled(key, inputs)) if isinstance(key, str) else key


def _filled(text: str, inputs: Mapping[str, object]) -> object:
    whole = _PLACE.fullmatch(text)
    if whole is not None and "$[[" not in whole[1]:
        return _value(whole[1], inputs)
    return _PLACE.sub(lambda place: as_text(_value(place[1], inputs)), text)


def _value(block: str, inputs: Mapping[str, object]) -> object:
    access, *functions = (part.strip() for part in block.split("|"))
    context, _, name = access.partition(".")
    if not name:
        raise InvalidPipeline("invalid interpolation access pattern")
    if context != "inputs" or name not in inputs:
        raise InvalidPipeline(f"unknown interpolation key: `{name if context == 'inputs' else context}`")
    if len(functions) > _MOST_FUNCTIONS:
        raise InvalidPipeline("too many functions in interpolation block")
    value = inputs[name]
    for function in functions:
        value = _called(function, value)
    return value


def _called(function: str, value: object) -> object:
    truncation = _TRUNCATE.fullmatch(function)
    if truncation is not None and isinstance(value, str):
        begin, length = int(truncation[1]), int(truncation[2])
        return value[begin : begin + length]
    if function in _KNOWN:
        raise Unsupported("interpolation", f"the function {function}")
    raise InvalidPipeline(
        f"no function matching `{function}`: check that the function name, arguments, and types are correct"
    )
