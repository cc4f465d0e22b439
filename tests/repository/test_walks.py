"""Git walks once between the same commits, unless its history may grow."""

import pytest

from registrar.repository.processes import GitFailed
from registrar.repository.walks import Walks

ONE, OTHER = 40 * "1", 40 * "2"


class Git:
    """Answers every walk, and remembers how often it was asked."""

    def __init__(self, *, is_shallow: bool = False, fails: int = 0) -> None:
        self.asked = 0
        self.fails = fails
        self.walks = Walks(self.run, is_shallow=lambda: is_shallow)

    def run(self, *arguments: str) -> bytes:
        self.asked += 1
        if self.fails:
            raise GitFailed(arguments, self.fails, "")
        return f"{ONE}\n".encode() if arguments[0] == "merge-base" else b""


def test_a_walk_between_the_same_commits_is_done_once() -> None:
    git = Git()

    answers = [git.walks.merge_base(ONE, OTHER) for _ in range(3)]

    assert (answers, git.asked) == ([ONE, ONE, ONE], 1)


def test_another_walk_is_another_answer() -> None:
    git = Git()
    git.walks.log((), (ONE,), ())

    git.walks.log(("--first-parent",), (ONE,), ())
    git.walks.log((), (ONE,), ("models",))
    git.walks.diff(ONE, OTHER)

    assert git.asked == 4


def test_that_nothing_is_shared_is_an_answer_too() -> None:
    git = Git(fails=1)

    answers = [git.walks.merge_base(ONE, OTHER) for _ in range(2)]

    assert (answers, git.asked) == ([None, None], 1)


def test_a_failure_is_no_answer() -> None:
    git = Git(fails=128)
    with pytest.raises(GitFailed):
        git.walks.merge_base(ONE, OTHER)

    git.fails = 0

    assert git.walks.merge_base(ONE, OTHER) == ONE


def test_a_shallow_clone_is_walked_anew() -> None:
    git = Git(is_shallow=True)

    git.walks.merge_base(ONE, OTHER)
    git.walks.merge_base(ONE, OTHER)

    assert git.asked == 2
