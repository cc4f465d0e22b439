"""Knows which inputs a pipeline declares in `spec: inputs:`, and whether what it is given fits; in GitLab's words."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from registrar.sandbox.gitlab.ci.interpolation import as_text
from registrar.sandbox.gitlab.ci.keywords import mapping, refuse_unknown
from registrar.sandbox.gitlab.ci.refusals import InvalidPipeline, Unsupported

_HEADER = {"spec"}
_SPEC = {"inputs"}
_KEYS = {"default", "description", "options", "regex", "type"}
_MOST_ERRORS = 3  # said at once
_KINDS: Mapping[str, Callable[[object], bool]] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
}


@dataclass(frozen=True, slots=True)
class Input:
    """One input that a pipeline declares."""

    name: str
    type: str = "string"
    required: bool = True
    default: object = None
    options: tuple[object, ...] = ()
    regex: str | None = None

    def problems(self, given: object) -> Iterator[str]:
        """What is wrong with what it is given, None when it is given nothing; a default is held to the same rules."""
        if given is None and self.required:
            yield f"`{self.name}` input: required value has not been provided"
            return
        for value, source in ((self.default, "default"), (given, "provided")):
            if value is not None:
                yield from (f"`{self.name}` input: {problem}" for problem in self._unfit(self.typed(value), source))

    def typed(self, value: object) -> object:
        """A text that says in JSON what the type wants is that."""
        if self.type == "string" or not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            return value

    def _unfit(self, value: object, source: str) -> Iterator[str]:
        if not _KINDS[self.type](value):
            yield f"{source} value is not {'an' if self.type == 'array' else 'a'} {self.type}"
        if self.options and self.type not in {"string", "number"}:
            yield "Options can only be used with string and number inputs"
        elif self.options and value not in self.options:
            yield f"`{as_text(value)}` cannot be used because it is not in the list of allowed options"
        if self.regex is not None and self.type != "string":
            yield "RegEx validation can only be used with string inputs"
        elif self.regex is not None and isinstance(value, str) and not re.search(self.regex, value):
            yield f"{source} value does not match required RegEx pattern"


def read_inputs(header: Mapping[str, Any]) -> dict[str, Input]:
    """The inputs that the header of a configuration declares. Raises `InvalidPipeline`."""
    refuse_unknown(header, _HEADER, "header")
    spec = mapping(header.get("spec"), "header:spec")
    refuse_unknown(spec, _SPEC, "header:spec")
    declared = mapping(spec.get("inputs"), "header:spec:inputs")
    return {str(name): _input(str(name), mapping(body, f"`{name}` input")) for name, body in declared.items()}


def accepted_inputs(declared: Mapping[str, Input], given: Mapping[str, object]) -> dict[str, object]:
    """What was given, completed with defaults. Raises `InvalidPipeline` with all that is wrong."""
    unknown = [name for name in given if name not in declared]
    problems = [f"unknown input arguments: {', '.join(unknown)}"] if unknown else []
    problems += [problem for each in declared.values() for problem in each.problems(given.get(each.name))]
    if problems:
        raise InvalidPipeline(", ".join(problems[:_MOST_ERRORS]))
    return {each.name: each.typed(given.get(each.name, each.default)) for each in declared.values()}


def _input(name: str, body: Mapping[str, Any]) -> Input:
    if "rules" in body:
        raise Unsupported(f"`{name}` input", "rules")
    refuse_unknown(body, _KEYS, f"header:spec:inputs:{name}")
    kind = body.get("type", "string")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise InvalidPipeline(f"unknown input specification for `{name}` (valid types: {', '.join(_KINDS)})")
    regex = body.get("regex")
    try:
        re.compile("" if regex is None else regex)
    except (re.error, TypeError) as error:
        raise InvalidPipeline(f"`{name}` input: invalid regular expression") from error
    options = body.get("options") or []
    if not isinstance(options, list):
        raise InvalidPipeline(f"header:spec:inputs:{name} options should be an array")
    return Input(name, kind, "default" not in body, body.get("default"), tuple(options), regex)
