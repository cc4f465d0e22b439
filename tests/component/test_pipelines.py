"""The component in pipelines that gitlab-ci-local runs, against GitLab's API and git."""

import json

from component.scene import PUSH, Project, included
from stories.registries import a_version

NEXT = """
next:
  stage: deploy
  needs: [registrar-check, registrar-compare]
  rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}]
  script:
    - echo "$REGISTRAR_OUTPUT_EVENT of $REGISTRAR_OUTPUT_NAME $REGISTRAR_OUTPUT_VERSION, $REGISTRAR_OUTPUT_VERDICT"
    - head -1 registrar-compare/summary.md
"""
FOR_OTHERS = "default: {before_script: [bundle install], image: ruby:3.4}\n"
PROMOTED = {"models/digits/status.yaml": "Production: 1.1.0\nArchived:\n  - 1.0.0\n"}


def test_a_merge_request_is_checked_and_compared_without_a_secret(project: Project) -> None:
    project.push(a_version("2.0.0", accuracy=0.97), by="mei", onto="digits-2.0.0")
    number = project.ask("digits-2.0.0")
    project.check_out("digits-2.0.0")

    ran = project.run(included({"command": "check"}, {"command": "compare"}) + NEXT, project.merge_request(number))

    assert ran.code == 0, ran.log
    assert "registration of digits 2.0.0, passed" in ran.log  # what a later job reads
    assert "> ### ✅ register digits 2.0.0" in ran.log
    assert 'metric="accuracy"} 0.97\n' in ran.artifact("registrar-compare", "metrics.txt")
    assert json.loads(ran.artifact("registrar-check", "code-quality.json")) == []
    assert "[ms\\] | 5 | 5 |" in ran.artifact("registrar-compare", "summary.md")


def test_what_fails_fails_its_job_and_says_where_unless_it_may(project: Project) -> None:
    files = a_version("2.0.0", accuracy=0.5) | {"models/digits/status.yaml": "Production: 2.0.0\nStagin: 1.1.0\n"}
    project.push(files, by="mei", onto="worse")
    number = project.ask("worse")
    project.check_out("worse")

    ran = project.run(
        included({"command": "check", "allow-failure": True}, {"command": "compare"}) + NEXT,
        project.merge_request(number),
    )

    assert ran.code == 1
    assert [ran.ended(job) for job in ("registrar-check", "registrar-compare", "next")] == ["WARN", "FAIL", ""]
    [found] = json.loads(ran.artifact("registrar-check", "code-quality.json"))
    assert found["location"] == {"path": "models/digits/status.yaml", "lines": {"begin": 2}}
    assert "REGISTRAR_OUTPUT_VERDICT=failed" in ran.artifact("registrar-compare", "outputs.env")


def test_a_fork_is_compared_in_its_own_pipeline_which_says_what_it_left_out(project: Project) -> None:
    project.push(PROMOTED, by="mei", onto="promotion")
    project.check_out("promotion")
    situation = project.merge_request(7) | {"CI_MERGE_REQUEST_PROJECT_PATH": "another/registry"}

    ran = project.run(included({"command": "compare", "comment": True}) + FOR_OTHERS, situation)

    assert ran.code == 0, ran.log
    summary = ran.artifact("registrar-compare", "summary.md")
    assert "| **accuracy** | 0.9 | 0.95 |" in summary
    assert "- Left out: a comment; the merge request is one of `another/registry`" in summary


def test_what_a_checkout_calls_as_the_job_calls_its_report_is_none(project: Project) -> None:
    project.push({"registrar-check/outputs.env/is-a-folder": "REGISTRAR_OUTPUT_VERDICT=passed\n"})
    project.check_out()

    ran = project.run(included({"command": "check"}), PUSH)

    assert ran.ended("registrar-check") == "PASS", ran.log
    assert "REGISTRAR_OUTPUT_VERDICT=passed" in ran.artifact("registrar-check", "outputs.env")


def test_with_a_token_the_comparison_is_kept_as_one_comment(project: Project) -> None:
    project.push(PROMOTED, by="mei", onto="promotion")
    number = project.ask("promotion")
    project.check_out("promotion")
    project.variables["REGISTRAR_TOKEN"] = project.token("registrar-bot")
    text = included({"command": "compare", "comment": True})

    ran = [project.run(text, project.merge_request(number)) for _ in range(2)]

    assert [each.code for each in ran] == [0, 0], ran[-1].log
    [comment] = project.registry.pull_request(number).comments
    assert "1.1.0" in comment.body
    assert f"REGISTRAR_OUTPUT_COMMENT_ID={comment.id}\n" in ran[-1].artifact("registrar-compare", "outputs.env")
    assert project.token("registrar-bot") not in ran[-1].log


def test_an_input_is_taken_as_it_stands_but_for_variables_which_are_read_once(project: Project) -> None:
    token = project.token("registrar-bot")
    project.variables |= {"REGISTRAR_TOKEN": token, "TITLE": "$$REGISTRAR_TOKEN", "MODEL": "digits"}
    wish = {"command": "promote", "selector": "$MODEL@1.1.0", "to": 'it\'s "odd": # $TITLE `id` $(id) \\ $5 %TITLE%'}

    ran = project.run(included(wish), PUSH, "registrar-promote")

    assert ran.ended("registrar-promote") == "WARN"
    assert 'it\'s "odd": # $REGISTRAR_TOKEN `id` $(id) \\ $5 %TITLE%' in ran.log
    assert token not in ran.log
