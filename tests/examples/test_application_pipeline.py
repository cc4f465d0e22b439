"""The application's pipeline on GitLab: the twin of its workflow on GitHub, and started by deploys alone."""

import pytest
from gitlab import GitlabCreateError

from examples.places import APPLICATION, texts_of
from registrar.sandbox.gitlab.ci.configuration import declared_inputs, read_configuration
from registrar.sandbox.workflows import read_workflow
from sandbox.gitlab_ci_scene import furnished
from sandbox.gitlab_scene import REGISTRY, GitLabScene

PIPELINE = (APPLICATION / ".gitlab-ci.yml").read_text()
WORKFLOW = read_workflow((APPLICATION / ".github" / "workflows" / "deploy.yml").read_text())
DEPLOY = {"model": "digits", "version": "2.0.0", "to": "Production", "operation": "deploy-7-0123456789abcdef"}


def test_it_is_told_what_github_s_workflow_is_told() -> None:
    assert list(declared_inputs(PIPELINE)) == list(WORKFLOW.dispatch_inputs)


def test_it_runs_the_commands_that_github_s_workflow_runs() -> None:
    (job,) = read_configuration(PIPELINE, {}).jobs
    there = [line for each in WORKFLOW.jobs for step in each.steps for line in step.run.splitlines()]

    assert [line.replace("GITHUB_SERVER_URL", "CI_SERVER_URL") for line in there] == list(job.plan.script)


def test_a_push_starts_nothing(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, PIPELINE)

    with pytest.raises(GitlabCreateError, match="Pipeline filtered out by workflow rules"):
        ci.start()


def test_weights_that_cannot_be_pulled_are_never_served(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, PIPELINE, **texts_of(APPLICATION))
    gitlab_scene.sandbox.add_variable(REGISTRY, "REGISTRY", REGISTRY)

    pipeline = ci.ended(ci.start(inputs=DEPLOY))

    assert pipeline.name == "digits 2.0.0 to Production (deploy-7-0123456789abcdef)"
    assert (pipeline.status, ci.states(pipeline)) == ("failed", {"deploy": "failed"})
    trace = ci.trace(pipeline, "deploy")
    assert '$ registrar pull "$MODEL@$VERSION"' in trace
    assert "serves" not in trace
    (deployment,) = ci.project().deployments.list(environment="production")
    assert deployment.status == "failed"


def test_a_registry_that_lets_the_job_not_in_is_named(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, PIPELINE, **texts_of(APPLICATION))

    pipeline = ci.ended(ci.start(inputs=DEPLOY))

    assert f"\n{REGISTRY} may not read acme/registry, whose job token permissions" in ci.trace(pipeline, "deploy")
