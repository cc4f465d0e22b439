"""The house rules that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("bot", "registry_schema", "tests", "benchmarks", "docs", "examples")
LONGEST_FUNCTION = 40
LONGEST_FILE = 350
SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "service", "base", "data"}


def files() -> list[Path]:
    return sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def place(file: Path, line: int = 0) -> str:
    return f"{file.relative_to(ROOT)}:{line}"


def test_functions_fit_on_a_screen() -> None:
    lengths = {
        place(file, function.lineno): (function.end_lineno or 0) - function.lineno + 1
        for file in files()
        for function in functions(file)
    }

    assert {where: lines for where, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_files_are_short() -> None:
    lengths = {place(file): len(file.read_text().splitlines()) for file in files()}

    assert {where: lines for where, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_names_of_modules_say_something() -> None:
    assert [place(file) for file in files() if file.stem in SAY_NOTHING] == []


def test_every_exemption_has_its_reason_on_the_line() -> None:
    exemption = re.compile(r"#\s*(?:type: ignore\[[\w, -]+\]|noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*)(?P<reason>.*)")
    bare = re.compile(r"#\s*(?:type: ignore(?!\[)|noqa(?!:))")
    without = [
        place(file, number)
        for file in files()
        if file != Path(__file__)
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if bare.search(line) or ((found := exemption.search(line)) and not re.search(r"\w{2}", found["reason"]))
    ]

    assert without == []


def test_nothing_is_patched_and_nothing_sleeps_in_tests() -> None:
    patching = r"\bmock\.patch\b|from unittest import mock|import unittest\.mock|\bsetattr\("
    forbidden = re.compile(rf"{patching}|\bsleep\(|\bEvent\(\)\.wait\(")
    allowed = {Path(__file__), ROOT / "tests" / "waiting.py"}  # the one place that waits for what others do
    tests = [file for file in files() if file.is_relative_to(ROOT / "tests") and file not in allowed]

    assert [place(file) for file in tests if forbidden.search(file.read_text())] == []
