import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_schema.wording import found, label, shown
from schema.reading import UNHURRIED


@UNHURRIED
@given(st.text())
def test_shown_text_is_short_and_printable(text: str) -> None:
    assert shown(text).isprintable()
    assert len(shown(text)) <= 63


def test_text_that_turns_a_line_around_is_made_inert() -> None:
    assert shown("a\u202eb") == "a\ufffdb"


def test_a_key_path_reads_as_people_write_it() -> None:
    assert label(("statuses", "Production", "gates", 0, "")) == 'statuses.Production.gates[0].""'


@pytest.mark.parametrize(
    ("value", "spelled", "words"),
    [
        ("x", "x", '"x"'),
        (1.1, "1.10", "1.10, which YAML reads as a number"),
        (True, "true", "true, which YAML reads as true or false"),
        ([], "", "a list"),
        ({}, "", "a mapping"),
    ],
)
def test_what_stands_there_is_told(value: object, spelled: str, words: str) -> None:
    assert found(value, spelled) == words


def test_a_number_out_of_bounds_is_just_told() -> None:
    assert found(0, "0", expected="1 or more") == "0"


def test_a_password_is_never_shown() -> None:
    assert shown("https://ana:secret@host/x") == "https://***@host/x"
