"""Claims about a user's checkout."""

import os
from pathlib import Path

import pytest

from registrar.errors import UsageError
from registrar.repository.checkout import tree_of_files, uncommitted, work_folder
from registrar.repository.git import LARGEST_FILE, GitRepository
from registrar.repository.mirror import mirror
from repository.upstream import Upstream

AGO = 1_700_000_000


def test_what_is_not_committed_is_listed(upstream: Upstream) -> None:
    upstream.commit({"a": "1", "b": "1", ".gitignore": "ignored\n"})
    upstream.write({"a": "2", "new/ü x": "1", "ignored": "1"})

    assert uncommitted(GitRepository.of_checkout(upstream.checkout)) == ("a", "new/ü x")


def test_the_work_tree_reads_like_a_commit(upstream: Upstream) -> None:
    upstream.commit({"a": "1", "gone": "1"})
    upstream.write({"a": "2", "gone": None, "new/b": "3"})
    before = upstream.git("status", "--porcelain")
    repository = GitRepository.of_checkout(upstream.checkout / "new")

    tree = tree_of_files(repository)

    assert (repository.read(tree, "a"), repository.read(tree, "new/b")) == (b"2", b"3")
    assert repository.read(tree, "gone") is None
    assert upstream.git("status", "--porcelain") == before


def test_what_was_written_in_the_moment_of_a_checkout_is_read_though_it_is_as_long(upstream: Upstream) -> None:
    """Git looks into a file that is no older than its index; by the time of a copy none would be."""
    upstream.git("config", "core.trustctime", "false")  # which nobody can set
    upstream.commit({"status.yaml": "Production: 1.0.0"})
    file, index = upstream.checkout / "status.yaml", upstream.checkout / ".git" / "index"
    os.utime(file, (AGO, AGO))
    upstream.git("update-index", "--refresh")
    file.write_text("Production: 1.1.0")
    for place in (file, index):
        os.utime(place, (AGO, AGO))
    repository = GitRepository.of_checkout(upstream.checkout)

    assert repository.read(tree_of_files(repository), "status.yaml") == b"Production: 1.1.0"


def test_weights_left_lying_about_are_not_taken_in_but_no_text_is_overlooked(upstream: Upstream) -> None:
    upstream.commit({"a": "1"})
    too_large = "x" * (LARGEST_FILE + 1)
    upstream.write({"weights.bin": too_large, "model.yaml": too_large})
    repository = GitRepository.of_checkout(upstream.checkout)

    tree = tree_of_files(repository)

    assert {entry.name for entry in repository.tree_entries(tree)} == {"a", "model.yaml"}


def test_a_repository_without_a_commit_has_a_work_tree_too(upstream: Upstream) -> None:
    upstream.write({"a": "1"})
    repository = GitRepository.of_checkout(upstream.checkout)

    assert repository.read(tree_of_files(repository), "a") == b"1"
    assert work_folder(repository) == upstream.checkout


def test_a_mirror_has_no_work_tree(upstream: Upstream, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="bare repository"):
        uncommitted(mirror(str(upstream.path), tmp_path / "mirror.git"))
