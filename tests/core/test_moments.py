"""What people mean by dates and moments."""

from datetime import UTC, datetime

import pytest

from registrar.core.moments import looks_like_a_moment, moment_meant
from registrar.errors import UsageError


@pytest.mark.parametrize(
    ("text", "ends", "meant"),
    [
        ("2026-03-01", False, "2026-03-01T00:00:00+00:00"),
        ("2026-03-01", True, "2026-03-01T23:59:59.999999+00:00"),
        ("2026-03-01T12:00", True, "2026-03-01T12:00:00+00:00"),
        ("2026-03-01 12:00:30", False, "2026-03-01T12:00:30+00:00"),
        ("2026-03-01t12:00:00z", False, "2026-03-01T12:00:00+00:00"),
        ("2026-03-01T12:00:00+02:00", False, "2026-03-01T10:00:00+00:00"),
    ],
)
def test_a_moment_without_an_offset_is_utc(text: str, ends: bool, meant: str) -> None:  # noqa: FBT001 - a case
    assert looks_like_a_moment(text)
    assert moment_meant(text, ends=ends).astimezone(UTC) == datetime.fromisoformat(meant)


@pytest.mark.parametrize("text", ["2026-02-30", "2026-03-01T25:00", "yesterday", "", "2026-3-1", "20260301"])
def test_what_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="write it as 2026-03-01"):
        moment_meant(text, ends=True)


@pytest.mark.parametrize("name", ["main", "v2026.1", "a1b2c3d", "2026-03-01-release", "HEAD~3"])
def test_a_name_is_no_moment(name: str) -> None:
    assert not looks_like_a_moment(name)
