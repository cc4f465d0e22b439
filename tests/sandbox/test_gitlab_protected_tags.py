"""Protected tags of a project on GitLab: who may create one is for maintainers to know and to say."""

import pytest
from gitlab import GitlabError

from sandbox.gitlab_ci_scene import furnished
from sandbox.gitlab_ci_texts import a_job
from sandbox.gitlab_scene import GitLabScene


def test_maintainers_alone_are_told_who_may_create_a_protected_tag(gitlab_scene: GitLabScene) -> None:
    tags = gitlab_scene.registry("ana").protectedtags

    made = tags.create({"name": "v*", "create_access_level": 30})

    [access] = made.create_access_levels
    assert (access["access_level"], access["access_level_description"]) == (30, "Developers + Maintainers")
    assert [each.attributes for each in tags.list()] == [made.attributes]
    with pytest.raises(GitlabError, match="has already been taken"):
        tags.create({"name": "v*"})
    with pytest.raises(GitlabError, match="403 Forbidden"):
        gitlab_scene.registry("raj").protectedtags.list()


def test_a_protected_tag_is_created_by_those_alone_whom_it_names(gitlab_scene: GitLabScene) -> None:
    tags = gitlab_scene.registry("ana").protectedtags
    tags.create({"name": "v*"})
    raj = gitlab_scene.work_tree("raj")
    raj.commit({"README.md": "hello"}, "Start")

    raj.git("push", "origin", "HEAD:refs/tags/v1", succeeds=False)

    raj.git("push", "origin", "HEAD:refs/tags/w1")
    tags.delete("v*")
    raj.git("push", "origin", "HEAD:refs/tags/v1")
    with pytest.raises(GitlabError, match="404"):
        tags.delete("v*")


def test_the_pipeline_of_a_protected_tag_knows_that_it_is_one(gitlab_scene: GitLabScene) -> None:
    ci = furnished(gitlab_scene, a_job(script="echo protected=$CI_COMMIT_REF_PROTECTED"))
    gitlab_scene.registry("ana").protectedtags.create({"name": "v*", "create_access_level": 30})
    raj = gitlab_scene.work_tree("raj", name="of-raj")
    raj.git("fetch", "origin", "main")
    raj.git("push", "origin", "FETCH_HEAD:refs/tags/v1", "FETCH_HEAD:refs/tags/w1")

    pipelines = [ci.ended(ci.start(ref=tag)) for tag in ("v1", "w1")]

    assert ["protected=true" in ci.trace(each, "deploy") for each in pipelines] == [True, False]
