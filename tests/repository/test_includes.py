"""Which files of its own repository a pipeline of GitLab's is made of."""

import pytest

from registrar.core.setup_jobs import Used
from registrar.repository.includes import included, pipeline_of, scripted


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
    assert list(included(text.encode(), "acme/registry")) == [Used(path) for path in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("include: {project: Acme/Registry, file: /x.yml, ref: next}", Used("x.yml", "next"), id="by name"),
        pytest.param("include: {project: $CI_PROJECT_PATH, file: [x.yml]}", Used("x.yml"), id="by variable"),
        pytest.param(
            "include: {component: $CI_SERVER_FQDN/acme/registry/own@next}",
            Used("templates/own", "next"),
            id="component",
        ),
        pytest.param(
            "include: {component: gitlab.com/$CI_PROJECT_PATH/own@$CI_COMMIT_SHA}", Used("templates/own"), id="its own"
        ),
    ],
)
def test_what_another_branch_of_the_same_project_holds_is_told(text: str, expected: Used) -> None:
    assert list(included(text.encode(), "acme/registry")) == [expected]


JOBS = """
variables: {script: tools/no.sh}
default: {before_script: [./tools/all.sh]}
before_script: [./tools/all.sh]
bot: {script: [[registrar reconcile, sh tools/run.sh], cat notes.txt]}
check: {script: "cat notes.txt && ./tools/test.sh"}
apart: {variables: {GIT_STRATEGY: none}, script: registrar reconcile && ./tools/run.sh}
"""


def test_what_the_bots_own_job_runs_is_told_for_sure_and_of_others_what_they_may_run() -> None:
    files = {"tools/all.sh", "tools/run.sh", "tools/test.sh", "notes.txt", "tools/no.sh"}

    found = dict.fromkeys(scripted(JOBS.encode(), files.__contains__))

    maybe = [Used(path, is_run=False) for path in ("tools/all.sh", "notes.txt", "tools/test.sh")]
    assert set(found) == {Used("tools/run.sh"), *maybe}


def test_what_an_included_file_includes_is_told_too() -> None:
    files = {
        ".gitlab-ci.yml": b"include: .gitlab/ci/a.yml",
        ".gitlab/ci/a.yml": b"include: [own/b.yml, .gitlab-ci.yml, {project: acme/registry, file: own/c.yml, ref: x}]",
        "own/b.yml": b"include: .gitlab/ci/a.yml",
        "own/c.yml": b"include: none.yml",
    }

    read, used = pipeline_of(
        lambda path: {path: files[path]} if path in files else {},
        ".gitlab-ci.yml",
        repository="acme/registry",
        is_file=files.__contains__,
    )

    assert set(read) == {*files} - {"own/c.yml"}
    assert used[".gitlab/ci/a.yml"] == (Used("own/b.yml"), Used(".gitlab-ci.yml"), Used("own/c.yml", "x"))
