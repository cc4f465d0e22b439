"""Knows as much of Go as go-gitlab is written in: what its structs hold, and what its functions ask for and get."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]

_DECLARATION = re.compile(r"^type (\w+) (?!func|interface)([^\n]+(?:\n(?:[ \t][^\n]*)?)*\n?\}?)", re.MULTILINE)
_TOKEN = re.compile(r"//[^\n]*|`[^`]*`|\n|[\w.]+|\[\]|[^\s]")
_FUNCTION = re.compile(
    r"^func \(s \*\w+\) \w+\((?P<takes>.*?)\) \((?P<gives>.*?)\) \{\n(?P<body>.*?)^\}", re.MULTILINE | re.DOTALL
)
_ADDRESS = re.compile(r'(?:u :?= |fmt\.Sprintf\(\s*|NewRequest\(\s*http\.Method\w+,\s*)"(?P<path>[\w/%.-]+)"')
_METHOD = re.compile(r"http\.Method(\w+)")
_PLAIN: Mapping[str, Schema] = {
    "string": {"type": "string"},
    "net.IP": {"type": "string"},
    "bool": {"type": "boolean"},
    "BoolValue": {"type": "boolean"},
    "float64": {"type": "number"},
    "time.Time": {"type": "string", "format": "date-time"},
    "ISOTime": {"type": "string", "format": "date"},
    **{name: {"type": "integer"} for name in ("int", "int64", "uint", "uint64", "byte")},
    # These write themselves: an id, several, or a word.
    **{name: {} for name in ("interface", "ApproverIDsValue", "AssigneeIDValue", "ReviewerIDValue", "Labels")},
}


@dataclass(frozen=True, slots=True)
class Route:
    """One request that go-gitlab makes."""

    method: str
    path: str  # projects/{}/merge_requests/{}
    takes: str | None  # the struct of its parameters
    answers: Schema | None  # None when nothing, or what is not JSON, comes back


def shapes(source: str) -> dict[str, Schema]:
    """Every declared type of a package's sources, as a schema; types refer to one another by name."""
    return {name: _Reader(text).type() for name, text in _DECLARATION.findall(source) if name not in _PLAIN}


def routes(source: str) -> Iterator[Route]:
    """Every request that a package's functions make."""
    for function in _FUNCTION.finditer(source):
        address, method = _ADDRESS.search(function["body"]), _METHOD.search(function["body"])
        if address is None or method is None:
            continue
        options = re.search(r"\bopts? \*(\w+)", function["takes"])
        answer = function["gives"].split(",")[0].strip()
        is_json = answer not in {"*Response", "io.Reader", "*bytes.Reader", "[]byte"}
        yield Route(
            method[1].upper(),
            re.sub(r"%[sdv]", "{}", address["path"]),
            options[1] if options else None,
            _Reader(answer.removeprefix("*")).type() if is_json else None,
        )


class _Reader:
    """Reads one type."""

    def __init__(self, text: str) -> None:
        self._tokens = [token for token in _TOKEN.findall(text) if not token.startswith("//")]
        self._at = 0

    def type(self) -> Schema:
        match self._taken():
            case "*":
                return or_null(self.type())
            case "[]":
                return or_null({"type": "array", "items": self.type()})
            case "map":
                self._skip("[", "string", "]")
                return or_null({"type": "object", "additionalProperties": self.type()})
            case "struct":
                return self._struct()
            case "interface":
                self._skip("{", "}")
                return {}
            case name:
                return dict(_PLAIN.get(name) or ({} if name in _PLAIN else {"$ref": f"#/shapes/{name}"}))

    def _struct(self) -> Schema:
        """Its fields by their names in JSON; one without a name of its own brings all that its type has."""
        fields: Schema = {}
        parts: list[Schema] = []
        self._skip("{")
        while (token := self._taken()) != "}":
            if token == "\n":
                continue
            if self._next in {"\n", "}"} or token == "*":
                parts.append({"$ref": f"#/shapes/{self._taken() if token == '*' else token}"})
                continue
            type_ = self.type()
            tag = self._taken() if self._next.startswith("`") else f'`json:"{token.lower()}"`'  # Go minds no case
            if name := _name_in(tag):
                fields[name] = type_
        own: Schema = {"type": "object", "properties": fields}
        return {"allOf": [*parts, own]} if parts else own

    @property
    def _next(self) -> str:
        return str(self._tokens[self._at])

    def _taken(self) -> str:
        self._at += 1
        return str(self._tokens[self._at - 1])

    def _skip(self, *expected: str) -> None:
        for token in expected:
            if self._taken() != token:
                raise ValueError(f"expected {token!r} at token {self._at} of {self._tokens}")


def _name_in(tag: str) -> str:
    """Of a field's tag the name in an address or else in JSON: for options both are the same."""
    found = re.search(r'\bjson:"([^",]+)', tag) or re.search(r'\burl:"([^",]+)', tag)
    return found[1] if found and found[1] != "-" else ""


def or_null(schema: Schema) -> Schema:
    """The same, or nothing."""
    if not schema:
        return schema
    if "type" in schema and isinstance(schema["type"], str):
        return schema | {"type": [schema["type"], "null"]}
    if "type" in schema or {"type": "null"} in schema.get("anyOf", ()):
        return schema
    return {"anyOf": [schema, {"type": "null"}]}
