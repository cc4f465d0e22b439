import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from registry_schema.texts import VERSION, Text
from schema.reading import UNHURRIED, told

TEXT = Text("a word", "[a-z]+", "write small letters", 5)


def test_a_text_of_the_kind_is_itself() -> None:
    assert TEXT.checked("abc") == "abc"


@pytest.mark.parametrize("value", ["A", "", "abcdef", "abc\n", 3, None])
def test_no_other_value_is_of_the_kind(value: object) -> None:
    with pytest.raises(PydanticCustomError):
        TEXT.checked(value)


def test_a_text_too_long_is_told_its_bound() -> None:
    assert told("status", f"QA: 1.0.0-{'a' * 100}")[0].endswith("; shorten it")
    assert "a version such as 2.1.0 of at most 100 characters" in told("status", f"QA: 1.0.0-{'a' * 100}")[0]


@UNHURRIED
@given(st.from_regex(VERSION.pattern, fullmatch=True) | st.text(alphabet="0123.-+ab", max_size=12))
def test_editors_and_reader_agree_on_what_a_version_is(text: str) -> None:
    try:
        VERSION.checked(text)
    except PydanticCustomError:
        accepted = False
    else:
        accepted = True

    assert jsonschema.Draft202012Validator(VERSION.json_schema).is_valid(text) == accepted


@pytest.mark.parametrize(
    "created",
    ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00.123456+00:00", "2026-03-01 12:00:00-05:30", "'2026-03-01t12:00:00z'"],
)
def test_a_moment_can_be_written(created: str) -> None:
    assert told("version", f"created: {created}") == []


@pytest.mark.parametrize(
    "created",
    [
        "2026-03-01",
        "2026-03-01T12:00:00",
        "1700000000",
        "'1700000000'",
        "2026-13-01T12:00:00Z",
        "0001-01-01T00:00:00Z",
        "now",
    ],
)
def test_a_moment_needs_day_time_and_offset(created: str) -> None:
    assert (
        "created must be a date and time with its offset, such as 2026-03-01T12:00:00+00:00"
        in told("version", f"created: {created}")[0]
    )
