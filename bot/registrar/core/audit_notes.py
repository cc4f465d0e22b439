"""Knows what the note of a step says, without believing a word of its shape: anybody can write a note."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, get_args

from registrar.core.ledger import Ruling
from registrar.core.ledger_scan import scanned
from registrar.core.ledger_text import documents, read
from registrar.errors import InvalidRegistry


class Facts(Protocol):
    """An event of the ledger, or a part of one, with its shape checked."""

    def __getitem__(self, name: str, /) -> Any:
        """The value of a key that every such event has."""

    def get(self, name: str, /) -> Any:
        """The value of a key; None where the event has no such key."""


@dataclass(frozen=True)
class _Shape:
    """Which keys a mapping must have, and of what kind their values must be."""

    keys: tuple[str, ...]
    kinds: list[type]

    def fits(self, value: object) -> bool:
        """Whether the value has at least these; asked millions of times, so nothing here is written in Python twice."""
        return isinstance(value, dict) and list(map(type, map(value.get, self.keys))) == self.kinds


def _shape(**kinds: type) -> _Shape:
    return _Shape(tuple(kinds), list(kinds.values()))


_PERSON = _shape(login=str, id=int)
_GLASS = _shape(person=dict, reason=str, url=str)
_EVENTS: Mapping[str, _Shape] = {
    "merged": _shape(number=int, url=str, commit=str, before=str, ruling=str, reason=str, at=str),
    "deployed": _shape(
        operation=str,
        number=int,
        at=str,
        model=str,
        version=str,
        status=str,
        repository=str,
        pipeline=str,
        outcome=str,
        detail=str,
        url=str,
    ),
    "pushed": _shape(commit=str, before=str, at=str),
    "rejected": _shape(number=int, url=str, reason=str, by=dict, at=str),
}
_APPROVAL = _shape(person=dict, permission=str, path=str, rule=str, word=str, review=int, sha=str, at=str)
_LISTS: Mapping[str, _Shape] = {
    "transitions": _shape(model=str, version=str, before=str, after=str),
    "contributors": _PERSON,
    "approvals": _APPROVAL,
    "approvals_before": _APPROVAL,
    "checks": _shape(name=str, state=str, reason=str),
    "measured": _shape(model=str, version=str, metric=str, judgement=str),
}
_MUST_LIST: Mapping[str, frozenset[str]] = {
    "merged": frozenset(_LISTS) - {"approvals_before"},
    "deployed": frozenset(),
    "pushed": frozenset({"transitions"}),
    "rejected": frozenset({"transitions"}),
}
_RULINGS = frozenset(get_args(Ruling))
_MISSHAPEN = "its note says what the ledger never says"


@dataclass(slots=True)
class Told:
    """What a note says, event by event, and what is wrong with it."""

    merged: list[Facts] = field(default_factory=list)
    deployed: list[Facts] = field(default_factory=list)
    pushed: list[Facts] = field(default_factory=list)
    rejected: list[Facts] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def told(note: bytes, commit: str, *, is_cut: bool = False) -> Told:
    """What the note of a commit says. What cannot be read is a doubt, and the rest is still told."""
    found = Told()
    if not note:
        return found
    text = _text(note, found.doubts, is_cut=is_cut)
    events = scanned(text)
    if events is None:
        _read_by_line(text, commit, found)
    else:
        for kind, event in events:
            _take(kind, event, commit, found)
    return found


def listed(event: Facts, name: str) -> Sequence[Facts]:
    """A list of the event; none where it says none."""
    found: Sequence[Facts] = event.get(name) or ()
    return found


def content(event: Facts) -> tuple[str, ...]:
    """The guarded files of the event."""
    pairs: Sequence[tuple[str, str]] = event.get("content") or ()
    return tuple(path for path, _ in pairs)


def moment(text: object) -> datetime | None:
    """A moment of the ledger; None for what is none."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def login(person: Facts | None) -> str:
    """What an account is called; nobody, where it was deleted."""
    return str(person["login"]) if person else ""


def _text(note: bytes, doubts: list[str], *, is_cut: bool) -> str:
    if is_cut:
        doubts.append("its note is larger than any of the ledger, and was not read")
        return ""
    try:
        return note.decode()
    except UnicodeDecodeError:
        doubts.append("its note is no text in UTF-8, and was not read")
        return ""


def _read_by_line(text: str, commit: str, found: Told) -> None:
    try:
        for event in documents(text, where="note"):
            kind = event.get("event")
            if isinstance(kind, str) and _is_text(event, text) and _is_well_shaped(event, kind):
                _take(kind, event, commit, found)
            else:
                found.doubts.append(_MISSHAPEN)
    except InvalidRegistry as error:
        found.doubts.append(f"its note is no text of the ledger: {_first_line(error)}")
    if _MISSHAPEN in found.doubts:
        found.doubts = [_what_is_wrong(text) if doubt == _MISSHAPEN else doubt for doubt in dict.fromkeys(found.doubts)]


def _is_text(event: Facts, text: str) -> bool:
    """Whether every character of it is one: an escape can name half of one, which nothing can print."""
    if "\\u" not in text:
        return True
    try:
        json.dumps(event, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        return False
    return True


def _take(kind: str, event: Facts, commit: str, found: Told) -> None:
    named = event.get("commit")
    if named is not None and named != commit:
        found.doubts.append(f"its note speaks of another commit, {str(named)[:40]!r}")
    else:
        getattr(found, kind).append(event)


def _is_well_shaped(event: Facts, kind: str) -> bool:
    return (
        kind in _EVENTS
        and _EVENTS[kind].fits(event)
        and moment(event["at"]) is not None
        and (kind != "merged" or event["ruling"] in _RULINGS)
        and all(_all_fit(event.get(name), shape, is_needed=name in _MUST_LIST[kind]) for name, shape in _LISTS.items())
        and all(_PERSON.fits(person) for person in _people(event))
        and all(isinstance(path, str) for path in _paths(event))
    )


def _all_fit(values: object, shape: _Shape, *, is_needed: bool) -> bool:
    if values is None:
        return not is_needed
    return isinstance(values, list) and all(map(shape.fits, values))


def _people(event: Facts) -> Iterator[object]:
    yield from (event[role] for role in ("author", "requester", "by") if event.get(role) is not None)
    approvals = (*listed(event, "approvals"), *listed(event, "approvals_before"))
    yield from (approval["person"] for approval in approvals)
    glass = event.get("glass")
    if glass is not None:
        yield glass["person"] if _GLASS.fits(glass) else None


def _paths(event: Facts) -> Iterator[object]:
    for each in _several(event.get("content")):
        yield from each if isinstance(each, list) and len(each) == 2 else [None]  # noqa: PLR2004 - a path, a blob
    yield from _several(event.get("paths"))


def _several(values: object) -> Sequence[object]:
    """What is no list holds something that is nothing of the ledger's."""
    if values is None:
        return ()
    return values if isinstance(values, list) else [None]


def _what_is_wrong(text: str) -> str:
    """What the strict reader complains of, which is slower and says more."""
    try:
        read(text, where="note")
    except InvalidRegistry as error:
        return f"{_MISSHAPEN}: {_first_line(error)}"
    return _MISSHAPEN


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
