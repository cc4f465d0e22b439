"""What is told of the newest steps of a branch is what git tells of them."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pygit2
import pytest

from committing import committed
from registrar.errors import Unknown
from registrar.repository.commit_log import LOG_FORMAT, parsed_log
from registrar.repository.commit_objects import is_commit
from registrar.repository.git import GitRepository
from registrar.repository.mirror import mirror
from registrar.repository.near import STEPS, Near
from registrar.repository.processes import GitFailed

ANA = pygit2.Signature("Ana Ána", "ana@example.org", 1_772_366_400, 60)
STATUS = "models/digits/status.yaml"
CHANGES: Sequence[tuple[str, dict[str, str | None]]] = (
    ("Start", {"a": "1", STATUS: "1"}),
    ("Promote\n\nBecause.\n\nRequested-by: mei", {STATUS: "2"}),
    ("Nothing at all", {}),
    ("Take away", {"a": None, "registry.yaml": "1"}),
    ("As before", {"a": "1"}),
)


@pytest.fixture
def clone(tmp_path: Path) -> GitRepository:
    return mirror("https://git.example.org/acme/registry.git", tmp_path / "mirror.git")


@pytest.fixture
def near(clone: GitRepository) -> Near:
    return Near(clone.run, entry=clone.entry, first_parent=clone.first_parent, is_shallow=lambda: False)


def history(objects: pygit2.Repository) -> list[str]:
    """Steps of a branch, oldest first; the newest merges another branch in, whose own commit stands last."""
    steps: list[str] = []
    for message, files in CHANGES:
        steps.append(committed(objects, files, onto=steps[-1] if steps else "", message=message, by=ANA))
    side = committed(objects, {STATUS: "3"}, onto=steps[2], message="Mine", by=ANA)
    merged = objects[committed(objects, {STATUS: "3"}, onto=steps[-1], message="Mine", by=ANA)].peel(pygit2.Tree).id
    parents: list[str | pygit2.Oid] = [pygit2.Oid(hex=steps[-1]), pygit2.Oid(hex=side)]
    return [*steps, str(objects.create_commit(None, ANA, ANA, "Merge mine\n", merged, parents)), side]


@pytest.mark.parametrize("limit", [0, 2])
@pytest.mark.parametrize("paths", [(), ("a",), ("models",), (STATUS, "registry.yaml"), ("models/",), ("nothing",)])
def test_steps_are_told_as_git_tells_them(clone: GitRepository, near: Near, paths: Sequence[str], limit: int) -> None:
    *steps, _ = history(clone.objects)
    for before, after in [(None, steps[-1]), *combinations(steps, 2)]:
        said = clone.run("log", "--first-parent", "-z", LOG_FORMAT, after, "--", *paths)
        older = clone.run("rev-list", before).decode().split() if before else []
        expected = [commit for commit in parsed_log(said) if commit.sha not in older]

        assert near.log(before, after, paths, limit) == tuple(expected[: limit or None])


def test_of_two_commits_of_one_branch_the_older_one_is_the_base(clone: GitRepository, near: Near) -> None:
    *steps, side = history(clone.objects)

    assert near.merge_base(steps[1], steps[-1]) == near.merge_base(steps[-1], steps[1]) == steps[1]
    assert near.merge_base(steps[3], side) is None
    assert clone.merge_base(steps[3], side) == steps[2]


def test_what_is_farther_away_is_left_to_git(clone: GitRepository, near: Near) -> None:
    steps = [""]
    for _ in range(STEPS + 1):
        steps.append(committed(clone.objects, {}, onto=steps[-1], message="Nothing", by=ANA))

    assert near.log(None, steps[-1], (), 0) is None
    assert [commit.sha for commit in near.log(steps[1], steps[-1], (), 1) or ()] == [steps[-1]]
    assert len(clone.first_parent_log(None, steps[-1])) == STEPS + 1


def test_of_a_shallow_clone_nothing_is_told(clone: GitRepository) -> None:
    near = Near(clone.run, entry=clone.entry, first_parent=clone.first_parent, is_shallow=lambda: True)
    *steps, _ = history(clone.objects)

    assert (near.log(None, steps[0], (), 0), near.merge_base(steps[0], steps[0])) == (None, None)


def test_what_is_no_commit_has_no_content_and_was_put_upon_nothing(clone: GitRepository) -> None:
    first, *_ = history(clone.objects)
    blob = clone.blob_id(first, "a")
    assert blob is not None

    assert clone.first_parent(blob) is clone.first_parent(clone.tree_id(first)) is None
    assert tuple(is_commit(clone.objects, each) for each in (first, blob, "f" * 40)) == (True, False, False)
    for ask in (lambda: clone.entry(blob, "a"), lambda: clone.is_ancestor(blob, first)):
        with pytest.raises((Unknown, GitFailed)):
            ask()
