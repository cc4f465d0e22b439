"""What the ledger says, as text: everybody reads the same in it."""

from datetime import timedelta, timezone

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.builders import ANA, NOON
from core.ledgers import counted, deployed, entries, merged, pushed, rejected
from registrar.core.ledger import BrokenGlass, Entry, Measured, Merged
from registrar.core.ledger_text import EVENTS, documents, keys_in, read, written
from registrar.core.pull_requests import Outcome
from registrar.errors import InvalidRegistry

PROMOTION = """\
---
event: "merged"
key: "merged-7-c0ffee1000000000"
number: 7
url: "https://forge.example/acme/registry/pull/7"
at: "2026-03-01T12:01:00Z"
commit: "c0ffee1000000000000000000000000000000000"
before: "b4d5f00000000000000000000000000000000000"
head: "3f2a91c000000000000000000000000000000000"
author: {"id": 99, "login": "registrar", "is_bot": true}
requester: {"id": 3, "login": "mei"}
contributors:
- {"id": 99, "login": "registrar", "is_bot": true}
ruling: "approved"
reason: "approved by ana (CODEOWNERS:3)"
transitions:
- {"model": "digits", "version": "1.1.0", "before": "Staging", "after": "Production"}
registrations: []
approvals:
- {"person": {"id": 1, "login": "ana"}, "permission": "admin", "path": "models/digits/status.yaml", \
"rule": "CODEOWNERS:3", "word": "@ana", "review": 12, "sha": "3f2a91c000000000000000000000000000000000", \
"at": "2026-03-01T12:00:00Z"}
checks:
- {"name": "approval of models/digits/status.yaml", "state": "passed", "reason": "approved by ana (CODEOWNERS:3)"}
measured:
- {"model": "digits", "version": "1.1.0", "metric": "accuracy", "value": 0.97, "against": "1.0.0", \
"status": "Production", "other": 0.95, "judgement": "better"}
content:
- ["models/digits/status.yaml", "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"]
"""


def test_a_promotion_reads_like_this() -> None:
    assert written([merged()]) == PROMOTION


@given(st.lists(entries, max_size=3))
def test_what_was_written_is_read(said: list[Entry]) -> None:
    assert list(read(written(said))) == said


@given(st.lists(entries, max_size=3))
def test_every_reader_of_yaml_reads_the_same(said: list[Entry]) -> None:
    text = written(said)

    loaded = [each for each in yaml.safe_load_all(text) if each is not None]

    assert loaded == list(documents(text))


@given(entries)
def test_no_text_moves_a_line_or_hides_one(said: Entry) -> None:
    lines = written([said]).encode().decode().splitlines()

    assert all(line == "---" or line[:2] == "- " or line.partition(":")[0].isidentifier() for line in lines)


def test_half_a_character_is_no_character() -> None:
    (found,) = read(written([rejected(reason="a\ud800\udc00b")]))

    assert found == rejected(reason="a\ufffd\ufffdb")


@pytest.mark.parametrize("number", [1e-5, 1e16, -2.5e-300, 0.1, 3.0])
def test_a_number_is_a_number_to_every_reader(number: float) -> None:
    measured = Measured("digits", "1.1.0", "loss", number, None, None, None, "unknown")

    (loaded,) = yaml.safe_load_all(written([merged(measured=(measured,))]))

    assert loaded["measured"][0]["value"] == number


def test_every_key_says_which_entry_it_is_of() -> None:
    text = written([merged(), deployed(), deployed(Outcome.SUCCESS), pushed(), rejected()])

    assert keys_in(text) == {
        "merged-7-c0ffee1000000000",
        "deploy-7-0123456789abcdef-pending",
        "deploy-7-0123456789abcdef-success",
        "pushed-c0ffee1000000000",
        "rejected-7-3f2a91c000000000",
    }


def test_a_key_that_is_no_json_is_no_key() -> None:
    assert keys_in('key: "\\x"\nkey: "a"\n') == {"a"}


def test_a_note_that_a_person_wrote_as_yaml_is_read_too() -> None:
    text = written([rejected()]).replace('"not before the audit"', "not before\n  the audit")

    assert read(text) == (rejected(reason="not before the audit"),)


def test_what_a_later_registrar_adds_is_passed_over() -> None:
    assert read(written([pushed()]) + 'mood: "fine"\n') == (pushed(),)


def test_what_was_not_said_is_as_it_is_by_default() -> None:
    glass = BrokenGlass(ANA, "production is down", "https://forge.example/1")

    assert "glass" not in written([merged()])
    assert read(written([merged(glass=glass)])) == (merged(glass=glass),)


def test_an_empty_note_says_nothing() -> None:
    assert (read(""), list(documents("\n\n"))) == ((), [])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("looks good to me\n", "ledger:1: this is no entry of the ledger", id="words"),
        pytest.param(f"{PROMOTION}---\n- 1\n", "ledger:27: this is no entry of the ledger", id="a list"),
        pytest.param("---\n", "ledger:1: this is no entry of the ledger", id="nothing"),
        pytest.param('---\nevent: "merged\n', "ledger:2: the quote that opens here is never closed", id="no YAML"),
        pytest.param("---\nevent: !!python/object:os.system\n", "is not accepted", id="a tag"),
        pytest.param('---\nevent: "pushed"\nevent: "pushed"\n', "stands here again", id="a key twice"),
        pytest.param(f"---\na: {'[' * 5000}\n", "nested more than 50 levels", id="nesting"),
        pytest.param('---\nevent: "sold"\n', "no entry of the ledger is called 'sold'", id="another event"),
        pytest.param("---\nnumber: 7\n", "no event is named here", id="no event"),
        pytest.param("---\nevent: []\n", "no event is named here", id="an empty event"),
        pytest.param("---\nevent: 7\n", "no entry of the ledger is called 7", id="a number for an event"),
    ],
)
def test_a_note_that_is_no_ledger_says_where(text: str, complaint: str) -> None:
    with pytest.raises(InvalidRegistry) as refused:
        read(text)

    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("line", "spoiled", "complaint"),
    [
        pytest.param("number: 7\n", "", "ledger:1: number is missing", id="a key missing"),
        pytest.param("number: 7", 'number: "7"', "number must be a whole number", id="text for a number"),
        pytest.param("number: 7", "number: true", "number must be a whole number", id="truth for a number"),
        pytest.param("number: 7", "number: NaN", "number must be a whole number", id="no number at all"),
        pytest.param('reason: "app', "reason: 3 #", "reason must be a text", id="a number for a text"),
        pytest.param("2026-03-01T12:01:00Z", "yesterday", "at must be a moment", id="no moment"),
        pytest.param("2026-03-01T12:01:00Z", "2026-03-01T12:01:00", "at must be a moment", id="no time zone"),
        pytest.param('ruling: "approved"', 'ruling: "fine"', "ruling must be approved or refused or", id="no ruling"),
        pytest.param('"permission": "admin"', '"permission": "god"', "approvals[0].permission must be", id="no right"),
        pytest.param("registrations: []", 'registrations: ["a"]', "registrations[0] must be a list", id="no pair"),
        pytest.param("registrations: []", 'registrations: [["a"]]', "registrations[0] must be a list of 2", id="one"),
        pytest.param("registrations: []", "registrations: {}", "registrations must be a list", id="no list"),
        pytest.param('{"id": 3, "login": "mei"}', '"mei"', "requester must be keys with values", id="no person"),
        pytest.param('"is_bot": true', '"is_bot": 1', "is_bot must be true or false", id="no truth"),
        pytest.param('"value": 0.97', '"value": "high"', "measured[0].value must be a number", id="no number"),
    ],
)
def test_an_entry_that_breaks_its_shape_says_where(line: str, spoiled: str, complaint: str) -> None:
    assert line in PROMOTION

    with pytest.raises(InvalidRegistry) as refused:
        read(PROMOTION.replace(line, spoiled))

    assert complaint in str(refused.value)


def test_a_deploy_stands_in_no_other_way_than_three() -> None:
    with pytest.raises(InvalidRegistry, match="outcome must be pending or success or failure"):
        read(written([deployed()]).replace("pending", "paused"))


def test_a_moment_is_told_by_the_clock_of_the_world() -> None:
    there = NOON.astimezone(timezone(timedelta(hours=9)))

    assert '"at": "2026-03-01T12:00:00Z"' in written([merged(approvals=(counted(at=there),))])


def test_the_ledger_tells_of_four_events() -> None:
    assert list(EVENTS) == ["merged", "deployed", "pushed", "rejected"]
    assert EVENTS["merged"] is Merged
