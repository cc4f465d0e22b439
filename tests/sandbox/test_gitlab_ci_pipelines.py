"""GitLab's pipelines on the sandbox forge: started over HTTP, run by real processes, followed to their end."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from textwrap import dedent
from typing import Any

import pytest
from gitlab import GitlabError, GitlabGetError, GitlabJobRetryError

from sandbox.gitlab_ci_scene import furnished
from sandbox.gitlab_ci_texts import DEPLOY, a_job
from sandbox.gitlab_scene import REGISTRY, GitLabScene

STAGES = """\
stages: [build, deploy]
build: {stage: build, script: echo built}
approve: {stage: deploy, script: echo by hand, rules: [{when: manual}], environment: production}
after: {stage: .post, script: echo done}
"""
SLOW = """\
slow: {script: [echo started, sleep 60]}
late: {stage: deploy, script: echo late}
"""


def test_a_pipeline_really_runs(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, DEPLOY)

    pipeline = ci.start(inputs={"model": "digits", "operation": "deploy-7", "dry": True})

    assert (pipeline.source, pipeline.ref, pipeline.user["username"]) == ("api", "main", "registrar-bot")
    assert ci.ended(pipeline).status == "success"
    assert pipeline.name == "Deploy digits [deploy-7]"
    trace = ci.trace(pipeline, "deploy")
    assert "digits, dry true, times 3\n" in trace
    assert "weights\n" in trace
    assert trace.endswith("Job succeeded\n")


def test_the_answer_to_a_start_does_not_hold_the_name(gitlab_scene: GitLabScene) -> None:
    pipeline = furnished(gitlab_scene, DEPLOY).start(inputs={"model": "digits"})

    assert "name" not in pipeline.attributes


def test_no_log_shows_a_secret(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, DEPLOY)
    pipeline = ci.ended(ci.start(inputs={"model": "digits"}))

    assert "the password is [MASKED]" in ci.trace(pipeline, "deploy")


def test_a_job_that_fails_fails_its_pipeline_and_what_comes_after_is_skipped(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, "test: {script: [exit 3, echo never]}\ndeploy: {stage: deploy, script: echo late}\n")

    pipeline = ci.ended(ci.start())

    assert (pipeline.status, ci.states(pipeline)) == ("failed", {"test": "failed", "deploy": "skipped"})
    assert ci.job(pipeline, "test").failure_reason == "script_failure"
    assert "\nnever" not in ci.trace(pipeline, "test")


def test_a_job_that_may_fail_does_not_fail_its_pipeline(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, a_job("allow_failure: true", script="exit 1"))

    assert ci.ended(ci.start()).status == "success"


def test_jobs_find_what_gitlab_promises_them(gitlab_scene: GitLabScene) -> None:
    gitlab_scene.sandbox.add_variable(REGISTRY, "REGION", "eu")
    ci = furnished(gitlab_scene, a_job("variables: {WHERE: in $REGION}", script="[env, pwd, git rev-parse HEAD]"))

    pipeline = ci.ended(ci.start())

    lines = ci.trace(pipeline, "deploy").splitlines()
    found = dict(line.split("=", 1) for line in lines if "=" in line)
    url, sha = gitlab_scene.sandbox.url, pipeline.sha
    expected = {
        "CI": "true",
        "GITLAB_CI": "true",
        "CI_SERVER_URL": url,
        "CI_API_V4_URL": f"{url}/api/v4",
        "CI_PROJECT_PATH": REGISTRY,
        "CI_PROJECT_NAMESPACE": "acme/ml",
        "CI_PROJECT_URL": f"{url}/{REGISTRY}",
        "CI_PIPELINE_ID": str(pipeline.id),
        "CI_PIPELINE_IID": "1",
        "CI_PIPELINE_SOURCE": "api",
        "CI_COMMIT_SHA": sha,
        "CI_COMMIT_BRANCH": "main",
        "CI_JOB_NAME": "deploy",
        "CI_JOB_TOKEN": "[MASKED]",
        "GITLAB_USER_LOGIN": "registrar-bot",
        "WHERE": "in eu",
    }
    assert {name: found.get(name) for name in expected} == expected
    assert found["CI_PROJECT_DIR"] in lines
    assert sha in lines


def test_what_a_job_leaves_is_there_for_later_jobs(gitlab_scene: GitLabScene) -> None:
    configuration = """
    build:
      stage: build
      script: echo "DIGEST=abc" > build.env
      artifacts: {reports: {dotenv: build.env}}
    deploy:
      stage: deploy
      script: echo "the digest is $DIGEST"
    """
    ci = furnished(gitlab_scene, dedent(configuration))
    pipeline = ci.ended(ci.start())

    assert "the digest is abc" in ci.trace(pipeline, "deploy")


def test_what_comes_after_a_script_comes_whatever_happened(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, a_job("after_script: ['echo it is $CI_JOB_STATUS', 'exit 1']", script="exit 1"))
    pipeline = ci.ended(ci.start())

    assert "it is failed" in ci.trace(pipeline, "deploy")
    assert "after_script failed, but job will continue" in ci.trace(pipeline, "deploy")


def test_a_manual_job_holds_its_pipeline_until_someone_plays_it(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, STAGES)
    pipeline = ci.ended(ci.start())
    assert (pipeline.status, ci.states(pipeline)["after"]) == ("manual", "created")

    ci.job(pipeline, "approve", "raj").play()

    assert ci.ended(pipeline).status == "success"
    assert ci.states(pipeline) == {"build": "success", "approve": "success", "after": "success"}
    assert ci.job(pipeline, "approve").user["username"] == "raj"


def test_a_manual_job_that_need_not_be_waited_for_holds_nothing(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, "test: {script: 'true'}\ndeploy: {stage: deploy, script: 'true', when: manual}\n")
    pipeline = ci.ended(ci.start())

    assert (pipeline.status, ci.states(pipeline)["deploy"]) == ("success", "manual")


def test_what_needs_a_manual_job_runs_once_that_was_played(gitlab_scene: GitLabScene) -> None:
    ci = furnished(
        gitlab_scene, "ask: {script: 'true', when: manual}\ndeploy: {stage: deploy, script: 'true', needs: [ask]}\n"
    )
    pipeline = ci.ended(ci.start())
    assert ci.states(pipeline)["deploy"] == "skipped"

    ci.job(pipeline, "ask").play()

    assert ci.ended(pipeline).status == "success"
    assert ci.states(pipeline)["deploy"] == "success"


@pytest.mark.parametrize(
    ("login", "status", "complaint"),
    [
        pytest.param("raj", 400, "Unplayable Job", id="not manual"),
        pytest.param("mei", 403, "403 Forbidden", id="reader"),
    ],
)
def test_a_job_that_cannot_be_played_is_refused(
    gitlab_scene: GitLabScene, login: str, status: int, complaint: str
) -> None:
    ci = furnished(gitlab_scene, STAGES)
    pipeline = ci.ended(ci.start())

    with pytest.raises(GitlabError, match=complaint) as refused:
        ci.job(pipeline, "build", login).play()

    assert refused.value.response_code == status


def test_a_pipeline_that_is_canceled_ends_its_processes(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, SLOW)
    pipeline = ci.start()
    ci.until_running(pipeline, "slow", said="\nstarted")

    pipeline.cancel()

    assert ci.ended(pipeline).status == "canceled"
    assert ci.states(pipeline) == {"slow": "canceled", "late": "canceled"}


def test_a_job_that_takes_too_long_is_ended(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, a_job("timeout: 1 second", script="sleep 60"))
    pipeline = ci.ended(ci.start())

    assert ci.job(pipeline, "deploy").failure_reason == "job_execution_timeout"


def test_what_failed_is_tried_again(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, "test: {script: 'test \"$FIXED\"'}\ndeploy: {stage: deploy, script: 'true'}\n")
    pipeline = ci.ended(ci.start())
    gitlab_scene.sandbox.add_variable(REGISTRY, "FIXED", "yes")

    pipeline.retry()

    assert ci.ended(pipeline).status == "success"
    every = pipeline.jobs.list(all=True, include_retried=True)
    assert Counter(each.name for each in every) == {"test": 2, "deploy": 1}


def test_a_job_that_was_tried_again_is_not_tried_once_more(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, a_job(script="exit 1"))
    job = ci.job(ci.ended(ci.start()), "deploy")
    job.retry()

    with pytest.raises(GitlabJobRetryError, match="Job is not retryable"):
        job.retry()


def test_pipelines_are_found_by_what_is_known_of_them(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, DEPLOY)
    first, second = (ci.start(inputs={"model": "digits", "operation": key}) for key in ("deploy-1", "deploy-2"))
    ci.ended(second)
    yesterday, tomorrow = (f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}" for days in (-1, 1))

    def found(**query: Any) -> list[int]:
        return [each.id for each in ci.project().pipelines.list(all=True, **query)]

    assert found(name="Deploy digits [deploy-1]") == [first.id]
    assert found(source="api", ref="main", created_after=yesterday) == [second.id, first.id]
    assert found(order_by="id", sort="asc", status="success") == [first.id, second.id]
    assert found(updated_after=tomorrow) == []
    assert found(username="ana") == []
    assert found(scope="running") == []
    assert next(iter(ci.project().pipelines.list(iterator=True))).name == "Deploy digits [deploy-2]"
    assert ci.project().pipelines.latest().id == second.id
    for query in ({"sort": "sideways"}, {"scope": "mine"}, {"updated_after": "soon"}):
        with pytest.raises(GitlabError, match=f"{next(iter(query))} (does not have a valid value|is invalid)"):
            found(**query)


def test_a_branch_without_pipelines_has_no_latest_one(gitlab_scene: GitLabScene) -> None:
    with pytest.raises(GitlabError, match="403 Forbidden"):
        furnished(gitlab_scene, a_job()).project().pipelines.latest()


def test_an_owner_forgets_a_pipeline(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, a_job())
    pipeline = ci.ended(ci.start())

    ci.project("ana").pipelines.delete(pipeline.id)

    assert ci.project().pipelines.list() == []


def test_variables_of_a_pipeline_are_for_whoever_started_it_and_for_maintainers(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, a_job())
    pipeline = ci.ended(ci.start("raj", variables=[{"key": "A", "value": "b", "variable_type": "file"}]))

    for login in ("raj", "ana"):
        assert [each.variable_type for each in ci.project(login).pipelines.get(pipeline.id).variables.list()] == [
            "file"
        ]
    with pytest.raises(GitlabError, match="403 Forbidden"):
        ci.project("registrar-bot").pipelines.get(pipeline.id).variables.list()


def test_a_pipeline_has_no_bridges(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, a_job())

    assert ci.start().bridges.list() == []


def test_what_a_job_leaves_must_be_names_and_values(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, a_job("artifacts: {reports: {dotenv: [absent.env, x.env]}}", script="echo x > x.env"))
    pipeline = ci.ended(ci.start())

    assert "WARNING: absent.env: no matching files" in ci.trace(pipeline, "deploy")
    assert ci.job(pipeline, "deploy").status == "failed"


def test_a_deploy_to_an_environment_is_on_record(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, DEPLOY)
    pipeline = ci.ended(ci.start(inputs={"model": "digits"}))

    (deployment,) = ci.project().deployments.list(environment="production", status="success")

    assert (deployment.deployable["id"], deployment.sha) == (ci.job(pipeline, "deploy").id, pipeline.sha)
    (environment,) = ci.project().environments.list(name="production")
    assert (environment.external_url, environment.tier) == ("https://digits.example.com", "production")
    assert ci.project().environments.get(environment.id).last_deployment["id"] == deployment.id


def test_what_is_not_there_is_not_found(gitlab_scene: GitLabScene) -> None:
    project = furnished(gitlab_scene, a_job()).project()

    for manager in (project.pipelines, project.jobs, project.deployments, project.environments):
        with pytest.raises(GitlabGetError, match="404 Not Found"):
            manager.get(99)
