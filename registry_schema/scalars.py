"""What a plain YAML scalar means, and which are refused because two readers would take them in two ways."""

import math
import re
from dataclasses import dataclass

Scalar = str | int | float | bool | None

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:nan|inf)", re.IGNORECASE)
# YAML 1.1 and 1.2 disagree on these: truth or a word, octal or decimal, thousands or text, minutes or text.
_AMBIGUOUS = re.compile(
    r"yes|no|on|off"
    r"|[-+]?0(?:x[0-9a-f_]+|o[0-7_]+|b[01_]+)"  # a hash may begin with 0b, as one of 256 does
    r"|[-+]?0[0-9_]+(?:\.[0-9_]*)?"
    r"|[-+]?[0-9]+(?:_[0-9]*)+(?:\.[0-9_]*)?"
    r"|[-+]?[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9_]*)?",
    re.IGNORECASE,
)
_LONGEST_NUMBER = 64  # anything longer is text, so that no pattern here meets a long hostile input
_MOST_DIGITS = 18  # what every reader of YAML and JSON holds exactly

_MAYBE_TEXT = "put it in quotes if it is text"


@dataclass(frozen=True, slots=True)
class Misread:
    """A plain scalar that cannot be taken at its word."""

    message: str
    mend: str


def read_plain(text: str) -> Scalar | Misread:
    """The value of a scalar without quotes, by the core schema of YAML 1.2; a date stays text."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if len(text) > _LONGEST_NUMBER:
        return text
    return _read_number(text)


def _read_number(text: str) -> Scalar | Misread:
    if _AMBIGUOUS.fullmatch(text):
        mend = f"{_MAYBE_TEXT}; otherwise write true, false or a plain decimal number"
        return Misread(f"{text} means different things to different readers of YAML", mend)
    if _INTEGER.fullmatch(text):
        digits = text.lstrip("+-")
        return int(text) if len(digits) <= _MOST_DIGITS else Misread(f"the number {text} is too large", _MAYBE_TEXT)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return Misread(f"the number {text} is too large", _MAYBE_TEXT) if math.isinf(number) else number
    if _NOT_FINITE.fullmatch(text):
        return Misread(f"{text} is not a finite number", "leave it out, or write the number that was measured")
    return text
