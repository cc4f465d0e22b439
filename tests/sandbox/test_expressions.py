import re

import pytest

from registrar.sandbox.expressions import Contexts, InvalidExpression, as_text, evaluate, interpolate

CONTEXTS: Contexts = {
    "inputs": {"model": "digits", "force": True, "quiet": False, "empty": ""},
    "github": {"sha": "abc", "event": {"number": 7}},
    "steps": {"train": {"outputs": {"accuracy": "0.97"}}},
    "vars": {},
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param("inputs.model", "digits", id="property"),
        pytest.param("inputs['model']", "digits", id="index"),
        pytest.param("inputs.MODEL", "digits", id="names are found without case"),
        pytest.param("steps.train.outputs.accuracy", "0.97", id="output of a step"),
        pytest.param("github.event.number", "7", id="number"),
        pytest.param("vars.missing", "", id="what is missing is empty"),
        pytest.param("vars.missing.deeper", "", id="what is missing has nothing in it"),
        pytest.param("inputs.force", "true", id="boolean"),
        pytest.param("'it''s'", "it's", id="quote in a text"),
        pytest.param("1.50", "1.5", id="number literal"),
        pytest.param("inputs.empty || 'main'", "main", id="or gives the first that is something"),
        pytest.param("inputs.force && 'yes' || 'no'", "yes", id="choice, true"),
        pytest.param("inputs.quiet && 'yes' || 'no'", "no", id="choice, false"),
        pytest.param("inputs.model == 'DIGITS'", "true", id="texts are equal without case"),
        pytest.param("inputs.model != 'digits'", "false", id="unequal"),
        pytest.param("github.event.number == '7'", "true", id="unlike kinds are equal as numbers"),
        pytest.param("null == ''", "true", id="null is zero and so is an empty text"),
        pytest.param("github.event == github.event", "true", id="one object is itself"),
        pytest.param("github.event == 7", "false", id="an object is no number"),
        pytest.param("!inputs.quiet", "true", id="not"),
        pytest.param("!!inputs.quiet", "false", id="not not"),
        pytest.param("!(inputs.force && inputs.quiet)", "true", id="brackets"),
        pytest.param("format('{0}@{1} {{x}}', inputs.model, '1.0')", "digits@1.0 {x}", id="format"),
        pytest.param("true || false && false", "true", id="and binds closer than or"),
        pytest.param("github.event", "Object", id="an object has no text"),
    ],
)
def test_an_expression_means_what_it_means_on_github(expression: str, value: str) -> None:
    assert as_text(evaluate(expression, CONTEXTS)) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("${{ matrix.os }}", "'matrix' in 'matrix.os' is not something the sandbox knows", id="context"),
        pytest.param("${{ toJSON(inputs) }}", "no function toJSON()", id="function"),
        pytest.param("${{ 1 < 2 }}", "does not understand '< 2'", id="operator"),
        pytest.param("${{ inputs.* }}", "does not understand '*'", id="filter"),
        pytest.param("${{ (1 }}", "cannot read the expression '(1'", id="bracket"),
        pytest.param("${{ }}", "cannot read the expression ''", id="empty"),
        pytest.param("${{ 1 2 }}", "cannot read the expression '1 2'", id="two values"),
        pytest.param("${{ inputs.model", "not closed", id="no end"),
        pytest.param("${{ format('{1}', 1) }}", "no value for {1}", id="hole without a value"),
        pytest.param("${{ format('{', 1) }}", "no value for {", id="lone brace"),
        pytest.param("${{ format() }}", "needs a text", id="format of nothing"),
        pytest.param("${{ " + "(" * 60 + "1" + ")" * 60 + " }}", "nested more than 50 deep", id="depth"),
    ],
)
def test_what_the_sandbox_does_not_speak_is_refused_by_name(text: str, reason: str) -> None:
    with pytest.raises(InvalidExpression, match=re.escape(reason)):
        interpolate(text, CONTEXTS)


def test_a_value_is_never_read_as_an_expression() -> None:
    contexts = {"inputs": {"model": "${{ secrets.KEY }}"}, "secrets": {"KEY": "hunter2"}}

    assert interpolate("<${{ inputs.model }}>", contexts) == "<${{ secrets.KEY }}>"


def test_braces_inside_a_quoted_text_do_not_end_the_expression() -> None:
    assert interpolate("a ${{ '}}' }} b", {}) == "a }} b"
