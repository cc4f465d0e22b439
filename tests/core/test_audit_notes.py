"""Claims about what is taken from a note that anybody may have written."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.builders import ANA
from core.ledgers import deployed, merged, pushed, rejected
from registrar.core.audit_notes import content, listed, login, told
from registrar.core.ledger import BrokenGlass, Entry
from registrar.core.ledger_text import documents, written

LANDED = merged().commit
GLASS = BrokenGlass(ANA, "production is down", "https://forge.example/1")


def note(*changed: tuple[str, str]) -> bytes:
    """The note of a promotion, with some of its text replaced."""
    text = written([merged()])
    for old, new in changed:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def values(entry: Entry) -> Mapping[str, object]:
    """What the note of an entry says, key by key."""
    (said,) = documents(written([entry]))
    return said


def test_every_event_is_told_under_its_name() -> None:
    entries: list[Entry] = [merged(), deployed(), pushed(commit=LANDED), rejected()]

    found = told(written(entries).encode(), LANDED)

    assert found.doubts == []
    counts = [len(found.merged), len(found.deployed), len(found.pushed), len(found.rejected)]
    assert counts == [1, 1, 1, 1]


def test_without_a_note_nothing_is_told() -> None:
    found = told(b"", LANDED)

    assert (found.merged, found.doubts) == ([], [])


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        pytest.param(b"\xff\xfe", "no text in UTF-8", id="no UTF-8"),
        pytest.param(b"---\nevent: [\n", "no text of the ledger", id="no YAML"),
        pytest.param(b"- a\n- b\n", "no entry of the ledger", id="no keys"),
        pytest.param(b"---\nevent: approved\n", "no entry of the ledger is called 'approved'", id="another event"),
        pytest.param(b"---\nnumber: 7\n", "no event is named", id="no event"),
        pytest.param(note(("number: 7", 'number: "7"')), "number must be a whole number", id="a text for a number"),
        pytest.param(note(("number: 7", "number: true")), "number must be a whole number", id="a truth for a number"),
        pytest.param(note(("12:01:00Z", "12:01:00")), "at must be a moment", id="a moment without an offset"),
        pytest.param(note(("2026-03-01T12:01", "2026-13-01T12:01")), "at must be a moment", id="no moment at all"),
        pytest.param(note(('"approved"', '"waved through"')), "ruling must be approved or", id="another ruling"),
        pytest.param(note(('requester: {"id": 3, "login": "mei"}', "requester: 3")), "requester", id="no person"),
        pytest.param(note(("approvals:\n- {", "approvals:\n- 7\n- {")), "approvals[0]", id="no approval"),
        pytest.param(note(("approvals:\n", "nothing:\n")), "approvals is missing", id="no approvals at all"),
        pytest.param(note(('"login": "ana"', '"login": null')), "login", id="an approver without a name"),
        pytest.param(note(("content:\n- [", "content:\n- [7, ")), "content[0]", id="content of three"),
        pytest.param(note(("content:\n- [", "content:\n- 7\n- [")), "content[0]", id="content that is no pair"),
        pytest.param(note(("contributors:\n", "contributors: 7\nx:\n")), "contributors must be a list", id="no list"),
        pytest.param(
            note(("approved by ana", "approved by \\ud800")), "says what the ledger never says", id="half a character"
        ),
        pytest.param(
            note(("ruling:", 'glass: {"reason": "fire"}\nruling:')), "glass.person", id="glass that nobody broke"
        ),
    ],
)
def test_what_the_ledger_never_says_is_named_and_not_told(text: bytes, doubt: str) -> None:
    found = told(text, LANDED)

    assert found.merged == []
    assert len(found.doubts) == 1
    assert doubt in found.doubts[0]
    assert "\n" not in found.doubts[0]


def test_a_note_of_another_commit_is_named_and_not_told() -> None:
    found = told(note(), "d" * 40)

    assert found.merged == []
    assert found.doubts == [f"its note speaks of another commit, '{LANDED}'"]


@pytest.mark.parametrize("named", ["7", "[]"])
def test_a_note_of_what_is_no_commit_is_named_and_not_told(named: str) -> None:
    found = told(f"{written([deployed()])}commit: {named}\n".encode(), LANDED)

    assert found.deployed == []
    assert len(found.doubts) == 1


def test_a_note_that_was_cut_is_not_read() -> None:
    assert told(note(), LANDED, is_cut=True).doubts == ["its note is larger than any of the ledger, and was not read"]


def test_what_stands_before_the_damage_is_still_told() -> None:
    found = told(note() + b"---\nevent: [\n", LANDED)

    assert [event["number"] for event in found.merged] == [7]
    assert len(found.doubts) == 1


def test_an_escaped_character_is_one() -> None:
    found = told(note(("approved by ana", "approved by \\u00e4na")), LANDED)

    assert found.doubts == []


def test_a_deleted_account_is_nobody() -> None:
    assert login(None) == ""


def test_an_event_that_has_no_such_list_lists_nothing() -> None:
    (event,) = documents(written([rejected()]))

    assert listed(event, "approvals") == ()


KEYS = sorted({key for entry in (merged(glass=GLASS), deployed(), pushed(), rejected()) for key in values(entry)})
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 9) | st.just("x"),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["person", "login", "id", "path"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(st.sampled_from([merged(), deployed(), pushed(), rejected()]), st.sampled_from(KEYS), VALUES)
def test_whatever_stands_under_a_key_nothing_breaks_and_nothing_false_is_told(
    entry: Entry, key: str, value: object
) -> None:
    said = dict(values(entry)) | {key: value}
    note = "---\n" + "".join(f"{each}: {json.dumps(what)}\n" for each, what in said.items())

    found = told(note.encode(), LANDED)

    for event in (*found.merged, *found.pushed, *found.rejected):
        assert all(isinstance(login(event.get(role)), str) for role in ("author", "requester", "by"))
        assert all(isinstance(path, str) for path in (*content(event), *listed(event, "paths")))
        assert all(isinstance(approval["person"]["login"], str) for approval in listed(event, "approvals"))
