import pytest

from schema.reading import told


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(b"a: \xff", ":1: this is not UTF-8 text; save the file as UTF-8", id="not UTF-8"),
        pytest.param(
            b"a: 1\nb: \xed\xa0\x80", ":2: this is not UTF-8 text; save the file as UTF-8", id="lone surrogate"
        ),
        pytest.param("a: 1".encode("utf-16"), ":1: this is not UTF-8 text; save the file as UTF-8", id="UTF-16"),
        pytest.param(b"a: 1\nb: \0", ":2: there is a control character here (U+0000); delete it", id="NUL"),
        pytest.param(
            b"a: 1\n---\nb: 2", ":2: a second document begins here; keep one document in the file", id="documents"
        ),
        pytest.param(
            b"? [a]\n: b", ":1: a key must be text; write the key as one word, or in quotes", id="list as key"
        ),
        pytest.param(
            b"a: 1\nx: " + b"[" * 60_000, ":2: this is nested more than 50 levels deep; nest it less", id="deep"
        ),
        pytest.param(
            b"-\n" * 200_000, ":100000: there are more than 100000 values; keep large content in DVC", id="wide"
        ),
        pytest.param(
            b"#" * 1_048_577,
            ": the file has 1048577 bytes, and no more than 1048576 are read; keep large content in DVC",
            id="large",
        ),
    ],
)
def test_what_cannot_be_read_further_is_one_problem(text: bytes, problem: str) -> None:
    assert told("status", text) == [problem]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param("description: &a x", "the anchor &a is not accepted; take it off", id="anchor"),
        pytest.param("description: *a", "the alias *a is not accepted; write the value out", id="alias"),
        pytest.param("description: !!str x", "the tag !!str is not accepted; take it off, and quote text", id="tag"),
        pytest.param(
            "description: !!python/none x",
            "the tag !!python/none is not accepted; take it off, and quote text",
            id="Python",
        ),
        pytest.param('description: "\\0x"', "there is a control character here (U+0000); delete it", id="escaped NUL"),
        pytest.param(
            "description: .inf",
            ".inf is not a finite number; leave it out, or write the number that was measured",
            id="infinity",
        ),
    ],
)
def test_what_is_refused_does_not_hide_the_problems_after_it(line: str, problem: str) -> None:
    assert told("model", f"{line}\ntask: 3\n") == [
        f":1: {problem}",
        ':2: task must be text, not 3, which YAML reads as a number; put it in quotes: "3"',
    ]


@pytest.mark.fault(83)
def test_an_alias_bomb_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)
    )

    assert told("dataset", bomb)[1] == ":1: the anchor &a is not accepted; take it off"


def test_a_file_that_is_an_alias_is_told_once() -> None:
    assert told("model", "*a") == [":1: the alias *a is not accepted; write the value out"]


def test_a_key_that_stands_there_again_is_told_with_both_lines() -> None:
    assert told("status", "QA: 1.0.0\nStaging: 2.0.0\nQA: [3.0.0, {version: x, version: y}]\n") == [
        ":3: the key QA stands here again; line 1 has it already; keep one of the two",
        ":3: the key version stands here again; line 3 has it already; keep one of the two",
    ]


@pytest.mark.parametrize("key", ["1", "1.5", "true", "~", "null"])
def test_a_key_that_is_no_text_is_told_how_to_be(key: str) -> None:
    assert told("version", f"parameters:\n  {key}: 3\n") == [
        f':2: the key {key} is not text; put it in quotes: "{key}"'
    ]


def test_a_key_of_two_meanings_is_told() -> None:
    assert told("version", "parameters: {yes: 3}")[0].startswith(":1: yes means different things")


def test_reading_stops_after_very_many_problems() -> None:
    problems = told("status", "QA: 1.0.0\n" * 50_000)

    assert len(problems) == 101
    assert problems[-1] == ":102: there are more problems from here on; mend these first"
