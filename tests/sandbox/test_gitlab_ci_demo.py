"""The demo application's pipeline on GitLab: well-formed, the twin of its workflow on GitHub, started by deploys."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from gitlab import GitlabCreateError

from registrar.sandbox.gitlab.ci.configuration import declared_inputs, read_configuration
from registrar.sandbox.workflows import read_workflow
from sandbox.gitlab_ci_scene import furnished
from sandbox.gitlab_scene import GitLabScene

APPLICATION = Path(__file__).parents[2] / "templates" / "demo" / "digits-ui"
PIPELINE = (APPLICATION / ".gitlab-ci.yml").read_text()
WORKFLOW = read_workflow((APPLICATION / ".github" / "workflows" / "deploy.yml").read_text())
DEPLOY = {"model": "digits", "version": "2.0.0", "to": "Production", "operation": "deploy-7-0123456789abcdef"}


def test_gitlab_s_own_schema_takes_it(tmp_path: Path) -> None:
    files = []
    for number, document in enumerate(yaml.safe_load_all(PIPELINE)):
        files.append(tmp_path / f"{number}.yml")
        files[-1].write_text(yaml.safe_dump(document))

    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_it_is_told_what_github_s_workflow_is_told() -> None:
    assert list(declared_inputs(PIPELINE)) == list(WORKFLOW.dispatch_inputs)


def test_it_runs_the_commands_that_github_s_workflow_runs() -> None:
    (job,) = read_configuration(PIPELINE, {}).jobs
    there = [
        line.partition(" >> ")[0] for each in WORKFLOW.jobs for step in each.steps for line in step.run.splitlines()
    ]

    assert [line for line in there if line] == list(job.plan.script)


def test_a_push_starts_nothing(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, PIPELINE)

    with pytest.raises(GitlabCreateError, match="Pipeline filtered out by workflow rules"):
        ci.start()


def test_weights_that_cannot_be_pulled_are_never_served(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, PIPELINE)

    pipeline = ci.ended(ci.start(inputs=DEPLOY))

    assert pipeline.name == "digits 2.0.0 to Production (deploy-7-0123456789abcdef)"
    assert (pipeline.status, ci.states(pipeline)) == ("failed", {"deploy": "failed"})
    trace = ci.trace(pipeline, "deploy")
    assert '$ registrar pull "$MODEL@$VERSION"' in trace
    assert "serves" not in trace
    (deployment,) = ci.project().deployments.list(environment="production")
    assert deployment.status == "failed"
