import pytest
import yaml

from registry_schema.syntax import syntax_error
from schema.reading import told


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "a: b: c", ":1: a colon stands where no key can be; put text that holds a colon in quotes", id="colon"
        ),
        pytest.param("a: 1\nb:\n\tc: 2\n", ":3: this line is indented with a tab; indent with spaces", id="tab"),
        pytest.param("a: 1\nb: 'x\nc: 3\n", ":2: the quote that opens here is never closed; close it", id="open quote"),
        pytest.param(
            "a: 1\nb: [x\nc: 3\n",
            ":2: the bracket that opens here is not closed as it should be; check its commas and its end",
            id="open bracket",
        ),
        pytest.param(
            "a: @x",
            ":1: a value begins with a character that YAML reserves; put text in quotes",
            id="reserved character",
        ),
        pytest.param(
            "a: 1\n b: 2\n- c",
            ":2: a colon stands where no key can be; put text that holds a colon in quotes",
            id="indentation",
        ),
        pytest.param(
            "a: 1\n- b\n",
            ":2: this is not YAML: did not find expected key; "
            "check the indentation, colons and quotes here and on the line above",
            id="list in a mapping",
        ),
    ],
)
def test_a_slip_of_the_pen_is_told_with_its_line(text: str, problem: str) -> None:
    assert told("model", text) == [problem]


def test_an_unfinished_file_fails_on_a_line_that_it_has() -> None:
    assert told("model", "a: 1\nb: {c: d,\n")[0].startswith(":2: ")


def test_a_fault_without_a_place_is_on_the_first_line() -> None:
    assert syntax_error(yaml.YAMLError("odd"), "")[:2] == (1, "this is not YAML: odd")
