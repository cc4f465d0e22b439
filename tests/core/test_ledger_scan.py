"""Claims about the pattern that reads what we write: all of that, and nothing that another reader would not read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ledgers import counted, deployed, entries, merged, pushed, rejected
from registrar.core.ledger import BrokenGlass, Entry
from registrar.core.ledger_scan import scanned
from registrar.core.ledger_text import documents, read, written
from registrar.core.people import Person

GLASS = BrokenGlass(Person(1, "ana"), 'it "burns"\n', "https://forge.example/1")
NOTE = written([merged(glass=GLASS), deployed(), pushed(), rejected(requester=None)])
SPELLED = sorted(set(NOTE) | set("\\u\0\x1f\x7f\x85\u2028é{}[]:,-.e+ \n\t"))


def agrees(text: str) -> bool:
    """Whether the pattern leaves a note to the others, or reads what they read."""
    events = scanned(text)
    if events is None:
        return True
    read(text)  # the strictest reader takes it as well
    return [
        {name: said.get(name) for name in document if name not in {"event", "key"}} | {"event": event}
        for (event, said), document in zip(events, documents(text), strict=True)
    ] == [{name: value for name, value in document.items() if name != "key"} for document in documents(text)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(NOTE, id="every event"),
        pytest.param(NOTE.replace("---", "\n---"), id="as git notes append leaves it"),
        pytest.param(f"{NOTE}\n", id="as git prints it"),
        pytest.param(written([merged(approvals=(counted(), counted()), measured=())]), id="none and two"),
    ],
)
def test_what_the_bot_writes_is_read_at_once(text: str) -> None:
    assert scanned(text) is not None
    assert agrees(text)


@given(st.lists(entries, max_size=2))
def test_it_reads_what_is_read_line_by_line(said: list[Entry]) -> None:
    assert agrees(written(said))


@given(st.data())
def test_no_slip_of_a_pen_is_read_as_something_else(data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(NOTE)))
    end = min(begin + data.draw(st.integers(0, 3)), len(NOTE))
    put = data.draw(st.text(st.sampled_from(SPELLED), max_size=3))

    assert agrees(NOTE[:begin] + put + NOTE[end:])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("number: 7\n", "number: 07\n", id="a number with a nought before it"),
        pytest.param("number: 7\n", f"number: {'7' * 5000}\n", id="a number without end"),
        pytest.param('"at": "2026-03-01T', '"at": "2026-02-30T', id="a day that no month has"),
        pytest.param('login": "ana"', 'login": "\\ud800"', id="half a character"),
        pytest.param('login": "ana"', 'login": "ana", "login": "eve"', id="a key twice"),
        pytest.param("checks:\n", "checks: []\nchecks:\n", id="a list twice"),
        pytest.param('event: "pushed"', 'event: "sold"', id="another event"),
        pytest.param("registrations: []", "registrations:", id="a list of nothing"),
    ],
)
def test_what_the_bot_never_writes_is_left_to_others(old: str, new: str) -> None:
    assert old in NOTE

    assert scanned(NOTE.replace(old, new, 1)) is None


def test_what_an_event_does_not_have_is_nothing() -> None:
    ((_, said),) = scanned(written([merged()])) or []

    assert (said.get("glass"), said.get("operation")) == (None, None)
