import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from registry_schema.scalars import Misread, Scalar, read_plain
from schema.reading import UNHURRIED


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("FALSE", False),
        ("0", 0),
        ("-12", -12),
        ("+3", 3),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e-3", 0.001),
        ("-2.5E+3", -2500.0),
        ("1.2.3", "1.2.3"),
        ("2026-03-01", "2026-03-01"),
        ("nan", "nan"),
        ("tRue", "tRue"),
        ("-", "-"),
        ("9" * 65, "9" * 65),
        ("0b9e8d4d82a4c12e779409b92b6c5763", "0b9e8d4d82a4c12e779409b92b6c5763"),  # a hash, as DVC writes it
        ("0o9", "0o9"),
    ],
)
def test_a_scalar_means(text: str, value: Scalar) -> None:
    assert (read_plain(text), type(read_plain(text))) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    ["yes", "No", "ON", "off", "010", "0x1F", "0o17", "0b1", "1_000", "1_0.5", "12:30", "1:30:59.5", "007.5", "-0_1"],
)
def test_what_two_readers_take_in_two_ways_is_refused(text: str) -> None:
    assert read_plain(text) == Misread(
        f"{text} means different things to different readers of YAML",
        "put it in quotes if it is text; otherwise write true, false or a plain decimal number",
    )


@pytest.mark.fault(83)
@pytest.mark.parametrize("text", [".nan", ".NaN", ".inf", "-.INF", "1e999", "-1e400", "1" * 19, "9" * 40])
def test_a_number_that_no_one_can_hold_is_refused(text: str) -> None:
    assert isinstance(read_plain(text), Misread)


@UNHURRIED
@given(st.text(alphabet="0123456789+-._:eExobnafINFyYtrueslo", max_size=12))
def test_a_number_or_truth_is_never_other_than_a_yaml_reader_says(text: str) -> None:
    ours = read_plain(text)
    if isinstance(ours, bool) or (isinstance(ours, int | float) and "e" not in text.lower()):
        assert ours == yaml.safe_load(text)


@UNHURRIED
@given(st.text(max_size=100))
def test_every_number_is_finite(text: str) -> None:
    value = read_plain(text)

    assert not isinstance(value, float) or math.isfinite(value)
