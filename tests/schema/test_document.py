import pytest

from registry_schema.document import line_of, load

TEXT = b"\xef\xbb\xbfa: 1\r\nb:\r\n  c:\r\n    - x\r\n    - d: y\r\n"


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        pytest.param(("a",), 1, id="a key"),
        pytest.param(("b", "c"), 3, id="a key below another"),
        pytest.param(("b", "c", 1), 5, id="an entry of a list"),
        pytest.param(("b", "c", 1, "d"), 5, id="a key of an entry"),
        pytest.param(("b", "x", "y"), 2, id="the nearest key above one that is not there"),
        pytest.param(("z",), 0, id="nothing near"),
    ],
)
def test_a_key_has_a_line(keys: tuple[str | int, ...], line: int) -> None:
    assert line_of(TEXT, *keys) == line


def test_an_empty_file_has_no_lines() -> None:
    assert line_of(b"# nothing", "a") == 0


def test_a_document_holds_plain_values() -> None:
    assert load(TEXT, "f").value == {"a": 1, "b": {"c": ["x", {"d": "y"}]}}


def test_an_empty_document_holds_nothing() -> None:
    assert load(b"", "f").value is None


def test_key_paths_are_found_by_pattern() -> None:
    assert list(load(TEXT, "f").find("b", "*", "*")) == [(("b", "c", 0), "x"), (("b", "c", 1), {"d": "y"})]
