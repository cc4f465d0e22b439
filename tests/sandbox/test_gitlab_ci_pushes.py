"""A job pushes to its own project where that is allowed, and nowhere else.

https://docs.gitlab.com/ci/jobs/ci_job_token/#allow-git-push-requests-to-your-project-repository
"""

import pytest

from sandbox.gitlab_ci_scene import furnished
from sandbox.gitlab_scene import REGISTRY, GitLabScene

OTHER = "acme/other"
PIPELINE = """\
push:
  script:
    - basic=$(printf 'gitlab-ci-token:%s' "$CI_JOB_TOKEN" | base64 --wrap=0)
    - git -c http.extraHeader="Authorization:Basic $basic" push --quiet "$CI_SERVER_URL/$WHERE.git" HEAD:refs/heads/made
"""


@pytest.mark.parametrize(
    ("is_allowed", "where", "ends"),
    [
        pytest.param(True, REGISTRY, "success", id="where it is allowed"),
        pytest.param(False, REGISTRY, "failed", id="not unless somebody allowed it"),
        pytest.param(True, OTHER, "failed", id="not to another project"),
    ],
)
def test_a_job_pushes(is_allowed: bool, where: str, ends: str, gitlab_scene: GitLabScene) -> None:  # noqa: FBT001 - a row of a table
    gitlab_scene.sandbox.add_repository(OTHER)
    gitlab_scene.sandbox.grant(OTHER, "raj", "write")
    ci = furnished(gitlab_scene, PIPELINE)
    gitlab_scene.sandbox.store.repository(REGISTRY).settings.jobs_may_push = is_allowed

    pipeline = ci.ended(ci.start("raj", variables=[{"key": "WHERE", "value": where}]))

    assert pipeline.status == ends, ci.trace(pipeline, "push")
    assert ("You are not allowed to upload code" in ci.trace(pipeline, "push")) == (ends == "failed")
    made = {each.name for each in ci.project().branches.list(all=True)} - {"main"}
    assert made == ({"made"} if ends == "success" else set())
