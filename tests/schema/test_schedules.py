import pytest

from schema.reading import problems_of, told

EITHER = "a date and time with its offset, such as 2026-03-01T12:00:00+00:00 or a cron expression, such as 0 18 * * 5"
FIVE = "write its five fields: minute, hour, day of the month, month, day of the week"


def a_freeze(begins: str, ends: str, more: str = "") -> str:
    return f"freezes: [{{reason: quiet, from: {begins}, until: {ends}{more}}}]"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            a_freeze("2026-01-02T00:00:00Z", "2026-01-01T23:59:59Z"),
            "freezes[0] ends before it begins; swap the two",
            id="ends before it begins",
        ),
        pytest.param(
            a_freeze("2026-01-02T00:00:00Z", "2026-01-02T01:00:00+01:00"),
            "freezes[0] ends before it begins; swap the two",
            id="lasts no time, by two clocks",
        ),
        pytest.param(
            a_freeze("0 18 * * 5", "0 18  * * 5"),
            "freezes[0] ends whenever it begins; let it end at another time",
            id="returns without an end",
        ),
        pytest.param(
            a_freeze("0 18 * * 5", "2026-01-01T00:00:00Z"),
            "freezes[0] begins by a moment and ends by a cron expression, or the other way round; "
            "write both as moments, or both as cron expressions",
            id="of two kinds",
        ),
        pytest.param(
            a_freeze("0 18 30 2 *", "0 6 * * 1"),
            'freezes[0].from never comes: no day fits "0 18 30 2 *"; name a day that there is',
            id="the 30th of February",
        ),
        pytest.param(
            a_freeze("0 18 * * 5", "0 61 * * 1"),
            f'freezes[0].until must be a cron expression, such as 0 18 * * 5, not "0 61 * * 1"; {FIVE}',
            id="an hour that no clock has",
        ),
        pytest.param(
            a_freeze("0 18 * * 5", "0 6 * * R"),
            f'freezes[0].until must be {EITHER}, not "0 6 * * R"; write it in that form',
            id="a random day",
        ),
        pytest.param(
            a_freeze("2026-01-01", "2026-01-02T00:00:00Z"),
            f'freezes[0].from must be {EITHER}, not "2026-01-01"; write it in that form',
            id="a day without a time",
        ),
        pytest.param(
            a_freeze("2026-01-01T00:00:00", "2026-01-02T00:00:00Z"),
            f'freezes[0].from must be {EITHER}, not "2026-01-01T00:00:00"; write it in that form',
            id="a moment by nobody's clock",
        ),
        pytest.param(
            a_freeze("0 18 * * 5", "0 6 * * 1", ", timezone: Europe/Berln"),
            'freezes[0].timezone names "Europe/Berln", which is no time zone; '
            "write it as the IANA database does, such as Europe/Berlin",
            id="an unknown time zone",
        ),
        pytest.param(
            a_freeze("0 18 * * 5", "0 6 * * 1", ", timezone: localtime"),
            'freezes[0].timezone must be the name of a time zone, such as Europe/Berlin, not "localtime"; '
            "write it as the IANA database does",
            id="the clock of whatever machine",
        ),
        pytest.param(
            a_freeze("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", ", timezone: Europe/Berlin"),
            "freezes[0].timezone has no effect: a moment says itself how far from UTC it is; "
            "take it out, or write cron expressions",
            id="a time zone for a moment",
        ),
        pytest.param(
            a_freeze("0 18 * * 5", "0 6 * * 1", ", statuses: [Prod]"),
            'freezes[0].statuses[0] names the status "Prod", which does not exist; did you mean Production?',
            id="an unknown status",
        ),
        pytest.param(
            a_freeze("0 18 * * 5", "0 6 * * 1", ", statuses: []"),
            "freezes[0].statuses is empty; name what is meant, or take out the whole entry",
            id="nothing is frozen",
        ),
        pytest.param(
            "freezes: [{from: 0 18 * * 5, until: 0 6 * * 1}]", "freezes[0].reason is missing; add it", id="without why"
        ),
    ],
)
def test_a_freeze_that_cannot_be_meant_is_told(text: str, problem: str) -> None:
    assert told("registry", text) == [f":1: {problem}"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(a_freeze("2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"), id="a second"),
        pytest.param(a_freeze("0 18 * * fri", "0 6 * * MON", ", timezone: Europe/Berlin"), id="a weekend"),
        pytest.param(a_freeze("0 22 * * *", "0 5 * * *"), id="every night"),
        pytest.param(a_freeze("0 0 L * *", "0 0 2 * *"), id="the end of the month"),
        pytest.param(a_freeze("0 0 29 2 *", "0 0 1 3 *"), id="a leap day"),
    ],
)
def test_a_freeze_that_can_be_meant_is_accepted(text: str) -> None:
    assert problems_of("registry", text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "freezes: 3",
        "freezes: [3]",
        "freezes: [{from: 3}]",
        "freezes: [{from: x, until: y, timezone: 3}]",
        "freezes: [{from: 2026-01-01T00:00:00Z, until: yesterday, timezone: UTC}]",
        "freezes: [{from: 3, until: 0 6 * * 1, timezone: UTC}]",
        "freezes: [{reason: x, from: '0 18 * * 5', until: '0 6 * * 1', timezone: America}]",
    ],
)
def test_a_freeze_of_wrong_types_is_a_problem_and_no_crash(text: str) -> None:
    assert problems_of("registry", text)
