"""What the sandbox forge does with a bare git repository: reading commits, comparing, merging, moving refs."""

import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path

import pygit2
from pygit2.enums import SortMode

from registrar.sandbox.accounts import Account

_MOST_KNOWN = 512  # answers of each kind: what commits hold, and how they stand to each other, never changes
_MOST_OPENED = 4  # repositories in each thread
_OPENED = threading.local()
ABSENT = "0" * 40  # how git writes "no commit" where a ref comes or goes

# A forge's rules on pushes are git's own hooks, so that each ref is refused or taken, and reported, as git does it.
_UPDATE_HOOK = """#!/bin/sh
set -f
for closed in $SANDBOX_PROTECTED; do
    case "$1" in
    $closed)
        echo "$SANDBOX_REFUSAL ($1)" >&2
        exit 1
        ;;
    esac
done
"""
_POST_RECEIVE_HOOK = """#!/bin/sh
while read -r move; do echo "$move"; done > "$SANDBOX_MOVES"
"""
_SETTINGS = {
    "http.receivepack": "true",
    "uploadpack.allowAnySHA1InWant": "true",
    "uploadpack.allowFilter": "true",
    "core.logAllRefUpdates": "false",
    "gc.auto": "0",
    "receive.autogc": "false",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who, by their own account, and when."""

    name: str
    email: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit, as it was written."""

    sha: str
    tree: str
    message: str
    author: Identity
    committer: Identity
    parents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One file that differs between two commits."""

    path: str
    old_path: str
    change: str  # A added, D deleted, M modified, R renamed, T another type
    blob: str
    additions: int
    deletions: int
    patch: str


def quiet_environment() -> dict[str, str]:
    """Make git behave the same on every machine: no settings but the repository's own."""
    return {"PATH": os.environ.get("PATH", os.defpath), "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}


def opened(path: Path) -> pygit2.Repository:
    """A repository, opened once in each thread that asks for it again and again."""
    known: dict[Path, pygit2.Repository] = _OPENED.__dict__.setdefault("known", {})
    found = known.pop(path, None) or pygit2.Repository(str(path))
    known[path] = found
    if len(known) > _MOST_OPENED:
        del known[next(iter(known))]  # the one that was asked for longest ago
    return found


def create_repository(path: Path, default_branch: str) -> None:
    """An empty bare repository that pushes can reach."""
    pygit2.init_repository(str(path), bare=True, initial_head=default_branch)
    config = pygit2.Config(str(path / "config"))
    for name, value in _SETTINGS.items():
        config[name] = value
    for hidden in ("refs/pull", "refs/merge-requests"):  # heads of pull requests, which the forge alone writes
        config.set_multivar("receive.hideRefs", "^$", hidden)
    for name, text in (("update", _UPDATE_HOOK), ("post-receive", _POST_RECEIVE_HOOK)):
        hook = path / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(text)
        hook.chmod(0o755)


def branches(path: Path) -> Mapping[str, str]:
    """The commit of every branch."""
    repository = opened(path)
    return {name: str(repository.branches[name].target) for name in sorted(repository.branches.local)}


def branch(path: Path, name: str) -> str | None:
    """The commit of a branch; None when there is none."""
    reference = opened(path).references.get(f"refs/heads/{name}")
    return None if reference is None else str(reference.target)


def resolve(path: Path, name: str) -> str | None:
    """The commit that a branch, a tag, a full ref or a sha names; None when it names none."""
    repository = opened(path)
    for full_name in (f"refs/heads/{name}", f"refs/tags/{name}", f"refs/{name}", name):
        if found := repository.references.get(full_name) if pygit2.reference_is_valid_name(full_name) else None:
            return str(found.peel(pygit2.Commit).id)
    found_object = repository.get(name) if re.fullmatch(r"[0-9a-f]{4,40}", name) else None
    return None if found_object is None else str(found_object.peel(pygit2.Commit).id)


@lru_cache(_MOST_KNOWN)
def commit(path: Path, sha: str) -> Commit:
    """The commit of a whole sha that is known to exist."""
    return _commit(opened(path)[sha].peel(pygit2.Commit))


def _commit(found: pygit2.Commit) -> Commit:
    return Commit(
        sha=str(found.id),
        tree=str(found.tree_id),
        message=found.message,
        author=_identity(found.author),
        committer=_identity(found.committer),
        parents=tuple(str(parent) for parent in found.parent_ids),
    )


def _identity(signature: pygit2.Signature) -> Identity:
    zone = timezone(timedelta(minutes=signature.offset))
    return Identity(signature.name, signature.email, datetime.fromtimestamp(signature.time, tz=zone))


def in_utc(at: datetime) -> datetime:
    """The same moment, told in UTC."""
    return at.astimezone(UTC)


@lru_cache(_MOST_KNOWN)
def commits_between(path: Path, before: str | None, after: str) -> tuple[Commit, ...]:
    """The commits that the second has and the first has not, oldest first."""
    repository = opened(path)
    walk = repository.walk(repository[after].peel(pygit2.Commit).id, SortMode.TOPOLOGICAL | SortMode.REVERSE)
    if before is not None:
        walk.hide(repository[before].peel(pygit2.Commit).id)
    return tuple(_commit(found) for found in walk)


@lru_cache(_MOST_KNOWN)
def merge_base(path: Path, first: str, second: str) -> str | None:
    """The newest commit that both have; None for strangers."""
    found = opened(path).merge_base(pygit2.Oid(hex=first), pygit2.Oid(hex=second))
    return None if found is None else str(found)


@lru_cache(_MOST_KNOWN)
def is_ancestor(path: Path, older: str, newer: str) -> bool:
    """Whether the newer has all that the older has; a commit is its own ancestor."""
    if older == newer:
        return True
    repository = opened(path)
    ids = [repository[sha].peel(pygit2.Commit).id for sha in (newer, older)]
    return repository.descendant_of(*ids)


@lru_cache(_MOST_KNOWN)
def changed_files(path: Path, before: str | None, after: str) -> tuple[ChangedFile, ...]:
    """What differs from one commit to another, renames found; None stands for nothing at all."""
    repository = opened(path)
    newer = repository[after].peel(pygit2.Tree)
    older = None if before is None else repository[before].peel(pygit2.Tree)
    diff = newer.diff_to_tree(swap=True) if older is None else older.diff_to_tree(newer)
    diff.find_similar()
    return tuple(_changed_file(patch) for patch in diff if patch is not None)


def _changed_file(patch: pygit2.Patch) -> ChangedFile:
    delta = patch.delta
    _, additions, deletions = patch.line_stats
    gone = delta.status_char() == "D"
    text = (patch.data or b"").decode(errors="replace")
    return ChangedFile(
        path=delta.old_file.path if gone else delta.new_file.path,
        old_path=delta.old_file.path,
        change=delta.status_char(),
        blob=str(delta.old_file.id if gone else delta.new_file.id),
        additions=additions,
        deletions=deletions,
        patch=text[text.index("@@") :].removesuffix("\n") if "\n@@" in text else "",
    )


def read(path: Path, sha: str, name: str) -> tuple[str, bytes] | None:
    """The blob id and the content of a file at a commit; None when there is no such file."""
    repository = opened(path)
    try:
        found = repository[sha].peel(pygit2.Tree)[name]
    except KeyError:
        return None
    return (str(found.id), found.data) if isinstance(found, pygit2.Blob) else None


def entries(path: Path, sha: str, folder: str) -> tuple[str, ...]:
    """Names of the files of a folder at a commit; none when there is no such folder."""
    try:
        found = opened(path)[sha].peel(pygit2.Tree)[folder]
    except KeyError:
        return ()
    if not isinstance(found, pygit2.Tree):
        return ()
    return tuple(str(entry.name) for entry in found if isinstance(entry, pygit2.Blob))


@lru_cache(_MOST_KNOWN)
def merged_tree(path: Path, base: str, head: str) -> str | None:
    """The tree that a merge of both would have; None when they conflict or have nothing in common."""
    repository = opened(path)
    if merge_base(path, base, head) is None:
        return None
    index = repository.merge_commits(pygit2.Oid(hex=base), pygit2.Oid(hex=head))
    return None if index.conflicts else str(index.write_tree(repository))


def write_commit(path: Path, tree: str, parents: tuple[str, ...], *, message: str, author: Account) -> str:
    """A new commit, on no branch yet."""
    signature = pygit2.Signature(author.name, author.email, int(datetime.now(UTC).timestamp()), 0)
    written = opened(path).create_commit(None, signature, signature, message, tree, list(parents))
    return str(written)


def replay(path: Path, onto: str, head: str, *, committer: Account) -> str | None:
    """Every commit of the head anew on top of another; None when one of them conflicts."""
    repository = opened(path)
    signature = pygit2.Signature(committer.name, committer.email, int(datetime.now(UTC).timestamp()), 0)
    tip = onto
    for each in commits_between(path, onto, head):
        original = repository[each.sha].peel(pygit2.Commit)
        if len(original.parents) != 1:
            continue  # a merge brings nothing of its own
        index = repository.merge_trees(original.parents[0].tree, repository[tip].peel(pygit2.Tree), original.tree)
        if index.conflicts:
            return None
        tree = index.write_tree(repository)
        written = repository.create_commit(
            None, original.author, signature, original.message, tree, [pygit2.Oid(hex=tip)]
        )
        tip = str(written)
    return tip


def move(path: Path, ref: str, after: str, *, before: str) -> bool:
    """Move a ref if it still is where it was thought to be; whether it was. libgit2 compares under the ref's lock."""
    references = opened(path).references
    try:
        if before == ABSENT:
            references.create(ref, after)
            return True
        found = references[ref]
        if str(found.target) != before:
            return False
        if after == ABSENT:
            found.delete()
        else:
            found.set_target(pygit2.Oid(hex=after))
    except (KeyError, ValueError, pygit2.GitError):
        return False
    return True


def keep_ref(path: Path, ref: str, sha: str) -> None:
    """Let a ref be at a commit, wherever it was before."""
    opened(path).references.create(ref, sha, force=True)
