"""A forge that refuses the token is asked now and then; one at its limits when it said so."""

from datetime import UTC, datetime, timedelta

from registrar.engine.gate import HELD_AT_MOST, Gate

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MOMENT = timedelta(seconds=1)
PROBED_AFTER = timedelta(minutes=1)


def test_a_shut_gate_lets_one_through_each_time_that_it_is_to_be_tried() -> None:
    gate = Gate(probed_after=PROBED_AFTER)
    gate.shut("the token was refused", now=NOW)

    rooms = [
        gate.room(8, running=0, now=NOW + MOMENT),
        gate.room(8, running=1, now=NOW + PROBED_AFTER),
        gate.room(8, running=0, now=NOW + PROBED_AFTER),
        gate.room(8, running=0, now=NOW + PROBED_AFTER + MOMENT),
        gate.room(8, running=0, now=NOW + 2 * PROBED_AFTER),
    ]

    assert rooms == [0, 0, 1, 0, 1]


def test_a_shut_gate_opens_when_something_went_well() -> None:
    gate = Gate(probed_after=PROBED_AFTER)
    gate.shut("the token was refused", now=NOW)

    news = (gate.went_well(), gate.went_well())

    assert news == (True, False)
    assert gate.room(8, running=3, now=NOW) == 8


def test_that_a_gate_is_shut_is_news_once() -> None:
    gate = Gate(probed_after=PROBED_AFTER)

    assert (gate.shut("refused", now=NOW), gate.shut("refused", now=NOW)) == (True, False)


def test_a_limit_holds_until_the_latest_time_that_was_named() -> None:
    gate = Gate(probed_after=PROBED_AFTER)
    gate.hold(until=NOW + 5 * MOMENT, now=NOW)
    gate.hold(until=NOW + 2 * MOMENT, now=NOW)

    assert [gate.room(8, running=0, now=NOW + each * MOMENT) for each in (0, 4, 5)] == [0, 0, 8]


def test_a_limit_without_end_is_none() -> None:
    gate = Gate(probed_after=PROBED_AFTER)
    gate.hold(until=NOW + timedelta(days=3650), now=NOW)

    assert gate.room(8, running=0, now=NOW + HELD_AT_MOST) == 8
