"""The pages of the sandbox forge where it speaks like GitLab: its paths, its words, at a path of its host too."""

import re
from collections.abc import Iterator

import httpx
import pytest

from sandbox.gitlab_stage import Stage, staged


@pytest.fixture(scope="module", params=[pytest.param("", id="at the root"), pytest.param("/gitlab", id="below a path")])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("stage"), path=request.param) as found:
        yield found


@pytest.fixture
def raj(stage: Stage) -> httpx.Client:
    return stage.browser("raj")


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        pytest.param("/", "Open merge requests", id="start"),
        pytest.param("/acme/ml/registry", "The registry", id="project"),
        pytest.param("/acme/ml/registry/-/tree/main/models", "digits.yaml", id="folder"),
        pytest.param("/acme/ml/registry/-/tree/registrar/digits/models", "digits.yaml", id="branch with a slash"),
        pytest.param("/acme/ml/registry/-/blob/main/models/digits.yaml", "Production: 1.0.0", id="file"),
        pytest.param("/acme/ml/registry/-/raw/main/models/digits.yaml", "Production: 1.0.0", id="raw"),
        pytest.param("/acme/ml/registry/-/commits/main", "Change README.md", id="commits"),
        pytest.param("/acme/ml/registry/-/commit/main", "Production: 1.0.0", id="commit"),
        pytest.param("/acme/ml/registry/-/merge_requests", "Promote digits 1.1.0", id="merge requests"),
        pytest.param("/acme/ml/registry/-/merge_requests/1", "wants to merge 1 commit into", id="merge request"),
        pytest.param("/acme/ml/registry/-/merge_requests/1/commits", "Change models/digits.yaml", id="its commits"),
        pytest.param("/acme/ml/registry/-/merge_requests/1/diffs", "1.1.0", id="its changes"),
        pytest.param("/acme/ml/registry/-/merge_requests/1.diff", "+Production: 1.1.0", id="diff"),
        pytest.param("/acme/ml/registry/-/issues", "There are no open issues", id="issues"),
        pytest.param("/acme/ml/registry/-/pipelines", ".gitlab-ci.yml", id="no pipelines"),
        pytest.param("/acme/digits-ui/-/pipelines", "input.model", id="what a pipeline asks"),
        pytest.param("/ana", "Owner", id="person"),
        pytest.param("/groups/acme/ml", "acme/ml/registry", id="group in a group"),
        pytest.param("/acme/ml", "acme/ml/registry", id="the same by its name alone"),
        pytest.param("/groups/acme/ml-admins", "Ana", id="subgroup with members"),
        pytest.param("/_/style.css", "prefers-color-scheme: dark", id="style sheet"),
    ],
)
def test_a_page_is_where_gitlab_has_it(stage: Stage, raj: httpx.Client, path: str, sentence: str) -> None:
    answer = raj.get(f"{stage.sandbox.forge.path}{path}")

    assert answer.status_code == 200
    assert sentence in answer.text


def test_every_link_of_every_page_leads_somewhere(stage: Stage, raj: httpx.Client) -> None:
    seen, waiting = dict[str, int](), [f"{stage.sandbox.forge.path}/"]
    while waiting:
        path = waiting.pop()
        answer = raj.get(path)
        seen[path] = answer.status_code
        found = (
            re.findall(r'(?:href|src)="(/[^"#]*)', answer.text) if "text/html" in answer.headers["content-type"] else []
        )
        waiting += [each for each in dict.fromkeys(found) if each not in seen and each not in waiting]

    assert [path for path, status in seen.items() if status != 200] == []
    assert stage.page in seen
    assert all(path.startswith(stage.sandbox.forge.path) for path in seen)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        pytest.param("", "Promote digits 1.1.0 · Merge request !1 · acme/ml/registry", id="overview"),
        pytest.param("/diffs", "Changes · Promote digits 1.1.0 · Merge request !1 · acme/ml/registry", id="changes"),
    ],
)
def test_a_title_tells_where_one_is(stage: Stage, raj: httpx.Client, path: str, title: str) -> None:
    assert f"<title>{title} · Sandbox forge</title>" in raj.get(stage.page + path).text


def test_no_word_of_github_is_left(stage: Stage, raj: httpx.Client) -> None:
    pages = [stage.page, f"{stage.page}/diffs", stage.home, stage.pipelines, f"{stage.sandbox.forge.path}/"]
    text = "".join(raj.get(page).text for page in pages)

    assert re.findall(r"(?i)pull request|workflow|\bactions\b|organization|files changed|conversation", text) == []


def test_what_is_not_there_is_said_to_be_missing(stage: Stage, raj: httpx.Client) -> None:
    at = stage.sandbox.forge.path
    paths = (
        "/acme/nothing",
        "/acme/ml/registry/-/merge_requests/99",
        "/acme/ml/registry/-/pipelines/99",
        "/groups/x/y",
    )

    assert [raj.get(f"{at}{path}").status_code for path in (*paths, "/acme/ml/registry/-/jobs/99")] == [404] * 5


@pytest.mark.parametrize("path", ["/acme/ml/registry/pull/1", "/acme/digits-ui/actions"])
def test_no_page_is_where_github_has_it(stage: Stage, raj: httpx.Client, path: str) -> None:
    assert raj.get(f"{stage.sandbox.forge.path}{path}").status_code == 404
