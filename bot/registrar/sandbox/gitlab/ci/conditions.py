"""Knows what `rules: if:` says: variables compared with texts and patterns, joined by `&&` and `||`."""

import re
from collections.abc import Iterator, Mapping

from registrar.sandbox.gitlab.ci.refusals import InvalidPipeline

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<pattern>/(?:\\.|[^/\\])+/i?)|(?P<null>null\b)"""
    r"""|(?P<name>\$[A-Za-z_][A-Za-z0-9_]*|\$\{[A-Za-z_][A-Za-z0-9_]*\})|(?P<mark>&&|\|\||==|!=|=~|!~|[()]))"""
)
_MOST_NESTED = 50

Value = str | re.Pattern[str] | None


def holds(condition: str, variables: Mapping[str, str]) -> bool:
    """Whether a condition is true of these variables. Raises `InvalidPipeline` when it cannot be read."""
    return _Reader(condition, variables).whole()


class _Reader:
    """Recursive descent, loosest first: or, and, comparison, value."""

    def __init__(self, condition: str, variables: Mapping[str, str]) -> None:
        self._condition, self._variables = condition, variables
        self._tokens = list(self._split())
        self._position, self._depth = 0, 0

    def whole(self) -> bool:
        found = self._either()
        if self._position < len(self._tokens):
            raise self._confused()
        return found

    def _split(self) -> Iterator[tuple[str, str]]:
        position = 0
        while self._condition[position:].strip():
            found = _TOKEN.match(self._condition, position)
            if found is None or found.lastgroup is None:
                raise self._confused()
            yield found.lastgroup, found[found.lastgroup]
            position = found.end()

    def _either(self) -> bool:
        self._depth += 1
        if self._depth > _MOST_NESTED:
            raise self._confused()
        found = self._both()
        while self._take("||"):
            other = self._both()
            found = found or other
        self._depth -= 1
        return found

    def _both(self) -> bool:
        found = self._comparison()
        while self._take("&&"):
            other = self._comparison()
            found = found and other
        return found

    def _comparison(self) -> bool:
        if self._take("("):
            found = self._either()
            if not self._take(")"):
                raise self._confused()
            return found
        left = self._value()
        operator = self._take("==", "!=", "=~", "!~")
        if operator is None:
            return left not in {None, ""}
        right = self._value()
        if operator in {"==", "!="}:
            return (left == right) is (operator == "==")
        return self._matches(left, right) is (operator == "=~")

    def _matches(self, left: Value, right: Value) -> bool:
        """A variable may hold the pattern; nothing matches none."""
        pattern = _pattern(right) if isinstance(right, str) else right
        if isinstance(left, re.Pattern) or not isinstance(pattern, re.Pattern):
            raise self._confused()
        return left is not None and pattern.search(left) is not None

    def _value(self) -> Value:
        kind, text = self._tokens[self._position] if self._position < len(self._tokens) else ("", "")
        self._position += 1
        match kind:
            case "text":
                return text[1:-1]
            case "name":
                return self._variables.get(text.strip("${}"))
            case "null":
                return None
            case "pattern":
                return _pattern(text)
            case _:
                raise self._confused()

    def _take(self, *marks: str) -> str | None:
        if self._position == len(self._tokens):
            return None
        kind, text = self._tokens[self._position]
        if kind != "mark" or text not in marks:
            return None
        self._position += 1
        return text

    def _confused(self) -> InvalidPipeline:
        return InvalidPipeline(f"rules:rule if invalid expression syntax: {self._condition!r}")


def _pattern(text: str) -> re.Pattern[str]:
    """The pattern `/text/`, or `/text/i`. Raises `InvalidPipeline` for anything else."""
    found = re.fullmatch(r"/(.+)/(i?)", text, re.DOTALL)
    if found is None:
        raise InvalidPipeline(f"rules:rule if: {text!r} is no pattern")
    try:
        return re.compile(found[1].replace("\\/", "/"), re.IGNORECASE if found[2] else 0)
    except re.error as error:
        raise InvalidPipeline(f"rules:rule if: {text!r} is no pattern: {error}") from error
