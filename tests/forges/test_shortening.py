"""How a text that is too long is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrar.forges.shortening import one_line, shortened, size_of

LINES = st.sampled_from(
    [
        "text",
        "```python",
        "```",
        "~~~~",
        "<details>",
        "</details>",
        "<details open><summary>s</summary>",
        "\U0001f680" * 9,
        "",
    ]
)


def cut(markdown: str, limit: int = 330) -> str:
    return shortened(markdown, limit=limit, farewell="*cut*")


def test_what_fits_stays_as_it_is() -> None:
    assert cut("a\r\n\nb\n") == "a\r\n\nb\n"


@pytest.mark.fault(81, because="A text is cut before any forge is asked.")
@pytest.mark.parametrize(
    ("markdown", "ending"),
    [
        pytest.param("row\n" * 99, "row\n\n*cut*", id="text"),
        pytest.param("```yaml\n" + "row\n" * 99 + "```", "row\n```\n\n*cut*", id="a fence"),
        pytest.param("~~~~\n```\n" + "row\n" * 99, "row\n~~~~\n\n*cut*", id="a fence in a fence"),
        pytest.param("<details>\n" + "row\n" * 99, "row\n\n</details>\n\n*cut*", id="details"),
        pytest.param(
            "<details>\n\n```\n</details>\n" + "row\n" * 99, "row\n```\n\n</details>\n\n*cut*", id="a fence in details"
        ),
        pytest.param("<details>\n</details>\n" + "row\n" * 99, "row\n\n*cut*", id="closed details"),
        pytest.param("```a`b\n" + "row\n" * 99, "row\n\n*cut*", id="code within a line"),
    ],
)
def test_what_is_cut_closes_what_it_opened(markdown: str, ending: str) -> None:
    assert cut(markdown).endswith(ending)


def test_one_endless_line_is_cut_between_characters() -> None:
    rocket = "\N{ROCKET}"

    assert cut(rocket * 999).strip(rocket) == "\n\n*cut*"


@pytest.mark.fault(81, because="A text is cut before any forge is asked.")
@given(st.lists(LINES, max_size=300).map("\n".join), st.integers(20, 900))
def test_no_text_is_longer_than_its_limit(markdown: str, limit: int) -> None:
    assert size_of(cut(markdown, limit)) <= limit


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("waiting for\n ana", "waiting for ana", id="lines"),
        pytest.param("a" * 20, "a" * 20, id="just fits"),
        pytest.param("a" * 21, "a" * 19 + "…", id="too long"),
        pytest.param("\N{ROCKET}" * 11, "\N{ROCKET}" * 9 + "…", id="pairs"),
    ],
)
def test_a_line_ends_where_it_must(text: str, line: str) -> None:
    assert one_line(text, 20) == line
