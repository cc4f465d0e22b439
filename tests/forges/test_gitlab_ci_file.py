"""What the text of a pipeline tells of it."""

import pytest

from registrar.core.setup import Untold
from registrar.forges.gitlab_ci_file import as_pipeline

HEAD = 'spec:\n  inputs:\n    model: {}\n    version: {default: "1"}\n    operation:\n---\n'


@pytest.mark.parametrize(
    ("text", "is_titled"),
    [
        pytest.param('workflow: {name: "$[[ inputs.operation ]]"}\n', True, id="by the key"),
        pytest.param('workflow: {name: "deploy"}\n', False, id="by another"),
        pytest.param("job: {script: [x]}\n", False, id="not at all"),
        pytest.param("include: other.yml\n", True, id="perhaps in what it includes"),
    ],
)
def test_what_a_pipeline_takes_is_read_from_its_head(text: str, *, is_titled: bool) -> None:
    found = as_pipeline((HEAD + text).encode(), ".gitlab-ci.yml", is_told=False, page="")

    assert found.takes == frozenset({"model", "version", "operation"})
    assert found.demands == frozenset({"model", "operation"})
    assert found.is_titled is is_titled


def test_a_pipeline_that_takes_variables_is_found_by_them() -> None:
    assert as_pipeline(b"job: {script: [x]}\n", ".gitlab-ci.yml", is_told=True, page="").is_titled


def test_a_file_that_cannot_be_read_cannot_be_told() -> None:
    found = as_pipeline(b"job: [", ".gitlab-ci.yml", is_told=False, page="")

    assert isinstance(found.takes, Untold)
