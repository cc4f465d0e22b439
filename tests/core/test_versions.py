"""The order of versions."""

import pytest

from registrar.core.versions import ascending, latest


def test_versions_are_ordered_as_numbers_not_as_text() -> None:
    assert ascending(["1.10.0", "1.2.0", "1.9.0"]) == ("1.2.0", "1.9.0", "1.10.0")


def test_a_prerelease_comes_before_its_release() -> None:
    assert ascending(["1.0.0", "1.0.0-rc.1", "1.0.0-alpha"]) == ("1.0.0-alpha", "1.0.0-rc.1", "1.0.0")


def test_builds_of_one_version_have_a_fixed_order() -> None:
    assert ascending(["1.0.0+b", "1.0.0+a"]) == ascending(["1.0.0+a", "1.0.0+b"])


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        pytest.param(["1.0.0", "1.10.0", "1.9.0"], "1.10.0", id="the highest"),
        pytest.param(["1.0.0", "2.0.0-rc.1"], "1.0.0", id="a pre-release is not the latest"),
        pytest.param(["1.0.0-alpha", "1.0.0-rc.1"], "1.0.0-rc.1", id="unless there are only pre-releases"),
        pytest.param([], None, id="none of none"),
    ],
)
def test_the_latest_version_is(versions: list[str], expected: str | None) -> None:
    assert latest(versions) == expected
