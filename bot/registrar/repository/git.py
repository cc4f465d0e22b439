"""Knows a clone of the registry: objects are read in process, the network and the walks are left to git itself."""

import re
import sys
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pygit2

from registrar.core.effects import Fence
from registrar.errors import InvalidRegistry, NoRegistry, PushRejected, RegistrarError, Unknown
from registrar.observing.deeds import DEEDS
from registrar.repository.changed_files import ChangedFile
from registrar.repository.commit_log import Commit
from registrar.repository.commit_objects import first_parent_of, tree_of
from registrar.repository.locking import one_at_a_time
from registrar.repository.near import Near
from registrar.repository.processes import LOCAL_TIMEOUT, NETWORK_TIMEOUT, Credentials, GitFailed, run_git
from registrar.repository.ref_names import full_branch, full_name, is_pattern
from registrar.repository.transport import Transport
from registrar.repository.walks import Walks
from registry_schema import Problem

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
LARGEST_FILE = 8 * 1024 * 1024  # of the files read as text: no registry file comes near
_SHA = re.compile(r"[0-9a-f]{40}")
_SELDOM = 50  # fetches that bring something, after which the clone is tidied up
pygit2.settings.cache_max_size(4 * 1024 * 1024)  # as libgit2 counts: it takes four times as much, and 1 GB unless told


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One name in a folder at a commit; the mode is git's own octal word, `100644`."""

    name: str
    mode: str
    id: str

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return {"040000": "folder", "120000": "symbolic link", "160000": "submodule"}.get(self.mode, "file")

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file, executable or not."""
        return self.kind == "file"

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.kind == "folder"


class GitRepository:
    """A bare mirror, or the git directory of a user's checkout, whose work tree, index and branches stay untouched.

    Names of branches and refs are always those of the remote: "main" is what the remote called main when last fetched,
    never a tag and never a local branch. Safe to use from several threads.
    """

    def __init__(
        self,
        directory: Path,
        *,
        credentials: Credentials | None = None,
        remote: str = "origin",
        timeout: float = NETWORK_TIMEOUT,
        fence: Fence = lambda: None,
    ) -> None:
        """The fence is asked right before every push."""
        self.directory = directory.absolute()
        self.remote = remote
        self._credentials = credentials
        self._timeout = timeout
        self._fence = fence
        self._local = threading.local()
        self._walks = Walks(self.run, is_shallow=lambda: self.objects.is_shallow)
        self._near = Near(
            self.run, entry=self.entry, first_parent=self.first_parent, is_shallow=lambda: self.objects.is_shallow
        )
        self._news = 0  # fetches that brought anything
        self.is_bare = self.objects.is_bare

    @classmethod
    def of_checkout(cls, folder: Path, *, credentials: Credentials | None = None) -> "GitRepository":
        """The repository whose checkout holds the folder. Raises `NoRegistry` when there is none."""
        found = pygit2.discover_repository(str(folder))
        if found is None:
            raise NoRegistry(f"{folder.resolve()} is in no git repository; run this inside a checkout of the registry")
        return cls(Path(found), credentials=credentials)

    # Names

    def resolve(self, name: str) -> str:
        """The commit that a full sha, "HEAD", a branch of the remote or a fetched ref ("refs/pull/7/head") names."""
        if _SHA.fullmatch(name):
            return self._known(name)
        is_own = name == "HEAD" or name.startswith(f"refs/remotes/{self.remote}/")
        reference = name if is_own else self.tracking(name)
        try:
            return str(self.objects.lookup_reference(sys.intern(reference)).peel(pygit2.Commit).id)
        except (KeyError, ValueError, pygit2.GitError) as error:
            raise Unknown(f"no commit is called {name!r}; fetch first, or see how the branch is spelt") from error

    def contains(self, sha: str) -> bool:
        """Whether the object is here."""
        return bool(_SHA.fullmatch(sha)) and sha in self.objects.odb

    # Objects

    def read(self, sha: str, path: str) -> bytes | None:
        """What the regular file holds at a commit; None when there is none. `InvalidRegistry` when it is huge."""
        entry = self.entry(sha, path)
        return self.blob(entry.id, path) if entry is not None and entry.is_file else None

    def blob(self, blob_id: str, path: str) -> bytes:
        """The bytes of a blob; the path is for the message when it is too large to be read."""
        size = self.objects.odb.read_header(blob_id)[1]
        if size > LARGEST_FILE:
            message = f"has {size} bytes, and a file of the registry has at most {LARGEST_FILE}"
            raise InvalidRegistry([Problem(path, 0, message, "track large files with DVC")])
        found = self.objects[blob_id]
        if not isinstance(found, pygit2.Blob):
            raise Unknown(f"{path} is not a file")
        return found.data

    def blob_id(self, sha: str, path: str) -> str | None:
        """The id of the file's content at a commit; equal ids are equal content."""
        entry = self.entry(sha, path)
        return entry.id if entry is not None and entry.is_file else None

    def entry(self, sha: str, path: str) -> TreeEntry | None:
        """What the path is at a commit, of whatever mode; None when it is not there."""
        tree: pygit2.Object = self._tree(sha)
        for name in map(sys.intern, path.split("/")):  # pygit2 1.21 never lets go of a name it was asked for
            if not isinstance(tree, pygit2.Tree) or name not in tree:
                return None
            tree = tree[name]
        return _tree_entry(tree)

    def entries(self, sha: str, folder: str = "") -> tuple[TreeEntry, ...]:
        """The names in a folder at a commit, in git's order; none when there is no such folder."""
        if not folder:
            return self.tree_entries(str(self._tree(sha).id))
        entry = self.entry(sha, folder)
        return self.tree_entries(entry.id) if entry is not None and entry.is_folder else ()

    def tree_entries(self, tree_id: str) -> tuple[TreeEntry, ...]:
        """The names in a folder by the id of its tree."""
        return tuple(_tree_entry(found) for found in self.objects[tree_id].peel(pygit2.Tree))

    def tree_id(self, sha: str) -> str:
        """The id of everything at a commit; equal ids are equal content."""
        return str(self._tree(sha).id)

    def first_parent(self, sha: str) -> str | None:
        """The commit that this one was put upon; None for the first of all."""
        return first_parent_of(self.objects, self._known(sha))

    # Walks

    def diff(self, before: str, after: str) -> tuple[ChangedFile, ...]:
        """Every path that differs between two commits; `EMPTY_TREE` stands for nothing at all."""
        before, after = (sha if sha == EMPTY_TREE else self._known(sha) for sha in (before, after))
        return self._walks.diff(before, after)

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor; None when the two have nothing in common."""
        one, other = self._known(one), self._known(other)
        return self._near.merge_base(one, other) or self._walks.merge_base(one, other)

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether the newer commit contains the older; a commit contains itself."""
        return self.merge_base(older, newer) == older

    def first_parent_log(self, before: str | None, after: str, *paths: str, limit: int = 0) -> tuple[Commit, ...]:
        """Newest first, what landed on a branch after `before`; with paths, only what changed one of them.

        A merge is one step: what it brought counts as its own change.
        """
        near = self._near.log(before, self._known(after), paths, limit)
        if near is not None:
            return near
        bottom = self._walks.bottom(self._known(before), self._known(after)) if before and paths else before
        return self._log(("--first-parent",), bottom, after, paths, limit)

    def log(self, before: str | None, after: str, *, limit: int = 0) -> tuple[Commit, ...]:
        """Every commit of `after` that `before` does not have, newest first."""
        return self._log((), before, after, (), limit)

    def _log(
        self, how: tuple[str, ...], before: str | None, after: str, paths: tuple[str, ...], limit: int
    ) -> tuple[Commit, ...]:
        ends = (self._known(after), *([f"^{self._known(before)}"] if before else []))
        most = (f"--max-count={limit}",) if limit else ()
        return self._walks.log((*how, *most), ends, paths)

    # The remote

    @cached_property
    def transport(self) -> Transport:
        """How the remote is reached."""
        try:
            asked = ["remote", "get-url"]
            url, push_url = (
                self.run(*asked, *push, "--", self.remote).decode().rstrip("\n") for push in ([], ["--push"])
            )
        except GitFailed as failure:
            message = f"{self.directory} has no remote {self.remote}; add one with git remote add {self.remote} URL"
            raise Unknown(message) from failure
        return Transport(url, push_url, self._credentials)

    def fetch(self, *refs: str, whole: bool = False) -> None:
        """Bring the remote's branches up to date, or just the refs named ("refs/pull/7/head", "main", "refs/tags/v*").

        A full commit id is brought too, where the remote still has it and gives out what no ref names.

        Raises `Unknown` when it has no such ref, and then fetches none. `whole`: with what a shallow clone lacks.
        """
        wanted = [f"+{full_name(ref)}:{self.tracking(ref)}" for ref in refs]
        everything = [f"+refs/heads/*:refs/remotes/{self.remote}/*"]
        options = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"]
        options += ["--unshallow"] if whole and self.objects.is_shallow else []
        prune = ["--prune"] if self.is_bare and (not refs or is_pattern(*refs)) else ["--no-prune"]
        with one_at_a_time(self.directory / "registrar.lock"):  # two would fight over the refs of the clone
            before = self._refs() if self.is_bare else {}
            self._talk("fetch", *options, *prune, "--no-auto-maintenance", "--", self.remote, *(wanted or everything))
            if self.is_bare and self._refs() != before:
                self._keep_fast()

    def remote_branch(self, branch: str) -> str | None:
        """Where the branch, or the ref of that full name, is on the remote right now; None when there is none."""
        full = full_name(branch)
        lines = self._talk("ls-remote", "--quiet", "--", self.remote, full).decode("utf-8", "replace").splitlines()
        return next((sha for sha, _, name in (line.partition("\t") for line in lines) if name == full), None)

    def push(self, branch: str, sha: str, *, expected: str | None) -> None:
        """Put the remote branch, or the ref of that full name, at a commit, if it still is where it is expected.

        None: if it does not exist yet. Pushing what is already there succeeds. Raises `PushRejected` when it is
        elsewhere.
        """
        self._move(branch, self._known(sha), expected=expected or "")

    def delete_branch(self, branch: str, *, expected: str) -> None:
        """Take the branch away from the remote, if it still is where it is expected; one that is gone is gone.

        Raises `PushRejected` when it is elsewhere: then it holds what somebody has pushed since.
        """
        if self.remote_branch(branch) is None:
            return
        try:
            self._move(branch, "", expected=expected)
        except PushRejected:
            if self.remote_branch(branch) is not None:
                raise

    def _move(self, branch: str, sha: str, *, expected: str) -> None:
        full = full_name(branch)
        deed, lease = f"{'push' if sha else 'delete'} {full}", f"--force-with-lease={full}:{expected}"
        move = ["push", "--porcelain", "--no-verify", "--no-progress", lease, "--", self.remote, f"{sha}:{full}"]
        DEEDS.foretell(deed)
        self._fence()
        try:
            self._speak(*move)
        except GitFailed as failure:
            raise self.transport.refused_push(failure, branch) from failure
        DEEDS.add(deed)

    def try_push(self, branch: str, sha: str) -> None:
        """Ask whether the remote takes pushes from us, and push nothing; a branch's own protection is not asked."""
        self._talk("push", "--dry-run", "--no-verify", "--quiet", "--", self.remote, f"{sha}:{full_branch(branch)}")

    # Git itself

    def run(self, *arguments: str, timeout: float = LOCAL_TIMEOUT, index: Path | None = None) -> bytes:
        """What a local git command prints. Raises `GitFailed`."""
        extra = {"GIT_INDEX_FILE": str(index)} if index else {}
        return run_git(self.directory, f"--git-dir={self.directory}", *arguments, environment=extra, timeout=timeout)

    def _keep_fast(self) -> None:
        """The history of one path takes 0.2 s instead of 3 s at 100,000 commits, some hundred of them more or less.

        What never got more at once than git keeps in files of their own is too small for that to count.
        """
        self._news += 1
        is_large = any((self.directory / "objects" / "pack").glob("*.pack"))
        if self._news % _SELDOM and (self._news > 1 or not is_large):
            return
        self.run("commit-graph", "write", "--reachable", "--split", "--changed-paths", "--no-progress")
        self.run("maintenance", "run", "--auto", "--quiet")

    def _refs(self) -> dict[str, str]:
        return {ref.name: str(ref.target) for ref in self.objects.references.iterator()}

    def _talk(self, *arguments: str) -> bytes:
        try:
            return self._speak(*arguments)
        except GitFailed as failure:
            raise self.transport.explained(failure) from failure

    def _speak(self, *arguments: str) -> bytes:
        return run_git(
            self.directory,
            f"--git-dir={self.directory}",
            *arguments,
            settings=self.transport.settings(),
            environment=self.transport.environment(),
            timeout=self._timeout,
        )

    @property
    def objects(self) -> pygit2.Repository:
        """The object store, opened once in each thread."""
        opened: pygit2.Repository | None = getattr(self._local, "objects", None)
        if opened is None:
            opened = self._local.objects = _opened(self.directory)
        return opened

    def _tree(self, sha: str) -> pygit2.Tree:
        return tree_of(self.objects, self._known(sha))

    def _known(self, sha: str) -> str:
        if not _SHA.fullmatch(sha):
            raise Unknown(f"{sha!r} is not a full commit id; resolve its name first")
        if sha not in self.objects.odb:
            raise Unknown(f"commit {sha} is not in the clone; fetch first, or see whether it was ever pushed")
        return sha

    def tracking(self, ref: str) -> str:
        """Where the clone keeps what the remote calls so, as last fetched."""
        full = full_name(ref)
        if full.startswith("refs/heads/"):
            return f"refs/remotes/{self.remote}/{full.removeprefix('refs/heads/')}"
        return f"refs/registrar/{self.remote}/{full.removeprefix('refs/')}"


def _opened(directory: Path) -> pygit2.Repository:
    try:
        return pygit2.Repository(str(directory))
    except pygit2.GitError as error:
        raise RegistrarError(f"{directory} cannot be opened as a git repository: {error}") from error


def _tree_entry(found: pygit2.Object) -> TreeEntry:
    name = (found.raw_name or b"").decode("utf-8", "surrogateescape")
    return TreeEntry(name, f"{found.filemode:06o}", str(found.id))
