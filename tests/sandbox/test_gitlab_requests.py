"""GitLab's API of the sandbox forge: who may call, how projects are named, how lists are paged, how it says no."""

from pathlib import Path

import httpx
import pytest
from gitlab import GitlabAuthenticationError, GitlabGetError

from loopback import PLAIN
from registrar.sandbox import Sandbox
from sandbox.gitlab_scene import REGISTRY, GitLabScene


def test_a_project_is_found_by_its_number_and_by_its_full_path(gitlab_scene: GitLabScene) -> None:
    gitlab = gitlab_scene.gitlab("ana")

    by_path = gitlab.projects.get(REGISTRY)

    assert gitlab.projects.get(by_path.id).path_with_namespace == REGISTRY
    assert by_path.web_url == f"{gitlab_scene.sandbox.url}/{REGISTRY}"


def test_whoever_may_not_read_a_project_does_not_learn_of_it(gitlab_scene: GitLabScene) -> None:
    gitlab_scene.sandbox.store.repository(REGISTRY).private = True

    with pytest.raises(GitlabGetError, match="404 Project Not Found"):
        gitlab_scene.gitlab("eve").projects.get(REGISTRY)


def test_a_token_that_is_nobodys_is_refused(gitlab_scene: GitLabScene) -> None:
    with pytest.raises(GitlabAuthenticationError, match="401 Unauthorized"):
        gitlab_scene.gitlab_with("nobody's").auth()


@pytest.mark.parametrize("header", ["PRIVATE-TOKEN", "Authorization"])
def test_a_token_comes_in_either_header(gitlab_scene: GitLabScene, header: str) -> None:
    token = gitlab_scene.token("ana")
    value = token if header == "PRIVATE-TOKEN" else f"Bearer {token}"

    answer = httpx.get(f"{gitlab_scene.sandbox.url}/api/v4/user", headers={header: value}, verify=PLAIN)

    assert answer.json()["username"] == "ana"


def test_what_the_api_has_not_is_told_under_error(gitlab_scene: GitLabScene) -> None:
    answer = gitlab_scene.answer("ana", "GET", "/nothing/here")

    assert (answer.status_code, answer.json()) == (404, {"error": "404 Not Found"})


def test_the_forge_stands_below_a_path_too(tmp_path: Path) -> None:
    with Sandbox.serve(tmp_path, dialect="gitlab", path="/gitlab") as sandbox:
        scene = GitLabScene(sandbox, tmp_path / "people")
        scene.furnish()
        tree = scene.work_tree("raj")
        sha = tree.push({"README.md": "# Registry\n"}, "Start")

        found = scene.gitlab("raj").projects.get(REGISTRY)

        assert found.http_url_to_repo == f"{sandbox.url}/{REGISTRY}.git"
        assert sandbox.url.endswith("/gitlab")
        assert tree.git("ls-remote", "origin", "main").split()[0] == sha
