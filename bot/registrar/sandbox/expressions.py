"""Knows what `${{ ... }}` means in a workflow: the part of GitHub's expression language that the sandbox runs."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan

Value = str | float | bool | None | Mapping[str, object]
Contexts = Mapping[str, Mapping[str, object]]

_PLACE = re.compile(r"\$\{\{((?:'(?:[^']|'')*'|[^'])*?)\}\}")
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w-]*)"
    r"|(?P<mark>\|\||&&|==|!=|[!().,\[\]]))"
)
_HOLE = re.compile(r"\{\{|\}\}|\{(\d+)\}|[{}]")
_WORDS: Mapping[str, Value] = {"true": True, "false": False, "null": None}
MAX_DEPTH = 50


class InvalidExpression(ValueError):
    """An expression that GitHub would refuse, or that the sandbox does not speak."""


def interpolate(text: str, contexts: Contexts) -> str:
    """The text with every `${{ ... }}` replaced by its value, once: a value is never read as an expression."""
    replaced = _PLACE.sub(lambda place: as_text(evaluate(place[1], contexts)), text)
    if "${{" in _PLACE.sub("", text):
        raise InvalidExpression(f"an expression is not closed with }}}}: {text!r}")
    return replaced


def evaluate(expression: str, contexts: Contexts) -> Value:
    """The value of one expression, without its `${{ }}`."""
    return _Reader(expression, tuple(_tokens(expression)), contexts).whole()


def as_text(value: Value) -> str:
    """A value as it appears inside a text."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.15g}"
        case str():
            return value
        case _:
            return "Object"


def _truth(value: Value) -> bool:
    return bool(value) and not (isinstance(value, float) and isnan(value))


def _number(value: Value) -> float:
    match value:
        case None:
            return 0.0
        case bool() | float():
            return float(value)
        case str():
            try:
                return float(value) if value.strip() else 0.0
            except ValueError:
                return nan
        case _:
            return nan


def _equal(left: Value, right: Value) -> bool:
    """GitHub compares texts without case, and unlike kinds as numbers."""
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    if type(left) is type(right) and not isinstance(left, float):
        return left is right if isinstance(left, Mapping) else left == right
    return _number(left) == _number(right)


def _format(arguments: Sequence[Value]) -> str:
    if not arguments:
        raise InvalidExpression("format() needs a text")
    values = arguments[1:]

    def fill(hole: re.Match[str]) -> str:
        if hole[0] in {"{{", "}}"}:
            return hole[0][0]
        if hole[1] is None or int(hole[1]) >= len(values):
            raise InvalidExpression(f"format() has no value for {hole[0]} in {as_text(arguments[0])!r}")
        return as_text(values[int(hole[1])])

    return _HOLE.sub(fill, as_text(arguments[0]))


_FUNCTIONS: Mapping[str, Callable[[Sequence[Value]], Value]] = {"format": _format}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def _tokens(expression: str) -> Iterator[_Token]:
    position = 0
    while expression[position:].strip():
        found = _TOKEN.match(expression, position)
        if found is None or found.lastgroup is None:
            rest = expression[position:].strip()
            raise InvalidExpression(
                f"the sandbox does not understand {rest!r} in the expression {expression.strip()!r}"
            )
        yield _Token(found.lastgroup, found[found.lastgroup])
        position = found.end()


class _Reader:
    """Recursive descent, loosest first: or, and, equality, not, value."""

    def __init__(self, expression: str, tokens: tuple[_Token, ...], contexts: Contexts) -> None:
        self._expression = expression.strip()
        self._tokens = tokens
        self._contexts = contexts
        self._position = 0
        self._depth = 0

    def whole(self) -> Value:
        value = self._either()
        if self._position < len(self._tokens):
            raise self._confused()
        return value

    def _either(self) -> Value:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise InvalidExpression(f"an expression is nested more than {MAX_DEPTH} deep")
        value = self._both()
        while self._take("||"):
            other = self._both()
            value = value if _truth(value) else other
        self._depth -= 1
        return value

    def _both(self) -> Value:
        value = self._comparison()
        while self._take("&&"):
            other = self._comparison()
            value = other if _truth(value) else value
        return value

    def _comparison(self) -> Value:
        value = self._opposite()
        while operator := self._take("==", "!="):
            value = _equal(value, self._opposite()) is (operator == "==")
        return value

    def _opposite(self) -> Value:
        negations = 0
        while self._take("!"):
            negations += 1
        value = self._value()
        return value if not negations else _truth(value) is (negations % 2 == 0)

    def _value(self) -> Value:
        if self._take("("):
            value = self._either()
            self._need(")")
            return value
        token = self._next()
        match token.kind:
            case "text":
                return token.text[1:-1].replace("''", "'")
            case "number":
                return float(token.text)
            case "name":
                return self._named(token.text)
            case _:
                raise self._confused()

    def _named(self, name: str) -> Value:
        if self._take("("):
            return self._call(name)
        if name in _WORDS:
            return _WORDS[name]
        if name not in self._contexts:
            known = ", ".join(sorted(self._contexts))
            raise InvalidExpression(
                f"{name!r} in {self._expression!r} is not something the sandbox knows here: {known}"
            )
        return self._property(self._contexts[name])

    def _property(self, value: object) -> Value:
        while mark := self._take(".", "["):
            key = self._next().text if mark == "." else as_text(self._either())
            if mark == "[":
                self._need("]")
            value = _item(value, key)
        if value is None or isinstance(value, str | float | Mapping):
            return value
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else bool(value)

    def _call(self, name: str) -> Value:
        function = _FUNCTIONS.get(name)
        if function is None:
            raise InvalidExpression(f"the sandbox has no function {name}(); it has {', '.join(_FUNCTIONS)}()")
        arguments: list[Value] = []
        while not self._take(")"):
            if arguments:
                self._need(",")
            arguments.append(self._either())
        return function(arguments)

    def _take(self, *marks: str) -> str | None:
        if self._position == len(self._tokens):
            return None
        token = self._tokens[self._position]
        if token.kind != "mark" or token.text not in marks:
            return None
        self._position += 1
        return token.text

    def _need(self, mark: str) -> None:
        if self._take(mark) is None:
            raise self._confused()

    def _next(self) -> _Token:
        if self._position == len(self._tokens):
            raise self._confused()
        self._position += 1
        return self._tokens[self._position - 1]

    def _confused(self) -> InvalidExpression:
        return InvalidExpression(f"the sandbox cannot read the expression {self._expression!r}")


def _item(value: object, key: str) -> object:
    """What is not there is null, as on GitHub; names are found without case."""
    if not isinstance(value, Mapping):
        return None
    if key in value:
        return value[key]
    return next((item for name, item in value.items() if str(name).casefold() == key.casefold()), None)
