"""What a validator finds in a document, in words that a person who never saw the validator understands."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from registry_schema.document import Document, KeyPath
from registry_schema.problems import PROBLEM_LIMIT
from registry_schema.scalars import read_plain
from registry_schema.wording import found, label, nearest, shown

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "dataclass_type": "a mapping",
    "greater_than_equal": "{ge:g} or more",
    "less_than_equal": "{le:g} or less",
    "enum": "{expected}",
    "literal_error": "{expected}",
    "refused": "{expected}",
}
_MENDS = {
    "a whole number": "write a whole number, such as 3",
    "a number": "write a number, such as 0.95",
    "a list": "write a list, each entry after a dash",
    "a mapping": "write its keys below it, indented",
}


class Complaint(NamedTuple):
    """Something wrong at a key path."""

    keys: KeyPath
    message: str
    mend: str


def complaints(
    error: ValidationError, document: Document, known: Callable[[KeyPath], Sequence[str]]
) -> list[Complaint]:
    """One complaint for each key at fault; known tells which keys may stand below a key path."""
    details: dict[KeyPath, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False, include_input=False):
        details.setdefault(_keys(detail, document), []).append(detail)
    first = sorted(details, key=document.line)[: PROBLEM_LIMIT + 1]
    return [complaint for keys in first for complaint in _complaints_at(keys, details[keys], document, known)]


def _keys(detail: ErrorDetails, document: Document) -> KeyPath:
    """The part of a location that stands in the file; the validator adds names of its own."""
    keys: KeyPath = ()
    for part in detail["loc"]:
        if (*keys, part) in document.places:
            keys = (*keys, part)
    return keys


def _complaints_at(
    keys: KeyPath, details: Sequence[ErrorDetails], document: Document, known: Callable[[KeyPath], Sequence[str]]
) -> Iterator[Complaint]:
    rest = []
    for detail in details:
        name = str(detail["loc"][-1])
        match detail["type"]:
            case "missing":
                yield Complaint(keys, f"{label((*keys, name))} is missing", "add it")
            case "unexpected_keyword_argument":
                yield Complaint(keys, f"the key {label(keys)} is not known", _known(name, known(keys[:-1])))
            case _ if name == "[key]":
                yield _wrong_key(keys, detail)
            case _:
                rest.append(detail)
    if rest and keys not in document.misread:
        yield _wrong_value(keys, rest, document)


def _known(name: str, known: Sequence[str]) -> str:
    return nearest(name, known, otherwise=f"known here: {', '.join(known)}")


def _wrong_key(keys: KeyPath, detail: ErrorDetails) -> Complaint:
    context = detail.get("ctx", {})
    return Complaint(keys, f"the key {label(keys)} must be {context['expected']}", context["mend"])


def _wrong_value(keys: KeyPath, details: Sequence[ErrorDetails], document: Document) -> Complaint:
    place = document.places[keys]
    if place.value is None:
        return no_value(keys)
    expected = _expected(details)
    message = f"{label(keys)} must be {expected}, not {found(place.value, place.spelled, expected=expected)}"
    return Complaint(keys, message, _mend(expected, details[0], place.value, place.spelled))


def no_value(keys: KeyPath) -> Complaint:
    """A key that is written with nothing after it."""
    return Complaint(keys, f"{label(keys)} has no value", "give it one, or leave it out")


def _expected(details: Sequence[ErrorDetails]) -> str:
    """What any of the alternatives would have accepted, each once."""
    unique = list(dict.fromkeys(_words(detail) for detail in details))
    if "a number" in unique:
        unique = [word for word in unique if word != "a whole number"]
    return " or ".join([", ".join(unique[:-1]), unique[-1]] if unique[1:] else unique)


def _words(detail: ErrorDetails) -> str:
    words = _EXPECTED.get(detail["type"], "something else").format(**detail.get("ctx", {}))
    return words.replace("'", "") if detail["type"] in ("enum", "literal_error") else words


def _mend(expected: str, detail: ErrorDetails, value: object, spelled: str) -> str:
    own = str(detail.get("ctx", {}).get("mend", ""))
    match detail["type"], value:
        case "string_type" | "refused", int() | float():
            return f'put it in quotes: "{shown(spelled)}"' + (f", and {own}" if own else "")
        case "enum" | "literal_error", _:
            return nearest(
                spelled, expected.replace(",", "").replace(" or", "").split(), otherwise=f"choose {expected}"
            )
        case "int_type" | "float_type", str() if isinstance(read_plain(value), int | float):
            return "take off the quotes"
        case "tuple_type", str() | int() | float():
            return f"write it as a list: [{shown(spelled)}]"
    return own or _MENDS.get(expected, f"write {expected}")
