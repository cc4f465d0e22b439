"""When a forge is asked again: as it wants, within reason."""

from datetime import UTC, datetime, timedelta

import pytest

from registrar.forges.asking import retry_at

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
SILENCE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("after", "reset", "wait"),
    [
        pytest.param("7", "", timedelta(seconds=7), id="in seconds"),
        pytest.param(" 7 ", "", timedelta(seconds=7), id="in seconds and blanks"),
        pytest.param("Thu, 01 Jan 2026 12:02:00 GMT", "", timedelta(minutes=2), id="as a date"),
        pytest.param("Thu, 01 Jan 2026 12:02:00 -0000", "", timedelta(minutes=2), id="as a date of no zone"),
        pytest.param("", str(int(NOW.timestamp()) + 90), timedelta(seconds=90), id="when the limit ends"),
        pytest.param("7", str(int(NOW.timestamp()) + 90), timedelta(seconds=7), id="both"),
        pytest.param("", "", SILENCE, id="nothing"),
        pytest.param("soon", "", SILENCE, id="nonsense"),
        pytest.param("", "soon", SILENCE, id="a limit that ends in nonsense"),
        pytest.param("-3", "", SILENCE, id="less than nothing"),
        pytest.param("0", "", timedelta(seconds=5), id="at once"),
        pytest.param("Wed, 31 Dec 2025 12:00:00 GMT", "", timedelta(seconds=5), id="yesterday"),
        pytest.param("", "0", timedelta(seconds=5), id="a limit that ended long ago"),
        pytest.param("3600", "", timedelta(hours=1), id="in an hour"),
        pytest.param("999999999", "", timedelta(hours=1), id="in thirty years"),
        pytest.param("9" * 30, "", SILENCE, id="after the end of the calendar"),
        pytest.param("Fri, 01 Jan 2066 12:00:00 GMT", "", timedelta(hours=1), id="in forty years"),
        pytest.param("", "9999999999", timedelta(hours=1), id="a limit that ends in another century"),
    ],
)
def test_a_forge_is_asked_again_when_it_wants_within_reason(after: str, reset: str, wait: timedelta) -> None:
    assert retry_at(after=after, reset=reset, otherwise=SILENCE, now=NOW) == NOW + wait
