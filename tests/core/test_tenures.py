"""Who held what, from when until when."""

from datetime import timedelta

import pytest

from core.builders import NOON
from registrar.core.audit import Kind, Record
from registrar.core.lifecycle import Transition
from registrar.core.tenures import Tenures, duration

DAY = timedelta(days=1)


def given(version: str, before: str, after: str, *, day: int) -> Record:
    move = Transition("digits", version, before, after)
    return Record(Kind.TRANSITION, "c" * 40, NOON + day * DAY, "approved", "", "mei", "mei", transition=move)


def test_a_version_holds_a_status_until_it_is_given_another() -> None:
    known = Tenures()
    newest_first = [
        given("1.1.0", "Development", "Production", day=5),
        given("1.0.0", "Production", "Archived", day=5),
        given("1.0.0", "Staging", "Production", day=2),
    ]

    found = [tenure for tenure in map(known.begun_by, newest_first) if tenure is not None]

    assert [(tenure.transition.after, tenure.until) for tenure in found] == [
        ("Production", None),
        ("Archived", None),
        ("Production", NOON + 5 * DAY),
    ]
    assert [tenure.lasted(NOON + 6 * DAY) for tenure in found] == [DAY, DAY, 3 * DAY]


def test_another_share_of_the_traffic_ends_no_tenure() -> None:
    known = Tenures()
    known.begun_by(given("1.0.0", "Production", "Production", day=3))

    begun = known.begun_by(given("1.0.0", "Staging", "Production", day=1))

    assert begun is not None
    assert begun.until is None


def test_a_clock_that_went_back_makes_no_time_negative() -> None:
    begun = Tenures().begun_by(given("1.0.0", "Staging", "Production", day=3))

    assert begun is not None
    assert begun.lasted(NOON) == timedelta()


def test_what_gave_nobody_a_status_begins_nothing() -> None:
    assert Tenures().begun_by(Record(Kind.CHANGE, "c" * 40, NOON, "approved", "", "mei", "")) is None


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(seconds=61), "a minute"),
        (timedelta(minutes=119), "119 minutes"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=800), "800 days"),
    ],
)
def test_a_length_of_time_is_told_in_one_unit(time: timedelta, words: str) -> None:
    assert duration(time) == words
