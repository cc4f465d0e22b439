"""When a freeze holds, by whose clock, and until when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.builders import a_registry
from registrar.core.freezes import concerns, frozen_until, judge_freezes, next_turn
from registrar.core.lifecycle import Transition
from registrar.core.verdicts import Verdict, VerdictState
from registry_schema import Freeze


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def a_freeze(
    begins: str,
    ends: str,
    *,
    timezone: str | None = None,
    statuses: tuple[str, ...] | None = None,
    models: tuple[str, ...] = ("**",),
) -> Freeze:
    """Of two moments when they look like that, else of two cron expressions."""
    if "T" in begins:
        return Freeze("quiet", at(begins), at(ends), None, statuses, models)
    return Freeze("quiet", begins, ends, timezone, statuses, models)


YEAR_END = a_freeze("2026-12-20T00:00:00+01:00", "2027-01-03T00:00:00+01:00")
WEEKEND = a_freeze("0 18 * * fri", "0 6 * * mon", timezone="Europe/Berlin")
NIGHT = a_freeze("0 22 * * *", "0 5 * * *")
# On 2026-03-29 a clock in Berlin leaps from 02:00 to 03:00, on 2026-10-25 it shows 02:00 to 03:00 twice.
EARLY = a_freeze("15 2 * * *", "45 2 * * *", timezone="Europe/Berlin")
AT_TWO = a_freeze("0 2 * * *", "0 4 * * *", timezone="Europe/Berlin")


@pytest.mark.parametrize(
    ("freeze", "now", "until"),
    [
        pytest.param(YEAR_END, "2026-12-19T22:59:59Z", None, id="a second before it begins"),
        pytest.param(YEAR_END, "2026-12-19T23:00:00Z", "2027-01-02T23:00:00Z", id="as it begins"),
        pytest.param(YEAR_END, "2027-01-02T22:59:59Z", "2027-01-02T23:00:00Z", id="its last second"),
        pytest.param(YEAR_END, "2027-01-02T23:00:00Z", None, id="as it ends"),
        pytest.param(WEEKEND, "2026-03-06T16:59:59Z", None, id="friday afternoon"),
        pytest.param(WEEKEND, "2026-03-06T17:00:00Z", "2026-03-09T05:00:00Z", id="friday evening"),
        pytest.param(WEEKEND, "2026-03-08T12:00:00Z", "2026-03-09T05:00:00Z", id="sunday"),
        pytest.param(WEEKEND, "2026-03-09T05:00:00Z", None, id="monday morning"),
        pytest.param(WEEKEND, "2026-07-03T16:00:00Z", "2026-07-06T04:00:00Z", id="an hour earlier in summer"),
        pytest.param(WEEKEND, "2026-03-28T12:00:00Z", "2026-03-30T04:00:00Z", id="over the night that has no two"),
        pytest.param(NIGHT, "2026-03-01T23:30:00Z", "2026-03-02T05:00:00Z", id="before midnight"),
        pytest.param(NIGHT, "2026-03-02T04:59:59.999999Z", "2026-03-02T05:00:00Z", id="after midnight"),
        pytest.param(NIGHT, "2026-03-02T12:00:00Z", None, id="at noon"),
        pytest.param(NIGHT, "2025-12-31T23:59:59Z", "2026-01-01T05:00:00Z", id="into another year"),
        pytest.param(EARLY, "2026-10-25T00:15:00Z", "2026-10-25T01:45:00Z", id="begins the first time it is shown"),
        pytest.param(EARLY, "2026-10-25T00:50:00Z", "2026-10-25T01:45:00Z", id="holds between the two"),
        pytest.param(EARLY, "2026-10-25T01:44:59Z", "2026-10-25T01:45:00Z", id="ends the second time it is shown"),
        pytest.param(EARLY, "2026-10-25T01:45:00Z", None, id="has ended then"),
        pytest.param(AT_TWO, "2026-03-29T00:59:59Z", None, id="before the clock leaps"),
        pytest.param(AT_TWO, "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z", id="begins with the leap"),
        pytest.param(
            a_freeze("0 0 * * *", "0 0 1 * *"),
            "2026-03-01T00:00:00Z",
            "2026-04-01T00:00:00Z",
            id="begins anew as it ends",
        ),
        pytest.param(
            a_freeze("0 12 29 12 *", "0 12 31 12 *", timezone="Pacific/Apia"),
            "2011-12-29T23:00:00Z",
            "2011-12-30T22:00:00Z",
            id="over a day that was left out",
        ),
    ],
)
def test_a_freeze_holds_until(freeze: Freeze, now: str, until: str | None) -> None:
    assert frozen_until(freeze, now=at(now)) == (at(until) if until else None)


@pytest.mark.parametrize(
    ("freeze", "now", "turn"),
    [
        pytest.param(YEAR_END, "2026-03-01T00:00:00Z", "2026-12-19T23:00:00Z", id="begins once"),
        pytest.param(YEAR_END, "2026-12-24T00:00:00Z", "2027-01-02T23:00:00Z", id="ends once"),
        pytest.param(YEAR_END, "2027-03-01T00:00:00Z", None, id="over for good"),
        pytest.param(WEEKEND, "2026-03-04T12:00:00Z", "2026-03-06T17:00:00Z", id="begins again"),
        pytest.param(WEEKEND, "2026-03-08T12:00:00Z", "2026-03-09T05:00:00Z", id="ends again"),
        pytest.param(WEEKEND, "2026-03-09T05:00:00Z", "2026-03-13T17:00:00Z", id="the next, as it ends"),
    ],
)
def test_a_freeze_turns_next(freeze: Freeze, now: str, turn: str | None) -> None:
    assert next_turn(freeze, now=at(now)) == (at(turn) if turn else None)


@pytest.mark.parametrize(
    ("freeze", "concerned"),
    [
        pytest.param(a_freeze("0 18 * * 5", "0 6 * * 1"), True, id="every status but the first"),
        pytest.param(a_freeze("0 18 * * 5", "0 6 * * 1", statuses=("Production",)), True, id="its own"),
        pytest.param(a_freeze("0 18 * * 5", "0 6 * * 1", statuses=("QA", "Staging")), False, id="others"),
        pytest.param(a_freeze("0 18 * * 5", "0 6 * * 1", models=("x", "risk/**")), True, id="its model"),
        pytest.param(a_freeze("0 18 * * 5", "0 6 * * 1", models=("risk",)), False, id="another model"),
    ],
)
def test_a_freeze_is_of_statuses_and_models(freeze: Freeze, concerned: bool) -> None:  # noqa: FBT001 -- a table
    move = Transition("risk/fraud", "1.0.0", "Staging", "Production")

    assert concerns(a_registry(), freeze, move) is concerned


def test_the_first_status_is_never_frozen_unless_it_is_named() -> None:
    back = Transition("digits", "1.0.0", "QA", "Development")

    assert not concerns(a_registry(), YEAR_END, back)
    assert concerns(a_registry(), a_freeze("0 18 * * 5", "0 6 * * 1", statuses=("Development",)), back)


def judged(now: str, *freezes: Freeze) -> list[Verdict]:
    move = Transition("digits", "1.1.0", "Staging", "Production")
    return list(judge_freezes(a_registry(freezes=freezes), move, now=at(now)))


def test_a_frozen_status_waits_for_every_freeze_that_holds_it_and_says_why() -> None:
    verdicts = judged("2026-12-26T12:00:00Z", YEAR_END, NIGHT, WEEKEND)

    assert [(each.state, each.reason) for each in verdicts] == [
        (VerdictState.WAITING, "Production is frozen until 2027-01-02 23:00 UTC: quiet"),
        (VerdictState.WAITING, "Production is frozen until 2026-12-28 06:00 Europe/Berlin: quiet"),
    ]
    assert verdicts[1].facts == (
        ("now", "2026-12-26 13:00 Europe/Berlin"),
        ("until", "2026-12-28 06:00 Europe/Berlin"),
    )


def test_a_status_that_no_freeze_holds_now_says_so() -> None:
    assert [each.reason for each in judged("2026-03-04T12:00:00Z", WEEKEND)] == ["Production is not frozen now"]
    assert judged("2026-03-08T12:00:00Z", a_freeze("0 18 * * 5", "0 6 * * 1", statuses=("QA",))) == []


MINUTES, HOURS = st.integers(0, 59), st.integers(0, 23)
DAYS = st.sampled_from(["* * *", "* * fri", "* * 1-5", "1 * *", "L * *", "* 3,10 *"])
CRONS = st.builds("{} {} {}".format, MINUTES, HOURS, DAYS)
PLACES = st.sampled_from(["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds


@settings(max_examples=100, deadline=None)
@given(begins=CRONS, ends=CRONS, place=PLACES, now=MOMENTS, share=st.floats(0, 1))
def test_nothing_changes_before_the_next_turn(begins: str, ends: str, place: str, now: datetime, share: float) -> None:
    freeze = a_freeze(begins, ends, timezone=place)

    turn = next_turn(freeze, now=now)

    assert turn is not None
    assert turn > now
    between = min(now + (turn - now) * share, turn - timedelta(microseconds=1))
    assert frozen_until(freeze, now=between) == frozen_until(freeze, now=now)
