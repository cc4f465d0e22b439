from urllib.parse import quote

import pytest
from github import GithubException, UnknownObjectException

from sandbox.scene import REGISTRY, Scene


def test_the_newest_status_of_each_context_counts(scene: Scene) -> None:
    sha = scene.work_tree().push({"a": "a"}, "Start")
    commit = scene.registry("raj").get_commit(sha)
    commit.create_status("pending", context="ci")
    commit.create_status("success", "https://example.org/1", "Fine", "registrar: main")
    commit.create_status("success", context="ci")

    combined = commit.get_combined_status()

    assert combined.state == "success"
    assert {each.context: each.state for each in combined.statuses} == {"ci": "success", "registrar: main": "success"}
    said = scene.answer("mei", "GET", f"/repos/{REGISTRY}/commits/{sha}/statuses").json()
    assert [(each["context"], each["state"], each["creator"]["login"]) for each in said] == [
        ("ci", "success", "raj"),
        ("registrar: main", "success", "raj"),
        ("ci", "pending", "raj"),
    ]


@pytest.mark.parametrize(
    ("states", "combined"),
    [
        pytest.param((), "pending", id="nothing said"),
        pytest.param(("success", "pending"), "pending", id="one pending"),
        pytest.param(("pending", "error"), "failure", id="one error"),
    ],
)
def test_a_combined_status_is_the_worst_of_its_parts(scene: Scene, states: tuple[str, ...], combined: str) -> None:
    commit = scene.registry("raj").get_commit(scene.work_tree().push({"a": "a"}, "Start"))
    for state in states:
        commit.create_status(state, context=state)

    assert commit.get_combined_status().state == combined


@pytest.mark.parametrize(
    ("sha", "body"),
    [
        pytest.param("1" * 40, {"state": "success"}, id="no such commit"),
        pytest.param("main", {"state": "success"}, id="a branch is no commit"),
        pytest.param(None, {"state": "fine"}, id="no such state"),
        pytest.param(None, {"state": "success", "description": "x" * 141}, id="description too long"),
    ],
)
def test_a_status_that_github_would_not_take_is_refused(scene: Scene, sha: str | None, body: dict[str, str]) -> None:
    tip = scene.work_tree().push({"a": "a"}, "Start")

    answer = scene.answer("raj", "POST", f"/repos/{REGISTRY}/statuses/{sha or tip}", body)

    assert answer.status_code == 422


def test_a_file_is_read_at_any_commit(scene: Scene) -> None:
    tree = scene.work_tree()
    first = tree.push({"models/a.yaml": "one"}, "Start")
    tree.push({"models/a.yaml": "two"}, "Change")
    registry = scene.registry("mei")

    read = [registry.get_contents("models/a.yaml", ref=ref) for ref in ("main", first)]

    assert [each.decoded_content for each in read if not isinstance(each, list)] == [b"two", b"one"]
    with pytest.raises(UnknownObjectException):
        registry.get_contents("models/b.yaml")


def test_branches_are_listed_with_their_commits(scene: Scene) -> None:
    tree = scene.work_tree()
    first = tree.push({"a": "a"}, "Start")
    second = tree.push({"a": "b"}, "Change", branch="registrar/promote")
    registry = scene.registry("mei")

    assert {each.name: each.commit.sha for each in registry.get_branches()} == {
        "main": first,
        "registrar/promote": second,
    }
    assert registry.get_branch("registrar/promote").commit.sha == second


def test_commits_are_listed_newest_first(scene: Scene) -> None:
    tree = scene.work_tree()
    shas = [tree.push({"a": text}, text) for text in ("one", "two")]

    assert [each.sha for each in scene.registry("mei").get_commits()] == shas[::-1]


def test_the_activity_tells_who_pushed_and_how(scene: Scene) -> None:
    tree = scene.work_tree("raj")
    first = tree.push({"a": "a"}, "Start")
    second = tree.push({"a": "b"}, "Go on")
    tree.git("push", "--quiet", "--force", "origin", f"{first}:main")
    path = f"/repos/{REGISTRY}/activity"

    told = scene.answer("mei", "GET", f"{path}?ref=refs/heads/main").json()

    assert [(each["activity_type"], each["before"], each["after"]) for each in told] == [
        ("force_push", second, first),
        ("push", first, second),
        ("branch_creation", "0" * 40, first),
    ]
    assert scene.answer("mei", "GET", f"{path}?ref=dev").json() == []
    assert len(scene.answer("mei", "GET", f"{path}?activity_type=push&actor=raj").json()) == 1


def test_the_activity_goes_on_where_a_page_ended(scene: Scene) -> None:
    tree = scene.work_tree()
    shas = [tree.push({"a": text}, text) for text in ("one", "two", "three")]

    page = scene.answer("mei", "GET", f"/repos/{REGISTRY}/activity?per_page=2")
    with scene.client("mei") as client:
        rest = client.get(page.links["next"]["url"])

    assert [each["after"] for each in (*page.json(), *rest.json())] == shas[::-1]


def test_an_unknown_commit_is_refused(scene: Scene) -> None:
    scene.work_tree().push({"a": "a"}, "Start")

    with pytest.raises(GithubException) as refused:
        scene.registry("mei").get_commit("1" * 40)

    assert refused.value.status == 422


@pytest.mark.parametrize(
    "ref",
    [pytest.param("main~1", id="an ancestor"), pytest.param(":/Start", id="a search"), pytest.param("", id="nothing")],
)
def test_an_expression_of_git_names_no_commit(scene: Scene, ref: str) -> None:
    tree = scene.work_tree()
    tree.push({"a": "a"}, "Start")
    tree.push({"a": "b"}, "Go on")

    answer = scene.answer("mei", "GET", f"/repos/{REGISTRY}/contents/a?ref={quote(ref)}")

    assert answer.status_code == (404 if ref else 200)


@pytest.mark.parametrize(
    "address",
    ["activity?per_page=x", "activity?after=x", "branches?page=-1&per_page=0", "branches?page=99999", "commits?page=x"],
)
def test_a_page_that_makes_no_sense_breaks_nothing(scene: Scene, address: str) -> None:
    scene.work_tree().push({"a": "a"}, "Start")

    answer = scene.answer("mei", "GET", f"/repos/{REGISTRY}/{address}")

    assert answer.status_code == 200
    assert len(answer.json()) == (0 if "99999" in address else 1)
