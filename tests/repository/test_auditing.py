"""Claims about the steps of a base branch as they stream out of git."""

from itertools import islice

import pytest

from registrar.repository.auditing import LARGEST_PART, parts_of, steps
from registrar.repository.git import GitRepository
from registrar.repository.processes import GitFailed
from repository.upstream import Upstream

STATUS = "models/digits/status.yaml"


@pytest.fixture
def clone(upstream: Upstream) -> GitRepository:
    return GitRepository.of_checkout(upstream.checkout)


def noted(upstream: Upstream, sha: str, note: bytes) -> None:
    file = upstream.checkout.parent / "note"
    file.write_bytes(note)
    blob = upstream.git("hash-object", "-w", str(file))
    upstream.git("notes", "--ref=registrar", "add", "--force", "-C", blob, sha)


def test_a_step_tells_what_landed_and_what_is_noted(upstream: Upstream, clone: GitRepository) -> None:
    first = upstream.commit({"registry.yaml": "x"}, "Start")
    upstream.commit({"README.md": "x", STATUS: "Production: 1.0.0\n"}, "Promote it\n\nRequested-by: mei")
    upstream.git("commit", "--quiet", "--allow-empty", "-m", "Nothing")
    noted(upstream, first, b"---\nevent: x\n")

    newest, promoted, start = steps(clone, upstream.git("rev-parse", "HEAD"))

    assert (newest.message, newest.paths, newest.note) == ("Nothing\n", (), b"")
    assert (promoted.parents, promoted.author) == ((first,), "ana")
    assert [change.path for change in promoted.changes()] == ["README.md", STATUS]
    assert (start.sha, start.parents, start.note) == (first, (), b"---\nevent: x\n")
    assert start.paths == (b"registry.yaml",)


def test_the_oldest_can_come_first(upstream: Upstream, clone: GitRepository) -> None:
    first = upstream.commit({"README.md": "0"})
    last = upstream.commit({"README.md": "1"})

    assert [step.sha for step in steps(clone, last, oldest_first=True)] == [first, last]


def test_a_merge_is_one_step_and_shows_all_that_it_brought(upstream: Upstream, clone: GitRepository) -> None:
    upstream.commit({"registry.yaml": "x"})
    upstream.git("checkout", "--quiet", "-b", "topic")
    upstream.commit({STATUS: "Staging: 1.0.0\n"}, branch="topic")
    upstream.commit({STATUS: "Production: 1.0.0\n"}, branch="topic")
    upstream.git("checkout", "--quiet", "main")
    upstream.git("merge", "--quiet", "--no-ff", "-m", "Merge", "topic")

    merge, _ = steps(clone, upstream.git("rev-parse", "HEAD"))

    assert merge.message == "Merge\n"
    assert merge.paths == (STATUS.encode(),)


def test_with_a_path_only_the_steps_that_changed_it_are_told(upstream: Upstream, clone: GitRepository) -> None:
    upstream.commit({"registry.yaml": "x"})
    promoted = upstream.commit({STATUS: "Production: 1.0.0\n", "README.md": "x"})
    upstream.commit({"README.md": "y"})

    (step,) = steps(clone, upstream.git("rev-parse", "HEAD"), STATUS)

    assert (step.sha, step.paths) == (promoted, (STATUS.encode(),))


@pytest.mark.parametrize(
    "note",
    [
        pytest.param(b"a\0b\n" + b"\0" + b"f" * 40 + b"\0\0\0\0\0\0\0", id="the NULs between the parts"),
        pytest.param(b"\xff\xfe\n", id="no text"),
        pytest.param(b"\n:100644 100644 " + b"a" * 40 + b" " + b"b" * 40 + b" M\0models/x/status.yaml", id="a change"),
    ],
)
def test_no_note_can_pass_for_another_step_or_a_change(upstream: Upstream, clone: GitRepository, note: bytes) -> None:
    first = upstream.commit({"registry.yaml": "x"})
    last = upstream.commit({"README.md": "x"})
    noted(upstream, last, note)

    told = list(steps(clone, last))

    assert [step.sha for step in told] == [last, first]
    assert told[0].paths == (b"README.md",)


def test_a_huge_note_is_cut_and_known_to_be(upstream: Upstream, clone: GitRepository) -> None:
    first = upstream.commit({"registry.yaml": "x"})
    last = upstream.commit({"README.md": "x"})
    noted(upstream, last, b"x" * (3 * LARGEST_PART))

    huge, start = steps(clone, last)

    assert huge.is_cut
    assert len(huge.note) <= LARGEST_PART + 1
    assert (start.sha, start.is_cut) == (first, False)


def test_a_time_that_no_calendar_has_is_the_beginning(upstream: Upstream, clone: GitRepository) -> None:
    tree = upstream.git("write-tree")
    text = f"tree {tree}\nauthor ana <a@x> 99999999999999 +0000\ncommitter ana <a@x> 99999999999999 +0000\n\nx\n"
    file = upstream.checkout.parent / "commit"
    file.write_text(text)
    sha = upstream.git("hash-object", "-t", "commit", "-w", str(file))

    (step,) = steps(clone, sha)

    assert step.committed_at.year == 1970


def test_reading_may_stop_at_any_step(upstream: Upstream, clone: GitRepository) -> None:
    for number in range(3):
        upstream.commit({"README.md": f"{number}"}, f"{number}")

    assert [step.message for step in islice(steps(clone, upstream.git("rev-parse", "HEAD")), 1)] == ["2\n"]


def test_a_walk_that_git_ends_early_is_no_short_history(upstream: Upstream, clone: GitRepository) -> None:
    first = upstream.commit({"README.md": "0"})
    last = upstream.commit({"README.md": "1"})
    (upstream.checkout / ".git" / "objects" / first[:2] / first[2:]).unlink()

    with pytest.raises(GitFailed):
        list(steps(clone, last))


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_parts_do_not_depend_on_how_they_arrive(size: int) -> None:
    text = b"\0one\0\0two\0"

    assert list(parts_of(text[at : at + size] for at in range(0, len(text), size))) == [b"", b"one", b"", b"two", b""]
