"""What the parser means when it says that a file is not YAML."""

import yaml

_BRACKETS = "did not find expected node content", "did not find expected ',' or ']'", "did not find expected ',' or '}'"


def syntax_error(error: yaml.YAMLError, text: str) -> tuple[int, str, str]:
    """The line, what is wrong there, and how to mend it."""
    lines = text.splitlines() or [""]
    line = _line(getattr(error, "problem_mark", None), lines)
    opened = _line(getattr(error, "context_mark", None), lines)
    problem = str(getattr(error, "problem", error))
    if lines[line - 1].lstrip(" ").startswith("\t"):
        return line, "this line is indented with a tab", "indent with spaces"
    if problem == "found unexpected end of stream":
        return opened, "the quote that opens here is never closed", "close it"
    if problem in _BRACKETS:
        return opened, "the bracket that opens here is not closed as it should be", "check its commas and its end"
    if problem == "mapping values are not allowed in this context":
        return line, "a colon stands where no key can be", "put text that holds a colon in quotes"
    if problem == "found character that cannot start any token":
        return line, "a value begins with a character that YAML reserves", "put text in quotes"
    return line, f"this is not YAML: {problem}", "check the indentation, colons and quotes here and on the line above"


def _line(mark: yaml.Mark | None, lines: list[str]) -> int:
    """An unfinished file fails behind its last line, where no one can look."""
    return min(mark.line + 1, len(lines)) if mark else 1
