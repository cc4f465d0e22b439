"""Knows what git finds on its walks over history: between commits named by their ids it never changes."""

from collections.abc import Callable
from typing import TypeVar

from registrar.repository.changed_files import ChangedFile, parsed_raw_diff
from registrar.repository.commit_log import LOG_FORMAT, Commit, parsed_log
from registrar.repository.kept import Kept
from registrar.repository.processes import GitFailed

Item = TypeVar("Item")

_KEPT = 4_096  # answers
_LONGEST = 256  # of an answer that is kept: a bot asks again and again what is near the tip


class Walks:
    """The walks of one clone, each done once: a bot looks at the same few commits whenever anything happens.

    Nothing is kept of a shallow clone, whose history grows.
    """

    def __init__(self, run: Callable[..., bytes], *, is_shallow: Callable[[], bool]) -> None:
        self._run = run
        self._is_shallow = is_shallow
        self._answers: Kept[tuple[str, ...], tuple[object, ...]] = Kept(_KEPT)

    def diff(self, before: str, after: str) -> tuple[ChangedFile, ...]:
        """Every path that differs between two trees or commits."""
        walk = ("diff-tree", "-r", "--raw", "-z", "--no-abbrev", "--no-renames", "--end-of-options", before, after)
        return self._once(walk, lambda: tuple(parsed_raw_diff(self._run(*walk))))

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor; None when the two have nothing in common."""
        walk = ("merge-base", "--end-of-options", one, other)
        found = self._once(walk, lambda: self._merge_base(walk))
        return found[0] if found else None

    def log(self, how: tuple[str, ...], ends: tuple[str, ...], paths: tuple[str, ...]) -> tuple[Commit, ...]:
        """Every commit that git's log tells of, in its order."""
        said = ("log", *how, "-z", "--no-decorate", "--no-notes", "--no-mailmap", LOG_FORMAT, "--end-of-options")
        walk = (*said, *ends, "--", *paths)
        return self._once(walk, lambda: tuple(parsed_log(self._run(*walk))))

    def bottom(self, before: str, after: str) -> str | None:
        """The step of a branch upon which all stands that landed after a commit, be that itself a step of it or not.

        Asked with paths for what landed, git leaves a merge out whose first parent it was not told to leave out itself.
        """
        walk = ("log", "--first-parent", "--format=tformat:%P", "--end-of-options", after, f"^{before}")
        found = self._once(walk, lambda: tuple(self._run(*walk).decode().splitlines()[-1:] or [after]))
        return found[0].partition(" ")[0] or None

    def _merge_base(self, walk: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return (self._run(*walk).decode().strip(),)
        except GitFailed as failure:
            if failure.code == 1:
                return ()
            raise

    def _once(self, walk: tuple[str, ...], find: Callable[[], tuple[Item, ...]]) -> tuple[Item, ...]:
        kept = self._answers.find(walk)
        if kept is not None:
            return kept  # type: ignore[return-value] # what was kept under the same walk
        found = find()
        if len(found) <= _LONGEST and not self._is_shallow():
            self._answers.keep(walk, found)
        return found
