"""Which files of its own repository a pipeline of GitLab's is made of."""

import pytest

from registrar.repository.includes import included


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "include: [{local: /.gitlab/ci/own.yml}, {local: 'ci/*.yml'}]", [".gitlab/ci/own.yml", "ci/*.yml"]
        ),
        pytest.param("include: ci/own.yml", ["ci/own.yml"], id="in short"),
        pytest.param(
            "include:\n  - /ci/own.yml\n  - {project: acme/ours, file: /ours.yml}", ["ci/own.yml"], id="a list"
        ),
        pytest.param(
            "include: {local: own.yml}\njob: {script: !reference [other, script]}", ["own.yml"], id="with a tag"
        ),
        pytest.param("include: https://example.com/own.yml", [], id="another host's"),
        pytest.param("include: [{component: host/acme/registrar@1}]", [], id="a component"),
        pytest.param("job: {artifacts: {paths: [report.yml]}}", [], id="nothing"),
        pytest.param("- include", [], id="no pipeline"),
        pytest.param("include: {local: own.yml", [], id="no YAML"),
    ],
)
def test_what_stands_beside_it_is_told(text: str, expected: list[str]) -> None:
    assert list(included(text.encode())) == expected
