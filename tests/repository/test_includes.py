"""Which files of its own repository a pipeline of GitLab's is made of."""

import pytest

from registrar.repository.includes import all_included, included


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
        pytest.param("spec: {inputs: {a: {}}}\n---\ninclude: own.yml", ["own.yml"], id="below a header"),
        pytest.param("job: {trigger: {include: [{local: own.yml}]}}", ["own.yml"], id="in a pipeline of its own"),
        pytest.param("job: {trigger: acme/ours}\nwhen: 2026-13-45", [], id="a date that is none"),
        pytest.param("job: {artifacts: {paths: [report.yml]}}", [], id="nothing"),
        pytest.param("- include", [], id="no pipeline"),
        pytest.param("include: {local: own.yml", [], id="no YAML"),
    ],
)
def test_what_stands_beside_it_is_told(text: str, expected: list[str]) -> None:
    assert list(included(text.encode())) == expected


def test_what_an_included_file_includes_is_told_too() -> None:
    files = {
        ".gitlab-ci.yml": b"include: .gitlab/ci/a.yml",
        ".gitlab/ci/a.yml": b"include: [own/b.yml, .gitlab-ci.yml]",
        "own/b.yml": b"include: .gitlab/ci/a.yml",
    }

    read, named = all_included(lambda path: {path: files[path]} if path in files else {}, ".gitlab-ci.yml")

    assert read == files
    assert set(named) == {".gitlab/ci/a.yml", "own/b.yml", ".gitlab-ci.yml"}
