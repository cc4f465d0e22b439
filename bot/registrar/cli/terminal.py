"""Knows how text reaches a person: colour and progress on a terminal alone, and nothing that commands the terminal."""

import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import TextIO

Json = Mapping[str, object] | Sequence[object]

_COLOURS = {"red": "31", "green": "32", "yellow": "33", "bold": "1", "faint": "2"}
_COMMANDS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_NO_CHARACTER = re.compile("[\ud800-\udfff]")  # a byte of a path that is no text


def inert(text: str) -> str:
    """Show control characters, text direction overrides and what is no text as escapes: names are other people's."""
    if text.isprintable():  # as nearly every text is, and none of what is escaped
        return text
    return _COMMANDS.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def coloured(text: str, colour: str, *, stream: TextIO) -> str:
    """Colour a text when the stream is a terminal that wants it."""
    if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"


def say_error(message: str) -> None:
    """Say in one line what is wrong; further lines are a list of problems, one each."""
    first, *others = message.splitlines() or [""]
    _write(sys.stderr, f"{coloured('registrar: error:', 'red', stream=sys.stderr)} {inert(first)}")
    for line in others:
        _write(sys.stderr, inert(line))


def say_progress(message: str) -> None:
    """Tell someone who waits what is being done; nobody waits at a pipe."""
    if sys.stderr.isatty():
        _write(sys.stderr, coloured(inert(message), "faint", stream=sys.stderr))


def say_aside(message: str) -> None:
    """Tell how an answer was come by, beside the answer: a program that reads it is not disturbed."""
    _write(sys.stderr, coloured(inert(message), "faint", stream=sys.stderr))


def say(message: str = "") -> None:
    """Print a line of the answer."""
    _write(sys.stdout, inert(message))


def say_text(text: str) -> None:
    """Print a text of our own as it is."""
    sys.stdout.write(text)


def say_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns as wide as what stands in them."""
    lines = [list(headings), *([inert(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    for number, line in enumerate(lines):
        text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        _write(sys.stdout, text if number else coloured(text, "bold", stream=sys.stdout))


def say_json(value: Json) -> None:
    """Print one JSON document."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    _write(sys.stdout, _NO_CHARACTER.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def _write(stream: TextIO, line: str) -> None:
    stream.write(f"{line}\n")
