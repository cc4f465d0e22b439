"""Claims about a clone of the registry, made on real git repositories."""

import tracemalloc
from pathlib import Path

import pygit2
import pytest

from registrar.errors import InvalidRegistry, PushRejected, Unknown, UsageError
from registrar.repository.changed_files import ChangeKind
from registrar.repository.git import EMPTY_TREE, LARGEST_FILE, GitRepository
from registrar.repository.mirror import mirror
from repository.upstream import Upstream


@pytest.fixture
def clone(upstream: Upstream, tmp_path: Path) -> GitRepository:
    return mirror(str(upstream.path), tmp_path / "mirror.git")


def test_a_file_is_read_at_its_commit(upstream: Upstream, clone: GitRepository) -> None:
    first = upstream.commit({"models/digits/status.yaml": "QA: 1.0.0\n"})
    second = upstream.commit({"models/digits/status.yaml": "QA: 1.1.0\n"})
    clone.fetch()

    assert clone.read(first, "models/digits/status.yaml") == b"QA: 1.0.0\n"
    assert clone.read(second, "models/digits/status.yaml") == b"QA: 1.1.0\n"
    assert clone.blob_id(first, "models/digits/status.yaml") != clone.blob_id(second, "models/digits/status.yaml")


@pytest.mark.parametrize("path", ["models/none.yaml", "models", "", "a//b", "../x", "registry.yaml/x", "\udcff"])
def test_what_is_no_file_reads_as_nothing(upstream: Upstream, clone: GitRepository, path: str) -> None:
    sha = upstream.commit({"registry.yaml": "", "models/digits/model.yaml": "description: d\n"})
    clone.fetch()

    assert clone.read(sha, path) is None


def test_a_symbolic_link_is_not_read(upstream: Upstream, clone: GitRepository) -> None:
    (upstream.checkout / "registry.yaml").symlink_to("/etc/passwd")
    sha = upstream.commit({})
    clone.fetch()

    assert clone.read(sha, "registry.yaml") is None
    assert [entry.mode for entry in clone.entries(sha)] == ["120000"]


def test_a_huge_file_is_refused_before_it_is_read(upstream: Upstream, clone: GitRepository) -> None:
    sha = upstream.commit({"registry.yaml": b"a" * (LARGEST_FILE + 1)})
    clone.fetch()

    with pytest.raises(InvalidRegistry, match=r"registry\.yaml: has 8388609 bytes"):
        clone.read(sha, "registry.yaml")


def test_entries_name_what_a_folder_holds(upstream: Upstream, clone: GitRepository) -> None:
    sha = upstream.commit({"models/digits/model.yaml": "", "models/größe/model.yaml": "", "models/a.txt": ""})
    clone.fetch()

    assert [entry.name for entry in clone.entries(sha, "models")] == ["a.txt", "digits", "größe"]
    assert [entry.is_folder for entry in clone.entries(sha, "models")] == [False, True, True]
    assert clone.entries(sha, "models/none") == ()


def test_a_name_means_the_branch_of_the_remote(upstream: Upstream, clone: GitRepository) -> None:
    sha = upstream.commit({"a": "1"})
    clone.fetch()

    assert clone.resolve("main") == clone.resolve("refs/heads/main") == clone.resolve(sha) == sha
    assert clone.resolve("refs/remotes/origin/main") == sha


@pytest.mark.fault(48, because="Git alone reads the base; a forge is not asked.")
def test_a_tag_that_is_called_like_the_base_is_not_read(upstream: Upstream, clone: GitRepository) -> None:
    upstream.commit({"a": "1"})
    upstream.git("tag", "main")
    upstream.git("push", "--quiet", "origin", "refs/tags/main")
    tip = upstream.commit({"a": "2"})
    clone.fetch()

    assert clone.resolve("main") == tip


@pytest.mark.parametrize("name", ["none", "0" * 40, "--upload-pack=touch x", "HEAD~1", "a\0b", "..", "refs/heads/"])
def test_a_name_that_names_nothing_is_refused(upstream: Upstream, clone: GitRepository, name: str) -> None:
    upstream.commit({"a": "1"})
    clone.fetch()

    with pytest.raises((Unknown, UsageError)):
        clone.resolve(name)


def test_the_head_of_a_pull_request_is_fetched_by_its_ref(upstream: Upstream, clone: GitRepository) -> None:
    sha = upstream.commit({"a": "1"})
    upstream.git("push", "--quiet", "origin", f"{sha}:refs/pull/7/head")

    clone.fetch("refs/pull/7/head")

    assert clone.resolve("refs/pull/7/head") == sha
    with pytest.raises(Unknown):
        clone.resolve("main")


def test_a_ref_that_the_remote_lacks_is_unknown(upstream: Upstream, clone: GitRepository) -> None:
    upstream.commit({"a": "1"})

    with pytest.raises(Unknown, match="has no refs/pull/9/head; was it deleted"):
        clone.fetch("refs/pull/9/head")


def test_a_deleted_branch_is_forgotten(upstream: Upstream, clone: GitRepository) -> None:
    upstream.commit({"a": "1"})
    upstream.commit({"a": "2"}, branch="topic")
    clone.fetch()
    upstream.git("push", "--quiet", "--delete", "origin", "topic")

    clone.fetch()

    with pytest.raises(Unknown):
        clone.resolve("topic")


def test_a_diff_tells_both_sides_of_every_path(upstream: Upstream, clone: GitRepository) -> None:
    before = upstream.commit({"kept": "1", "changed": "1", "old name\n": "content", "models/ü": "1"})
    upstream.git("mv", "old name\n", "new name")
    (upstream.checkout / "kept").unlink()
    (upstream.checkout / "kept").symlink_to("changed")
    after = upstream.commit({"changed": "2", "models/ü": "2"})
    clone.fetch()

    changes = {change.path: change for change in clone.diff(before, after)}

    assert {path: change.kind for path, change in changes.items()} == {
        "changed": ChangeKind.MODIFIED,
        "kept": ChangeKind.TYPE_CHANGED,
        "models/ü": ChangeKind.MODIFIED,
        "new name": ChangeKind.ADDED,
        "old name\n": ChangeKind.DELETED,
    }
    assert changes["kept"].new_mode == "120000"
    assert changes["new name"].old_blob is None
    assert changes["new name"].new_blob == changes["old name\n"].old_blob


def test_the_first_commit_is_compared_with_nothing(upstream: Upstream, clone: GitRepository) -> None:
    sha = upstream.commit({"a": "1"})
    clone.fetch()

    assert [change.path for change in clone.diff(EMPTY_TREE, sha)] == ["a"]
    assert clone.first_parent(sha) is None


def test_ancestry_is_told(upstream: Upstream, clone: GitRepository) -> None:
    first = upstream.commit({"a": "1"})
    upstream.git("checkout", "--quiet", "-b", "topic")
    topic = upstream.commit({"b": "1"}, branch="topic")
    upstream.git("checkout", "--quiet", "main")
    main = upstream.commit({"a": "2"})
    upstream.git("checkout", "--quiet", "--orphan", "island")
    island = upstream.commit({"c": "1"}, branch="island")
    clone.fetch()

    assert clone.merge_base(topic, main) == first
    assert clone.merge_base(island, main) is None
    assert clone.is_ancestor(first, main)
    assert clone.is_ancestor(main, main)
    assert not clone.is_ancestor(main, first)
    assert clone.first_parent(main) == first


def test_a_merge_is_told_of_also_where_the_log_begins_beside_it(upstream: Upstream, clone: GitRepository) -> None:
    upstream.commit({"a": "1"})
    upstream.git("checkout", "--quiet", "-b", "topic")
    upstream.commit({"b": "1"}, branch="topic")
    upstream.git("checkout", "--quiet", "-b", "side", "main")
    side = upstream.commit({"c": "1"}, branch="side")
    upstream.git("checkout", "--quiet", "main")
    upstream.git("merge", "--quiet", "--no-ff", "-m", "Merge topic", "topic")
    merged = upstream.git("rev-parse", "HEAD")
    tip = upstream.commit({"d": "1"})
    clone.fetch()

    assert [commit.sha for commit in clone.first_parent_log(side, tip, "b", "d")] == [tip, merged]
    assert clone.first_parent_log(tip, merged, "b") == ()


def test_the_log_follows_the_first_parent(upstream: Upstream, clone: GitRepository) -> None:
    first = upstream.commit({"a": "1"})
    upstream.git("checkout", "--quiet", "-b", "topic")
    upstream.commit({"b": "1"}, branch="topic")
    upstream.commit({"b": "2"}, branch="topic")
    upstream.git("checkout", "--quiet", "main")
    upstream.git("merge", "--quiet", "--no-ff", "-m", "Merge topic\n\nRequested-by: raj\nrequested-by: mei", "topic")
    merged = upstream.commit({})
    clone.fetch()

    log = clone.first_parent_log(None, merged)

    assert [commit.message.splitlines()[0] for commit in log] == ["Change", "Merge topic", "Change"]
    assert [commit.sha for commit in clone.first_parent_log(first, merged, "b")] == [log[1].sha]
    assert [commit.sha for commit in clone.first_parent_log(None, merged, limit=1)] == [merged]
    assert log[1].trailer("Requested-By") == ("raj", "mei")
    assert len(log[1].parents) == 2
    assert log[0].author.at.isoformat() == "2026-03-01T12:00:00+00:00"


def test_a_path_in_the_log_is_no_pattern(upstream: Upstream, clone: GitRepository) -> None:
    sha = upstream.commit({"models/a/status.yaml": "1"})
    clone.fetch()

    assert clone.first_parent_log(None, sha, "models/*/status.yaml") == ()
    assert clone.first_parent_log(None, sha, ":(glob)**") == ()


def test_a_new_branch_is_pushed_once(upstream: Upstream, clone: GitRepository) -> None:
    sha = upstream.commit({"a": "1"})
    clone.fetch()
    assert clone.remote_branch("registrar/digits") is None

    clone.push("registrar/digits", sha, expected=None)
    clone.push("registrar/digits", sha, expected=None)

    assert clone.remote_branch("registrar/digits") == sha


def test_a_push_never_overwrites_what_it_has_not_seen(upstream: Upstream, clone: GitRepository) -> None:
    first = upstream.commit({"a": "1"})
    second = upstream.commit({"a": "2"}, branch="topic")
    third = upstream.commit({"a": "3"}, branch="other")
    clone.fetch()

    with pytest.raises(PushRejected, match=r"branch topic of .* has moved meanwhile"):
        clone.push("topic", third, expected=None)
    with pytest.raises(PushRejected, match="branch topic"):
        clone.push("topic", third, expected=first)
    clone.push("topic", third, expected=second)

    assert clone.remote_branch("topic") == third


def test_a_ref_that_is_no_branch_is_pushed_by_its_full_name(upstream: Upstream, clone: GitRepository) -> None:
    first = upstream.commit({"a.txt": "a\n"})
    clone.fetch()

    clone.push("refs/notes/registrar", first, expected=None)

    clone.fetch("refs/notes/registrar")
    assert clone.resolve("refs/notes/registrar") == clone.remote_branch("refs/notes/registrar") == first


def test_a_branch_is_deleted_once(upstream: Upstream, clone: GitRepository) -> None:
    sha = upstream.commit({"a.txt": "a\n"}, branch="topic")
    clone.fetch()

    clone.delete_branch("topic", expected=sha)
    clone.delete_branch("topic", expected=sha)

    assert clone.remote_branch("topic") is None


def test_a_branch_that_somebody_pushed_to_is_not_deleted(upstream: Upstream, clone: GitRepository) -> None:
    first = upstream.commit({"a.txt": "a\n"}, branch="topic")
    second = upstream.commit({"a.txt": "b\n"}, branch="topic")
    clone.fetch()

    with pytest.raises(PushRejected, match="topic"):
        clone.delete_branch("topic", expected=first)

    assert clone.remote_branch("topic") == second


def test_objects_cannot_be_asked_for_by_anything_but_a_sha(upstream: Upstream, clone: GitRepository) -> None:
    sha = upstream.commit({"a": "1"})
    clone.fetch()

    for hostile in ("--output=/tmp/x", "HEAD", "main", sha[:10]):
        with pytest.raises(Unknown, match="not a full commit id"):
            clone.diff(hostile, sha)


def test_a_checkout_keeps_its_branches_index_and_files(upstream: Upstream) -> None:
    first = upstream.commit({"a": "1"})
    upstream.commit({"a": "2"})
    upstream.git("reset", "--quiet", "--hard", first)
    upstream.write({"a": "mine", "new": "mine"})
    before = upstream.git("status", "--porcelain"), upstream.git("for-each-ref", "refs/heads")

    repository = GitRepository.of_checkout(upstream.checkout / "a")
    repository.fetch()
    repository.fetch("main")
    repository.push("topic", repository.resolve("main"), expected=None)

    assert (upstream.git("status", "--porcelain"), upstream.git("for-each-ref", "refs/heads")) == before
    assert repository.resolve("HEAD") == first
    assert repository.resolve("main") == upstream.git("rev-parse", "origin/main") != first
    assert not (upstream.checkout / ".git/FETCH_HEAD").exists()


def test_a_folder_outside_any_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unknown, match="run this inside a checkout"):
        GitRepository.of_checkout(tmp_path)


def test_a_checkout_without_its_remote_says_how_to_add_it(upstream: Upstream) -> None:
    upstream.commit({"a": "1"})
    upstream.git("remote", "remove", "origin")

    with pytest.raises(Unknown, match="git remote add origin URL"):
        GitRepository.of_checkout(upstream.checkout).fetch()


def test_a_linked_work_tree_is_a_checkout_too(upstream: Upstream, tmp_path: Path) -> None:
    sha = upstream.commit({"a": "1"})
    upstream.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))

    assert GitRepository.of_checkout(tmp_path / "linked").resolve("HEAD") == sha


def test_reading_over_and_over_keeps_nothing(upstream: Upstream, clone: GitRepository) -> None:
    sha = upstream.commit({"models/digits/status.yaml": "QA: 1.0.0\n"})
    clone.fetch()
    clone.read(sha, "models/digits/status.yaml")
    tracemalloc.start()

    for _ in range(1_000):
        clone.read(sha, "models/digits/status.yaml")
        clone.resolve("main")

    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 50_000  # bytes: fewer than one object of any size for each time


def test_what_git_keeps_of_what_it_read_is_bounded() -> None:
    _, allowed = pygit2.settings.cached_memory

    assert allowed <= 4 * 1024 * 1024
