"""The variables that a project on GitLab gives to its pipelines, as its maintainers keep them over HTTP."""

import pytest
from gitlab import GitlabError, GitlabGetError

from sandbox.gitlab_ci_scene import furnished
from sandbox.gitlab_ci_texts import a_job
from sandbox.gitlab_scene import GitLabScene

ENOUGH = "a-long-enough-secret"


def test_jobs_find_what_a_maintainer_set(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, a_job(script="echo $REGION $TOKEN"))
    variables = ci.project("ana").variables
    variables.create({"key": "REGION", "value": "eu"})
    variables.create({"key": "TOKEN", "value": ENOUGH, "masked": True})

    pipeline = ci.ended(ci.start())

    assert "\neu [MASKED]\n" in ci.trace(pipeline, "deploy")
    assert {each.key: each.masked for each in variables.list()} == {"REGION": False, "TOKEN": True, "PASSWORD": True}


def test_a_variable_is_changed_and_taken_away(gitlab_scene: GitLabScene) -> None:
    variables = gitlab_scene.registry("ana").variables
    variables.create({"key": "TOKEN", "value": ENOUGH})

    variables.update("TOKEN", {"masked": True})

    assert (variables.get("TOKEN").value, variables.get("TOKEN").masked) == (ENOUGH, True)
    variables.delete("TOKEN")
    with pytest.raises(GitlabGetError, match="404 Variable Not Found"):
        variables.get("TOKEN")


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        pytest.param({"key": "TAKEN", "value": "x"}, "has already been taken", id="taken"),
        pytest.param({"key": "TOKEN", "value": "short", "masked": True}, "is invalid", id="cannot be masked"),
        pytest.param({"key": "A-B", "value": "x"}, "key is invalid", id="no name"),
    ],
)
def test_a_variable_that_gitlab_would_not_take_is_refused(
    gitlab_scene: GitLabScene, wish: dict[str, object], complaint: str
) -> None:
    variables = gitlab_scene.registry("ana").variables
    variables.create({"key": "TAKEN", "value": "x"})

    with pytest.raises(GitlabError, match=complaint):
        variables.create(wish)


def test_variables_are_not_for_developers(gitlab_scene: GitLabScene) -> None:
    with pytest.raises(GitlabError, match="403 Forbidden"):
        gitlab_scene.registry("raj").variables.list()
