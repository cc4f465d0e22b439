import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from schema.reading import EXAMPLES, READERS, UNHURRIED, problems_of, told

KINDS = sorted(READERS)
JARGON = re.compile(
    r"pydantic|dataclass|Input should|tuple|dict\b|\bNone\b|validat|str\b|\bint\b|errors\.pydantic", re.IGNORECASE
)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.dates()
    | st.sampled_from(["1.0.0", "Production", "higher", "one", "../x", "digits@1.0.0", "md5:" + "0" * 32])
)
KEYS = st.sampled_from(sorted(set(re.findall(r"\w+", "".join(EXAMPLES.values()))))) | st.text(max_size=5)
TREES = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=4) | st.dictionaries(KEYS, below, max_size=5), max_leaves=30
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_file_has_no_problems(kind: str) -> None:
    assert problems_of(kind, EXAMPLES[kind]) == ()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["- a\n", "[]"])
def test_a_list_is_no_file(kind: str, text: str) -> None:
    assert told(kind, text) == [":1: the file must hold keys with values, not a list; begin with a key and a colon"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_lone_value_is_no_file(kind: str) -> None:
    assert told(kind, "x") == [':1: the file must hold keys with values, not "x"; begin with a key and a colon']


@pytest.mark.parametrize("kind", ["model", "version", "dataset"])
@pytest.mark.parametrize("text", ["", "# later\n", "---\n", "~"])
def test_an_empty_file_says_nothing(kind: str, text: str) -> None:
    assert told(kind, text) == [": the file is empty; write its keys, each with a value"]


@pytest.mark.parametrize("kind", ["registry", "status"])
@pytest.mark.parametrize("text", ["", "# later\n", "---\n", "{}"])
def test_an_empty_file_may_stand_for_the_default(kind: str, text: str) -> None:
    assert problems_of(kind, text) == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_problem_names_the_file(kind: str) -> None:
    assert problems_of(kind, "- a", path="models/digits/x.yaml")[0].path == "models/digits/x.yaml"


def test_an_empty_approvals_does_not_mean_that_none_are_needed() -> None:
    assert told("registry", "statuses:\n  A: {}\n  B:\n    approvals:\n") == [
        ":4: statuses.B.approvals has no value; give it one, or leave it out"
    ]


@pytest.mark.parametrize("kind", KINDS)
@UNHURRIED
@given(data=st.data())
def test_any_bytes_are_a_value_or_problems(kind: str, data: st.DataObject) -> None:
    text = data.draw(
        st.binary(max_size=200) | st.text(alphabet="ab:- \n\t[]{}?&*!|>'\"%@#,0.~\\x", max_size=60).map(str.encode)
    )

    assert isinstance(problems_of(kind, text), tuple)


@pytest.mark.parametrize("kind", KINDS)
@UNHURRIED
@given(tree=TREES)
def test_any_yaml_is_a_value_or_problems_in_plain_words(kind: str, tree: object) -> None:
    problems = problems_of(kind, yaml.safe_dump(tree, allow_unicode=True))

    assert not [
        problem
        for problem in problems
        if JARGON.search(re.sub(r'"[^"]*"|(key|adds?) \S+|\S+ (must|is|has)', "", problem.message))
    ]
    assert all(problem.mend and problem.line >= 0 for problem in problems)


@pytest.mark.parametrize("kind", KINDS)
@UNHURRIED
@given(data=st.data())
def test_any_damage_to_a_right_file_is_a_value_or_problems_with_lines_of_the_file(
    kind: str, data: st.DataObject
) -> None:
    text = EXAMPLES[kind]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 10)))
    damaged = text[:start] + data.draw(st.text(alphabet="ab:- \n[]{}&*'\"#,01.~", max_size=6)) + text[end:]

    assert all(0 <= problem.line <= damaged.count("\n") + 1 for problem in problems_of(kind, damaged))
