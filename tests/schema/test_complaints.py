import pytest

from schema.reading import told


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "task: 3", 'task must be text, not 3, which YAML reads as a number; put it in quotes: "3"', id="number"
        ),
        pytest.param(
            "task: true",
            'task must be text, not true, which YAML reads as true or false; put it in quotes: "true"',
            id="truth",
        ),
        pytest.param("task: [a]", "task must be text, not a list; write text", id="list"),
        pytest.param("task:", "task has no value; give it one, or leave it out", id="nothing"),
        pytest.param(
            "descriptoin: x", "the key descriptoin is not known; did you mean description?", id="misspelt key"
        ),
        pytest.param("x: 1", "the key x is not known; known here: description, task, metrics, notes", id="unknown key"),
        pytest.param(
            "x:",
            "the key x is not known; known here: description, task, metrics, notes",
            id="unknown key without value",
        ),
        pytest.param(
            "metrics: 3",
            "metrics must be a mapping, not 3, which YAML reads as a number; write its keys below it, indented",
            id="no mapping",
        ),
        pytest.param(
            "metrics: {a: x}",
            'metrics.a must be a mapping, not "x"; write its keys below it, indented',
            id="no mapping below",
        ),
        pytest.param("metrics: {a: {}}", "metrics.a.direction is missing; add it", id="missing key"),
        pytest.param(
            "metrics: {a: {direction: up}}",
            'metrics.a.direction must be higher or lower, not "up"; choose higher or lower',
            id="no choice",
        ),
        pytest.param(
            "metrics: {a: {direction: higer}}",
            'metrics.a.direction must be higher or lower, not "higer"; did you mean higher?',
            id="misspelt choice",
        ),
        pytest.param(
            "metrics: {a: {direction: 1}}",
            "metrics.a.direction must be higher or lower, not 1; choose higher or lower",
            id="number as choice",
        ),
        pytest.param(
            "metrics: {a: {direction: lower, unti: s}}",
            "the key metrics.a.unti is not known; did you mean unit?",
            id="misspelt key below",
        ),
        pytest.param(
            "metrics: {a: {direction: lower, primary: 1}}",
            "metrics.a.primary must be true or false, not 1; write true or false",
            id="no truth",
        ),
        pytest.param(
            "metrics: {' a': {direction: lower}}",
            "the key metrics. a must be the name of a metric; write it on one line, without spaces around it",
            id="key of the wrong form",
        ),
    ],
)
def test_a_fault_in_a_model_reads_as(text: str, problem: str) -> None:
    assert told("model", f"description: x\n{text}") == [f":2: {problem}"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "metrics: {a: x}",
            'metrics.a must be a number, not "x"; write a number, such as 0.95',
            id="text for a number",
        ),
        pytest.param(
            "metrics: {a: '0.9'}", 'metrics.a must be a number, not "0.9"; take off the quotes', id="number in quotes"
        ),
        pytest.param(
            "metrics: {a: true}",
            "metrics.a must be a number, not true, which YAML reads as true or false; write a number, such as 0.95",
            id="truth",
        ),
        pytest.param(
            "metrics: {a: .nan}",
            ".nan is not a finite number; leave it out, or write the number that was measured",
            id="no number",
        ),
        pytest.param(
            "parameters: {a: [1]}",
            "parameters.a must be text, a number or true or false, not a list; write text, a number or true or false",
            id="list as parameter",
        ),
    ],
)
def test_a_fault_in_a_version_reads_as(text: str, problem: str) -> None:
    assert told("version", text) == [f":1: {problem}"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "rows: 1.5", "rows must be a whole number, not 1.5; write a whole number, such as 3", id="broken number"
        ),
        pytest.param("rows: '7'", 'rows must be a whole number, not "7"; take off the quotes', id="number in quotes"),
        pytest.param("rows: -1", "rows must be 0 or more, not -1; write 0 or more", id="too small"),
        pytest.param(
            "rows: many", 'rows must be a whole number, not "many"; write a whole number, such as 3', id="text"
        ),
    ],
)
def test_a_fault_in_a_dataset_reads_as(text: str, problem: str) -> None:
    assert told("dataset", f"description: x\n{text}") == [f":2: {problem}"]


def test_a_blank_description_is_none() -> None:
    assert told("model", "description: ' '") == [
        ':1: description must be text that says something, not " "; describe it in a sentence'
    ]


def test_a_list_that_is_none_is_told_how_to_become_one() -> None:
    assert told("registry", "statuses:\n  A: {}\n  B: {promotes_from: A}\n") == [
        ':3: statuses.B.promotes_from must be a list, not "A"; write it as a list: [A]'
    ]


def test_a_mapping_is_no_list() -> None:
    assert told("registry", "deploys: {status: QA}") == [
        ":1: deploys must be a list, not a mapping; write a list, each entry after a dash"
    ]


def test_all_problems_of_a_file_are_told_at_once_in_its_order() -> None:
    text = "task: 3\nmetrics:\n  a: {direction: up}\n  a: {}\n  b: .nan\nnotes: &n yes\n"

    assert [problem.split(";")[0] for problem in told("model", text)] == [
        ": description is missing",
        ":1: task must be text, not 3, which YAML reads as a number",
        ':3: metrics.a.direction must be higher or lower, not "up"',
        ":4: the key a stands here again",
        ":5: .nan is not a finite number",
        ":6: the anchor &n is not accepted",
        ":6: yes means different things to different readers of YAML",
    ]
