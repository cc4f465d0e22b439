"""How a document is held against the shape that its file must have."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Generic, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from registry_schema.complaints import Complaint, complaints, no_value
from registry_schema.document import Document, KeyPath, load
from registry_schema.problems import PROBLEM_LIMIT, InvalidFile, Problem
from registry_schema.wording import found

Value = TypeVar("Value")
Check = Callable[[Document], Iterable[Complaint]]

STRICT = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True)
class Shape(Generic[Value]):
    """What a file must look like: its type, and the checks that a type cannot make."""

    adapter: TypeAdapter[Value]
    checks: Sequence[Check] = ()
    may_be_empty: bool = False
    may_be_null: Sequence[tuple[str, ...]] = ()
    spelled_out: Callable[[dict[str, object]], object] = dict

    def read(self, text: bytes, path: str) -> Value:
        """The value in the bytes; InvalidFile with all its problems."""
        return self.of(load(text, path))

    def of(self, document: Document) -> Value:
        """The value of a document; InvalidFile with all its problems."""
        value = {} if document.value is None and self.may_be_empty else document.value
        if not isinstance(value, dict):
            raise InvalidFile(document.problems or [_not_a_mapping(document)])
        complained = [complaint for check in self.checks for complaint in islice(check(document), PROBLEM_LIMIT + 1)]
        try:
            # Strict JSON is what the published schemas describe: lists, dates and names of choices fit as they are.
            valid = self.adapter.validate_json(json.dumps(self.spelled_out(value)))
        except ValidationError as error:
            complained += complaints(error, document, self._known)
        complained += self._nulls(document, besides={complaint.keys for complaint in complained})
        problems = [Problem(document.path, document.line(keys), message, mend) for keys, message, mend in complained]
        if problems or document.problems:
            raise InvalidFile([*document.problems, *problems])
        return valid

    def _nulls(self, document: Document, *, besides: AbstractSet[KeyPath]) -> Iterator[Complaint]:
        """A key with nothing after it is a slip: `approvals:` must not come to mean that none are needed."""
        accepted = {keys for pattern in self.may_be_null for keys, _ in document.find(*pattern)}
        for keys in document.places.keys() - accepted - besides - document.misread:
            if keys and document.places[keys].value is None:
                yield no_value(keys)

    def _known(self, keys: KeyPath) -> list[str]:
        nodes = [self._json_schema]
        for key in keys:
            nodes = [below for node in self._alternatives(nodes) for below in _below(node, key)]
        return [name for node in self._alternatives(nodes) for name in node.get("properties", {})]

    @cached_property
    def _json_schema(self) -> dict[str, Any]:
        return self.adapter.json_schema()

    def _alternatives(self, nodes: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for node in nodes:
            yield node
            yield from self._alternatives(node.get("anyOf", ()))
            if reference := node.get("$ref"):
                yield from self._alternatives([self._json_schema["$defs"][reference.rpartition("/")[2]]])


def _below(node: dict[str, Any], key: str | int) -> Iterator[dict[str, Any]]:
    candidates = [node.get("items"), node.get("properties", {}).get(key), node.get("additionalProperties")]
    candidates += node.get("patternProperties", {}).values()
    return (candidate for candidate in candidates if isinstance(candidate, dict))


def _not_a_mapping(document: Document) -> Problem:
    if document.value is None:
        return Problem(document.path, 0, "the file is empty", "write its keys, each with a value")
    what = found(document.value, document.places[()].spelled)
    return Problem(document.path, 1, f"the file must hold keys with values, not {what}", "begin with a key and a colon")
