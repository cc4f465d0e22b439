"""Whatever stands in a `.gitlab-ci.yml`: it is read, or it is refused; nothing else happens."""

import string
from contextlib import suppress

import yaml
from hypothesis import given
from hypothesis import strategies as st

from registrar.sandbox.gitlab.ci.conditions import holds
from registrar.sandbox.gitlab.ci.configuration import read_configuration
from registrar.sandbox.gitlab.ci.expansion import expand_all
from registrar.sandbox.gitlab.ci.refusals import InvalidPipeline
from registrar.sandbox.pipelines import Variable

KEYWORDS = [
    "script",
    "stage",
    "needs",
    "rules",
    "when",
    "variables",
    "environment",
    "artifacts",
    "timeout",
    "allow_failure",
]
OF_INPUTS = ["default", "type", "options", "regex"]
INSIDE = ["if", "name", "url", "action", "reports", "dotenv", "value", "expand", "job", "optional"]
VALUES = ["manual", "1h", "$A", "a/b", "[", "deploy", "string", "number", "$[[ inputs.a | truncate(0,1) ]]"]

words = st.sampled_from([*KEYWORDS, *OF_INPUTS, *INSIDE, *VALUES])
leaves = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.floats(), words)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(leaves, inner, max_size=5)),
    max_leaves=30,
)
jobs = st.dictionaries(st.sampled_from(KEYWORDS), trees, max_size=6).map(lambda body: {"script": "true", **body})
configurations = st.one_of(
    trees,
    st.fixed_dictionaries(
        {"deploy": jobs},
        optional={"test": jobs, "stages": trees, "workflow": trees, "variables": trees, "default": trees},
    ),
)
inputs = st.dictionaries(st.sampled_from("abc"), st.dictionaries(st.sampled_from(OF_INPUTS), trees), max_size=3)
headers = st.one_of(trees, inputs.map(lambda declared: {"spec": {"inputs": declared}}))


@given(headers, configurations, st.dictionaries(st.sampled_from("abc"), trees, max_size=3))
def test_any_configuration_is_read_or_refused(header: object, body: object, given_inputs: dict[str, object]) -> None:
    with suppress(InvalidPipeline):
        for job in read_configuration(yaml.safe_dump_all([header, body]), given_inputs).jobs:
            job.in_pipeline({"A": "b"})


@given(st.text(alphabet=string.printable, max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(InvalidPipeline):
        read_configuration(text, {})


@given(st.lists(st.sampled_from(["$A", "$B", '"b"', "/b/", "==", "!=", "=~", "&&", "||", "(", ")", "null", " "])))
def test_any_condition_holds_or_not_or_is_refused(parts: list[str]) -> None:
    with suppress(InvalidPipeline):
        holds(" ".join(parts), {"A": "b"})


@given(st.dictionaries(st.sampled_from("ABC"), st.text(alphabet="ABC${}x", max_size=12)))
def test_any_variables_are_filled_in_or_refused(texts: dict[str, str]) -> None:
    with suppress(InvalidPipeline):
        assert expand_all({key: Variable(key, text) for key, text in texts.items()}).keys() == texts.keys()
