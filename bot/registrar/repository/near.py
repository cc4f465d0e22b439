"""Knows the newest steps of a branch without a process of git, which takes longer than to look at a hundred of them."""

from collections.abc import Callable, Iterator, Sequence

from registrar.repository.commit_log import LOG_FORMAT, Commit, parsed_log
from registrar.repository.kept import Kept

STEPS = 64  # what has more is left to git, which has an index of its own for that
_COMMITS = 4_096  # kept

Entry = Callable[[str, str], object]  # what a path is at a commit; equal is unchanged
FirstParent = Callable[[str], str | None]


class Near:
    """The steps of one clone's branches, each from its first parent. Nothing is told of a shallow clone."""

    def __init__(
        self,
        run: Callable[..., bytes],
        *,
        entry: Entry,
        first_parent: FirstParent,
        is_shallow: Callable[[], bool],
    ) -> None:
        self._run = run
        self._entry = entry
        self._first_parent = first_parent
        self._is_shallow = is_shallow
        self._commits: Kept[str, Commit] = Kept(_COMMITS)

    def merge_base(self, one: str, other: str) -> str | None:
        """That one of the two which the other one was put upon; None where that cannot be told from here."""
        if self._is_shallow():
            return None
        pairs = ((one, other), (other, one))
        return next((lower for upper, lower in pairs if lower in self._steps(upper)), None)

    def log(self, before: str | None, after: str, paths: Sequence[str], limit: int) -> tuple[Commit, ...] | None:
        """The steps upon `before` that changed one of the paths, newest first; None where that is left to git."""
        if self._is_shallow():
            return None
        steps = list(self._steps(after, before))
        end = steps.pop() if steps and steps[-1] == before else None
        if end != before or len(steps) > STEPS:
            return None
        found = [sha for sha in steps if not paths or any(self._changes(sha, path) for path in paths)]
        return self._told(found[:limit] if limit else found)

    def _steps(self, sha: str | None, end: str | None = None) -> Iterator[str]:
        """A commit, and those that it was put upon, up to the end and one more than are looked at."""
        for _ in range(STEPS + 1):
            if sha is None:
                return
            yield sha
            sha = self._first_parent(sha) if sha != end else None

    def _changes(self, sha: str, path: str) -> bool:
        before, name = self._first_parent(sha), path.rstrip("/")
        return self._entry(sha, name) != (self._entry(before, name) if before is not None else None)

    def _told(self, shas: Sequence[str]) -> tuple[Commit, ...]:
        """Each is read once: a commit never changes."""
        known = {sha: commit for sha in shas if (commit := self._commits.find(sha)) is not None}
        if new := [sha for sha in shas if sha not in known]:
            said = ("log", "--no-walk=unsorted", "-z", "--no-decorate", "--no-notes", "--no-mailmap", LOG_FORMAT)
            for commit in parsed_log(self._run(*said, "--end-of-options", *new)):
                known[commit.sha] = commit
                self._commits.keep(commit.sha, commit)
        return tuple(known[sha] for sha in shas)
