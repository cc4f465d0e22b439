from datetime import UTC, datetime, timedelta, timezone

import pytest

from registrar.sandbox.pages.words import ago, day, size

NOW = datetime(2026, 3, 1, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        pytest.param(timedelta(seconds=-5), "just now", id="a clock that is ahead"),
        pytest.param(timedelta(seconds=59), "just now", id="seconds"),
        pytest.param(timedelta(minutes=1), "1 minute ago", id="a minute"),
        pytest.param(timedelta(hours=5), "5 hours ago", id="hours"),
        pytest.param(timedelta(days=400), "1 year ago", id="a year"),
    ],
)
def test_a_moment_is_said_as_people_say_it(passed: timedelta, words: str) -> None:
    assert ago(NOW - passed, NOW) == words


def test_a_day_names_its_zone() -> None:
    assert day(NOW) == "1 March 2026, 14:05 UTC"
    assert day(NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))) == "1 March 2026, 19:35 +0530"


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 byte"), (72, "72 bytes"), (2048, "2.0 KB"), (5 * 1024 * 1024, "5.0 MB")]
)
def test_a_size_is_short(count: int, words: str) -> None:
    assert size(count) == words
