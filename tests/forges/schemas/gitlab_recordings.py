"""Knows the answers of GitLab that its client libraries test with, and what is always in them."""

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ADDRESS = re.compile(r'"/api/v4/(?P<path>[^"?]+)"(?P<handler>.*?)\n\t\}\)', re.DOTALL)
_METHOD = re.compile(r"http\.Method(\w+)")
_ANSWER = re.compile(r'`([^`]+)`|"(testdata/[^"]+\.json)"')


@dataclass(frozen=True, slots=True)
class Recording:
    """One answer of GitLab, as somebody's tests have it."""

    method: str
    path: str  # projects/1/hooks
    answer: Any


def of_go_gitlab(package: Path) -> Iterator[Recording]:
    """Those that go-gitlab's own tests serve."""
    for file in sorted(package.glob("*_test.go")):
        for handled in _ADDRESS.finditer(file.read_text()):
            method, answer = _METHOD.search(handled["handler"]), _ANSWER.search(handled["handler"])
            if method is None or answer is None:
                continue
            text = (package / answer[2]).read_text() if answer[2] else answer[1]
            with suppress(ValueError):  # what is no JSON is a request, or a text
                yield Recording(method[1].upper(), handled["path"], json.loads(text))


def of_python_gitlab(package: Path) -> Iterator[Recording]:
    """Those that python-gitlab's own tests serve."""
    for file in sorted((package / "tests" / "unit" / "objects").glob("test_*.py")):
        module = ast.parse(file.read_text())
        everywhere = _literals(module.body, {})
        for function in ast.walk(module):
            if isinstance(function, ast.FunctionDef):
                yield from _served(function, _literals(function.body, everywhere))


def _literals(statements: Sequence[ast.stmt], known: Mapping[str, Any]) -> dict[str, Any]:
    """The names that stand for plain values."""
    found = dict(known)
    for statement in statements:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            with suppress(ValueError):
                found[statement.targets[0].id] = ast.literal_eval(statement.value)
    return found


def _served(function: ast.FunctionDef, known: Mapping[str, Any]) -> Iterator[Recording]:
    for call in ast.walk(function):
        if not isinstance(call, ast.Call):
            continue
        given = {each.arg: each.value for each in call.keywords}
        method, url, content = given.get("method"), given.get("url"), given.get("json")
        if not (isinstance(method, ast.Attribute) and isinstance(url, ast.Constant) and content):
            continue
        path = str(url.value).partition("/api/v4/")[2].partition("?")[0]
        with suppress(ValueError, KeyError):  # what is put together in the test
            answer = known[content.id] if isinstance(content, ast.Name) else ast.literal_eval(content)
            yield Recording(method.attr, path, answer)


def always(answers: Sequence[Any], *, cut: bool) -> dict[str, Any]:
    """What answers of one kind hold, as a schema of names alone: of cut ones what any holds, else what each does."""
    objects = [each for each in answers if isinstance(each, dict)]
    items = [item for each in answers if isinstance(each, list) for item in each]
    held: dict[str, Any] = {}
    if objects:
        names = sorted({name for each in objects for name in each})
        parts = {name: always([each[name] for each in objects if name in each], cut=cut) for name in names}
        required = [name for name in names if cut or all(name in each for each in objects)]
        held = {"required": required, "properties": parts}
    if inner := always(items, cut=cut) if items else {}:
        held["items"] = inner
    return held


def nulls(answer: object, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where an answer holds nothing."""
    if answer is None:
        yield at
    for name, item in answer.items() if isinstance(answer, dict) else ():
        yield from nulls(item, (*at, name))
    for item in answer if isinstance(answer, list) else ():
        yield from nulls(item, (*at, "*"))
