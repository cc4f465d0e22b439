"""Claims about writing a change as a commit without a work tree."""

from datetime import datetime, timedelta, timezone

import pytest

from registrar.errors import InvalidRegistry, UsageError
from registrar.repository.changesets import commit_change
from registrar.repository.commit_log import Signature
from registrar.repository.git import GitRepository
from repository.upstream import ANA, Upstream


@pytest.fixture
def checkout(upstream: Upstream) -> GitRepository:
    upstream.commit({"models/digits/status.yaml": "QA: 1.0.0\n", "models/fraud/model.yaml": "x", "registry.yaml": ""})
    return GitRepository.of_checkout(upstream.checkout)


def test_a_change_is_one_commit_upon_its_parent(checkout: GitRepository) -> None:
    parent = checkout.resolve("main")

    sha = commit_change(
        checkout,
        parent,
        {"models/digits/status.yaml": b"QA: 1.1.0\n", "models/new/model.yaml": b"description: d\n"},
        message="Promote digits 1.1.0\n\nRequested-by: raj",
        author=ANA,
        committer=Signature("registrar", "bot@example.org", ANA.at),
    )

    assert [change.path for change in checkout.diff(parent, sha)] == [
        "models/digits/status.yaml",
        "models/new/model.yaml",
    ]
    (commit,) = checkout.first_parent_log(parent, sha)
    assert (commit.parents, commit.author, commit.committer.name) == ((parent,), ANA, "registrar")
    assert commit.trailer("Requested-by") == ("raj",)
    assert checkout.read(sha, "models/new/model.yaml") == b"description: d\n"


def test_the_same_change_is_the_same_commit(checkout: GitRepository) -> None:
    parent = checkout.resolve("main")
    change = {"registry.yaml": b"schema: 1\n"}

    shas = {commit_change(checkout, parent, change, message="Change", author=ANA) for _ in range(2)}

    assert len(shas) == 1


def test_a_change_that_changes_nothing_is_no_commit(checkout: GitRepository) -> None:
    parent = checkout.resolve("main")

    assert commit_change(checkout, parent, {"registry.yaml": b"", "none": None}, message="x", author=ANA) == parent


def test_the_last_file_takes_its_folders_along(checkout: GitRepository) -> None:
    parent = checkout.resolve("main")

    sha = commit_change(checkout, parent, {"models/fraud/model.yaml": None}, message="Remove", author=ANA)

    assert [entry.name for entry in checkout.entries(sha, "models")] == ["digits"]


def test_an_executable_stays_one(checkout: GitRepository, upstream: Upstream) -> None:
    upstream.write({"run": "1"})
    (upstream.checkout / "run").chmod(0o755)
    parent = upstream.commit({})

    sha = commit_change(checkout, parent, {"run": b"2"}, message="Change", author=ANA)

    assert [change.new_mode for change in checkout.diff(parent, sha)] == ["100755"]


@pytest.mark.parametrize("path", ["", "/etc/x", "../x", "a//b", "a/./b", ".git/config", "a/.GIT/x", "a\0b"])
def test_a_path_that_climbs_out_is_refused(checkout: GitRepository, path: str) -> None:
    with pytest.raises(UsageError, match="not a path inside the registry"):
        commit_change(checkout, checkout.resolve("main"), {path: b"x"}, message="x", author=ANA)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        pytest.param("models/digits", "is a folder", id="a folder where a file should be"),
        pytest.param("registry.yaml/x", "is not a folder", id="a file where a folder should be"),
        pytest.param("link", "is a symbolic link", id="a link"),
    ],
)
def test_what_stands_in_the_way_is_named(checkout: GitRepository, upstream: Upstream, path: str, sentence: str) -> None:
    (upstream.checkout / "link").symlink_to("registry.yaml")
    parent = upstream.commit({})

    with pytest.raises(InvalidRegistry, match=sentence):
        commit_change(checkout, parent, {path: b"x"}, message="x", author=ANA)


def test_a_name_that_git_cannot_hold_is_cleaned(checkout: GitRepository) -> None:
    parent = checkout.resolve("main")
    at = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    odd = Signature("raj <root>\nx", "<raj@example.org>", at)

    sha = commit_change(checkout, parent, {"a": b"1"}, message="x\0y\n\n", author=odd)

    (commit,) = checkout.first_parent_log(parent, sha)
    assert commit.author == Signature("raj rootx", "raj@example.org", at)
    assert commit.message == "xy\n"


def test_the_users_index_branches_and_files_stay(checkout: GitRepository, upstream: Upstream) -> None:
    upstream.write({"registry.yaml": "mine"})
    before = upstream.git("status", "--porcelain"), upstream.git("for-each-ref")

    commit_change(checkout, checkout.resolve("main"), {"registry.yaml": b"theirs"}, message="x", author=ANA)

    assert (upstream.git("status", "--porcelain"), upstream.git("for-each-ref")) == before
