"""Where jobs of GitLab's pipelines stand together, and what becomes of those that waited for them."""

import itertools
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registrar.sandbox.accounts import Account, AccountKind
from registrar.sandbox.gitlab.ci.composite import state_of, state_of_needs
from registrar.sandbox.gitlab.ci.slugs import environment_slug, slug, tier_of
from registrar.sandbox.pipelines import Job, JobPlan, JobState, Pipeline
from sandbox.gitlab_ci_scene import furnished
from sandbox.gitlab_scene import GitLabScene

AT = datetime(2026, 3, 1, tzinfo=UTC)
MAY_FAIL = "?"  # after the state of a job


def a_job(word: str, number: int) -> Job:
    user = Account(1, "ana", "ana", AccountKind.PERSON, "t0k3n", AT)
    pipeline = Pipeline(1, 1, "main", False, "0" * 40, "api", user, AT, AT)  # noqa: FBT003 - a branch, no tag
    plan = JobPlan(f"job {number}", "test", ("true",), allow_failure=word.endswith(MAY_FAIL))
    return Job(number, plan, pipeline, user, "t0k3n", AT, JobState(word.rstrip(MAY_FAIL)))


def jobs(words: str) -> list[Job]:
    return [a_job(word, number) for number, word in enumerate(words.split(), start=1)]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("", "success"),
        ("success", "success"),
        ("success skipped", "success"),
        ("skipped manual?", "skipped"),
        ("success failed?", "success"),
        ("success canceled?", "success"),
        ("success manual?", "success"),
        ("created", "created"),
        ("created manual?", "created"),
        ("canceled success skipped", "canceled"),
        ("canceling running", "canceling"),
        ("pending created", "pending"),
        ("success created", "running"),
        ("success pending", "running"),
        ("running manual", "running"),
        ("success manual created", "manual"),
        ("failed skipped", "failed"),
        ("failed canceled", "failed"),
    ],
)
def test_jobs_stand_together_as_gitlab_counts(words: str, state: str) -> None:
    assert {str(state_of(order)) for order in itertools.permutations(jobs(words))} == {state}


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("", "success"),
        ("success failed?", "success"),
        ("success skipped", "skipped"),
        ("success manual?", "skipped"),
        ("success running", "pending"),
        ("success manual", "pending"),
        ("success canceled", "canceled"),
        ("failed canceled", "failed"),
    ],
)
def test_jobs_that_are_needed_by_name_are_counted_otherwise(words: str, state: str) -> None:
    assert str(state_of_needs(jobs(words))) == state


WHATEVER_HAPPENS = """\
test: {script: exit 1}
tidy: {stage: deploy, script: 'true', when: always}
tell: {stage: deploy, script: 'true', when: on_failure}
deploy: {stage: deploy, script: 'true'}
serve: {stage: deploy, script: 'true', needs: []}
maybe: {stage: deploy, script: 'true', needs: [{job: absent, optional: true}]}
absent: {script: 'true', rules: [{when: never}]}
"""


def test_what_runs_after_a_failure_is_what_asked_for_it(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, WHATEVER_HAPPENS)

    pipeline = ci.ended(ci.start())

    assert pipeline.status == "failed"
    assert ci.states(pipeline) == {
        "test": "failed",
        "tidy": "success",
        "tell": "success",
        "deploy": "skipped",
        "serve": "success",
        "maybe": "success",
    }


def test_a_job_that_waited_for_a_place_can_be_canceled(gitlab_scene: GitLabScene, tmp_path: Path) -> None:
    wait = f"while ! test -e {tmp_path}/go; do sleep 0.05; done"
    names = ("first", "second", "third")
    ci = furnished(gitlab_scene, "\n".join(f"{name}: {{script: '{wait}'}}" for name in names))
    pipeline = ci.start()
    ci.job(pipeline, "third").cancel()

    (tmp_path / "go").touch()

    assert ci.ended(pipeline).status == "canceled"
    assert ci.states(pipeline) == {"first": "success", "second": "success", "third": "canceled"}
    assert ci.trace(pipeline, "third") == ""


def test_a_manual_job_is_played_anew_after_it_ended(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, "deploy: {script: 'exit 1', rules: [{when: manual}]}")
    pipeline = ci.ended(ci.start())
    first = ci.job(pipeline, "deploy")
    first.play()
    ci.ended(pipeline)

    ci.project("raj").jobs.get(first.id).play()

    again = ci.job(ci.ended(pipeline), "deploy")
    assert (again.id > first.id, again.user["username"], again.status) == (True, "raj", "failed")


def test_the_jobs_of_a_project_are_listed_by_their_states(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, WHATEVER_HAPPENS)
    ci.ended(ci.start())

    failed = ci.project().jobs.list(scope=["failed", "skipped"])

    assert [each.name for each in failed] == ["deploy", "test"]


def test_names_are_shortened_for_addresses() -> None:
    assert slug("Feature/New_Model!") == "feature-new-model"
    assert environment_slug("review/a-very-long-branch-name") == "review-a-very-long-branc"
    assert [tier_of(name) for name in ("production", "staging", "qa", "dev", "moon")] == [
        "production",
        "staging",
        "testing",
        "development",
        "other",
    ]
