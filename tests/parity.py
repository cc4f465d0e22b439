"""Knows that a test runs on every forge, unless it says on which one alone, and why."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import pytest

FORGES = ("github", "gitlab")
SPOKEN = "spoken"  # the fixture that holds the forge's name


@dataclass(frozen=True, slots=True)
class Collected:
    """One test as it would run: its name without the forge, the forge, and what it says about running on one alone."""

    test: str
    forge: str  # empty: it asks for none
    only_on: str = ""
    because: str = ""
    faults: Sequence[int] = ()  # that it proves the bot to survive
    proves_for: str = ""  # the one forge whose adapter a test that asks for none is about; empty: all
    why_pure: str = ""  # why a test that asks for no forge proves it all the same


def only_on(forge: str, *, because: str) -> pytest.MarkDecorator:
    """Mark a test that makes sense on one forge alone; the reason is a whole sentence about the other one."""
    return pytest.mark.only_on(forge, because=because)


def speak(metafunc: pytest.Metafunc, forges: Iterable[str]) -> None:
    """Let a test that needs a forge run on each of these, or on the one that it is marked for."""
    if SPOKEN not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("only_on")
    metafunc.parametrize(SPOKEN, [forge for forge in forges if marker is None or marker.args == (forge,)])


def lacking(tests: Iterable[Collected], forges: Iterable[str] = FORGES) -> list[str]:
    """What is wrong with each test that does not run on every forge, in a sentence; none when nothing is."""
    runs: dict[str, dict[str, Collected]] = {}
    for test in tests:
        runs.setdefault(test.test, {})[test.forge] = test
    return [f"{test}: {complaint}" for test, by in sorted(runs.items()) if (complaint := _complaint(by, set(forges)))]


def _complaint(by: Mapping[str, Collected], forges: set[str]) -> str:
    found, marked = by.keys() & forges, next(iter(by.values()))
    if not found:
        return "runs on no forge"
    if marked.only_on and not marked.because.strip():
        return f"does not say why it runs on {marked.only_on} alone"
    if marked.only_on and found != {marked.only_on}:
        return f"is marked for {marked.only_on} and runs on {', '.join(sorted(found))}"
    if not marked.only_on and found != forges:
        return f"runs on {', '.join(sorted(found))} alone and does not say why"
    return ""


def pytest_collection_finish(session: pytest.Session) -> None:
    """Print what was collected, one JSON object a line; for a collection that was started with `-p parity`."""
    for item in session.items:
        print(json.dumps(asdict(as_collected(item))))  # noqa: T201 - its standard output is what is read


def as_collected(item: pytest.Item) -> Collected:
    """What pytest has gathered, as it would run."""
    called = getattr(item, "callspec", None)
    forge = str(called.params.get(SPOKEN, "")) if called else ""
    rest = sorted(part for part in called.id.split("-") if part != forge) if called else []
    marker = item.get_closest_marker("only_on")
    name = f"{item.nodeid.partition('[')[0]}{rest or ''}"
    found = Collected(name, forge, **_proven(item))
    if marker is None:
        return found
    return replace(found, only_on=str(marker.args[0]), because=str(marker.kwargs.get("because", "")))


def _proven(item: pytest.Item) -> dict[str, Any]:
    """What the marks of a test, and of what holds it, say about faults; the nearest mark gives the reason."""
    marks = list(item.iter_markers("fault"))
    said = next((mark.kwargs for mark in marks if mark.kwargs), {})
    return {
        "faults": sorted({int(number) for mark in marks for number in mark.args}),
        "proves_for": str(said.get("on", "")),
        "why_pure": str(said.get("because", "")),
    }
