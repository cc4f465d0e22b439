import gzip
import random
import threading

import httpx
import pytest

from loopback import PLAIN
from sandbox.scene import REGISTRY, Scene


def test_what_is_pushed_can_be_cloned(scene: Scene) -> None:
    scene.work_tree("raj").push({"models/digits/status.yaml": "Staging: 1.0.0\n"}, "Start")

    reader = scene.work_tree("mei", name="reader")
    reader.git("pull", "--quiet", "origin", "main")

    assert (reader.folder / "models/digits/status.yaml").read_text() == "Staging: 1.0.0\n"


def test_a_reader_may_not_push(scene: Scene) -> None:
    tree = scene.work_tree("mei")
    tree.commit({"a": "a"}, "Try")

    said = tree.git("push", "origin", "main", succeeds=False)

    assert "403" in said


@pytest.mark.parametrize("login", [pytest.param(None, id="without a token"), pytest.param("mei", id="without a role")])
def test_a_private_repository_shows_itself_to_nobody_else(scene: Scene, login: str | None) -> None:
    scene.sandbox.add_repository("acme/secret", private=True)
    authorization = None if login is None else (login, scene.token(login))

    answer = httpx.get(
        f"{scene.sandbox.url}/acme/secret.git/info/refs",
        params={"service": "git-upload-pack"},
        auth=authorization,
        verify=PLAIN,
    )

    assert answer.status_code == (401 if login is None else 404)


def test_a_public_repository_is_read_without_a_token(scene: Scene) -> None:
    scene.work_tree().push({"a": "a"}, "Start")

    answer = httpx.get(
        f"{scene.sandbox.url}/{REGISTRY}.git/info/refs", params={"service": "git-upload-pack"}, verify=PLAIN
    )

    assert answer.status_code == 200
    assert b"refs/heads/main" in answer.content


def test_a_protected_branch_refuses_a_push_and_takes_its_neighbours(scene: Scene) -> None:
    tree = scene.work_tree("ana")
    tree.push({"a": "a"}, "Start")
    scene.sandbox.protect(REGISTRY, "main", approvals=1)
    tree.commit({"a": "b"}, "Change")

    said = tree.git("push", "origin", "main", "main:topic", succeeds=False)

    assert "remote rejected] main -> main" in said
    assert "must be made through a pull request" in said
    assert "* [new branch]      main -> topic" in said


def test_a_protection_may_spare_admins_and_nobody_else(scene: Scene) -> None:
    tree, other = scene.work_tree("ana"), scene.work_tree("raj", name="other")
    tree.push({"a": "a"}, "Start")
    other.git("pull", "--quiet", "origin", "main")
    scene.sandbox.protect(REGISTRY, "main", spares_admins=True)
    other.commit({"b": "b"}, "Mine")

    other.git("push", "origin", "main", succeeds=False)
    tree.push({"a": "b"}, "Hotfix")

    assert scene.registry("mei").get_branch("main").commit.commit.message == "Hotfix"


def test_nobody_writes_the_head_of_a_pull_request_by_hand(scene: Scene) -> None:
    scene.pull_request()
    tree = scene.work_tree("ana", name="other")
    tree.commit({"a": "a"}, "Fake")

    said = tree.git("push", "--force", "origin", "HEAD:refs/pull/1/head", succeeds=False)

    assert "hidden ref" in said


def test_the_head_of_a_pull_request_can_be_fetched(scene: Scene) -> None:
    found = scene.pull_request()
    reader = scene.work_tree("mei", name="reader")

    reader.git("fetch", "--quiet", "origin", "refs/pull/1/head")

    assert reader.git("rev-parse", "FETCH_HEAD").strip() == found.head.sha


def test_a_commit_can_be_fetched_by_its_sha_alone(scene: Scene) -> None:
    tree = scene.work_tree()
    first = tree.push({"a": "a"}, "First")
    tree.push({"a": "b"}, "Second")
    reader = scene.work_tree("mei", name="reader")

    reader.git("fetch", "--quiet", "--depth=1", "--filter=blob:none", "origin", first)

    assert reader.git("rev-parse", "FETCH_HEAD").strip() == first


def test_a_push_of_many_megabytes_arrives(scene: Scene) -> None:
    tree = scene.work_tree()
    noise = random.Random(0).randbytes(3_000_000).hex()

    sha = tree.push({"big": noise}, "Much")

    assert scene.registry("raj").get_commit(sha).files[0].filename == "big"


def test_a_compressed_request_is_understood(scene: Scene) -> None:
    sha = scene.work_tree().push({"a": "a"}, "Start")
    wish = f"0032want {sha}\n00000009done\n".encode()

    answer = httpx.post(
        f"{scene.sandbox.url}/{REGISTRY}.git/git-upload-pack",
        content=gzip.compress(wish),
        headers={"Content-Type": "application/x-git-upload-pack-request", "Content-Encoding": "gzip"},
        verify=PLAIN,
    )

    assert answer.content.startswith(b"0008NAK\nPACK")


def test_pushes_to_different_branches_at_once_are_each_their_own(scene: Scene) -> None:
    trees = [scene.work_tree(login, name=login) for login in ("ana", "raj")]
    for tree in trees:
        tree.commit({tree.login: "a"}, "Mine")
    threads = [
        threading.Thread(target=tree.git, args=("push", "--quiet", "origin", f"HEAD:{tree.login}")) for tree in trees
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    pushed = scene.answer("raj", "GET", f"/repos/{REGISTRY}/activity").json()
    assert {each["ref"]: each["actor"]["login"] for each in pushed} == {
        "refs/heads/ana": "ana",
        "refs/heads/raj": "raj",
    }


def test_a_wrong_token_is_not_taken_for_none(scene: Scene) -> None:
    url = f"{scene.sandbox.url}/{REGISTRY}.git/info/refs"

    answer = httpx.get(url, params={"service": "git-upload-pack"}, auth=("ana", "wrong"), verify=PLAIN)

    assert answer.status_code == 401


def test_a_new_repository_says_where_it_is(scene: Scene) -> None:
    made = scene.sandbox.add_repository("raj/digits-ui", default_branch="trunk")

    tree = scene.work_tree("raj", repository="raj/digits-ui")
    tree.push({"a": "a"}, "Start", branch="trunk")

    assert made.clone_url == f"{scene.sandbox.url}/raj/digits-ui.git"
    assert (made.path / "HEAD").read_text() == "ref: refs/heads/trunk\n"
    assert scene.github("raj").get_repo("raj/digits-ui").default_branch == "trunk"
