"""How names and numbers are told to a person."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrar.core.figures import figure, finite, same, told_apart
from registrar.core.spelling import did_you_mean
from registrar.core.wording import either, every, length, moment


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(["ana"], "ana", id="one"),
        pytest.param(["ana", "raj"], "ana or raj", id="two"),
        pytest.param(["ana", "raj", "mei"], "ana, raj or mei", id="three"),
        pytest.param(list("abcdef"), "a, b, c, d, e or f", id="no more than fits"),
        pytest.param(list("abcdefg"), "a, b, c, d, e or 2 more", id="a crowd"),
    ],
)
def test_names_become_a_phrase(names: list[str], expected: str) -> None:
    assert either(names) == expected


def test_all_of_several_names_are_joined_by_and() -> None:
    assert every(["ana", "raj"]) == "ana and raj"


@pytest.mark.parametrize(
    ("at", "zone", "shown"),
    [
        pytest.param("2026-03-02T05:00:00+00:00", "UTC", "2026-03-02 05:00 UTC", id="as it is"),
        pytest.param("2026-03-02T05:00:00+00:00", "Europe/Berlin", "2026-03-02 06:00 Europe/Berlin", id="by a clock"),
        pytest.param("2026-03-02T05:59:00.5+00:00", "UTC", "2026-03-02 06:00 UTC", id="never before it has come"),
        pytest.param("2026-03-02T05:00:01+01:00", "UTC", "2026-03-02 04:01 UTC", id="from another clock"),
    ],
)
def test_a_moment_is_told_to_the_minute(at: str, zone: str, shown: str) -> None:
    assert moment(datetime.fromisoformat(at), ZoneInfo(zone)) == shown


@pytest.mark.parametrize(
    ("time", "told"),
    [
        (timedelta(hours=72), "3 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=30), "30 hours"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(minutes=1), "1 minute"),
    ],
)
def test_a_length_of_time_is_told_in_its_greatest_whole_unit(time: timedelta, told: str) -> None:
    assert length(time) == told


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("stagging", "; did you mean Staging?", id="a slip"),
        pytest.param("PROD", "; did you mean Production?", id="only its beginning"),
        pytest.param("production", "; did you mean Production?", id="another case"),
        pytest.param("zzz", "", id="nothing near"),
        pytest.param("", "", id="nothing typed"),
        pytest.param("a" * 100_000, "", id="a flood"),
    ],
)
def test_the_nearest_name_is_offered(word: str, expected: str) -> None:
    assert did_you_mean(word, ["Production", "Staging"]) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(3.0, "3", id="a whole number"),
        pytest.param(0.95, "0.95", id="no idle digits"),
        pytest.param(0.951138, "0.9511", id="four digits"),
        pytest.param(-0.5, "-0.5", id="negative"),
        pytest.param(0.0000123, "1.23e-05", id="small"),
        pytest.param(1.5e16, "1.5e+16", id="large"),
        pytest.param(0.0, "0", id="zero"),
    ],
)
def test_a_number_is_told_as(value: float, expected: str) -> None:
    assert figure(value) == expected


@pytest.mark.parametrize(
    ("value", "other", "expected"),
    [
        pytest.param(0.9511, 0.96, ("0.9511", "0.96"), id="apart already"),
        pytest.param(0.95999999, 0.96, ("0.95999999", "0.96"), id="apart after eight digits"),
        pytest.param(0.96, 0.96, ("0.96", "0.96"), id="equal"),
        pytest.param(2.0, 2.0000000000000004, ("2", "2.0000000000000004"), id="apart in the last bit"),
        pytest.param(1e300, 1.0000000000000002e300, ("1e+300", "1.0000000000000002e+300"), id="large and near"),
    ],
)
def test_two_numbers_are_told_apart(value: float, other: float, expected: tuple[str, str]) -> None:
    assert told_apart(value, other) == expected


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_different_numbers_never_look_the_same(value: float, other: float) -> None:
    shown, standing = told_apart(value, other)

    assert (shown == standing) is (value == other)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(1, 1.0, id="a number"),
        pytest.param(None, None, id="missing"),
        pytest.param(float("nan"), None, id="not a number"),
        pytest.param(float("inf"), None, id="infinite"),
        pytest.param(10**400, None, id="too large for a float"),
    ],
)
def test_only_finite_numbers_are_compared(value: float | None, expected: float | None) -> None:
    assert finite(value) == expected


def test_numbers_that_differ_by_rounding_are_the_same() -> None:
    assert same(0.1 + 0.2, 0.3)
    assert not same(0.3, 0.3001)
