"""Knows how to write a change as a commit: no work tree, and only the folders on the way are written anew."""

import re
from collections.abc import Mapping

import pygit2

from registrar.errors import InvalidRegistry, UsageError
from registrar.repository.commit_log import Signature
from registrar.repository.git import GitRepository
from registry_schema import Problem

_FILE = int("100644", 8)
_FOLDER = int("040000", 8)
_NOT_IN_A_NAME = re.compile(r"[<>\x00-\x1f\x7f]")


def commit_change(
    repository: GitRepository,
    parent: str,
    files: Mapping[str, bytes | None],
    *,
    message: str,
    author: Signature,
    committer: Signature | None = None,
) -> str:
    """The sha of a commit upon `parent` in which each file holds these bytes, or is gone where None.

    The same change by the same people at the same moment is the same sha, so it may be repeated. A change that changes
    nothing is no commit: the parent is returned. No branch, index or work tree is touched.
    """
    before = repository.tree_id(parent)
    after = changed_tree(repository, before, files)
    if after == before:
        return parent
    people = _person(author), _person(committer or author)
    text = message.replace("\0", "").rstrip("\n") + "\n"
    return str(repository.objects.create_commit(None, *people, text, pygit2.Oid(hex=after), [parent]))


def changed_tree(repository: GitRepository, tree: str | None, files: Mapping[str, bytes | None]) -> str:
    """The id of the tree in which each file holds these bytes, or is gone where None; no tree: there is nothing yet."""
    objects = repository.objects
    before = objects[tree].peel(pygit2.Tree) if tree is not None else None
    return str(_changed(objects, before, [(_parts(path), content) for path, content in files.items()], ""))


def _changed(
    objects: pygit2.Repository,
    tree: pygit2.Tree | None,
    changes: list[tuple[list[str], bytes | None]],
    folder: str,
) -> pygit2.Oid:
    builder = objects.TreeBuilder(tree) if tree is not None else objects.TreeBuilder()
    below: dict[str, list[tuple[list[str], bytes | None]]] = {}
    for (name, *rest), content in changes:
        if rest:
            below.setdefault(name, []).append((rest, content))
        else:
            _put(objects, builder, name, content, path=folder + name)
    for name, inner in below.items():
        _put_folder(objects, builder, name, inner, path=folder + name)
    return builder.write()


def _put(
    objects: pygit2.Repository, builder: pygit2.TreeBuilder, name: str, content: bytes | None, *, path: str
) -> None:
    present = builder.get(name)
    if present is not None and not isinstance(present, pygit2.Blob):
        raise _in_the_way(path, "is a folder or a submodule, not a file")
    if present is not None and present.filemode == pygit2.enums.FileMode.LINK:
        raise _in_the_way(path, "is a symbolic link")
    if content is not None:
        builder.insert(name, objects.create_blob(content), present.filemode if present is not None else _FILE)
    elif present is not None:
        builder.remove(name)


def _put_folder(
    objects: pygit2.Repository,
    builder: pygit2.TreeBuilder,
    name: str,
    changes: list[tuple[list[str], bytes | None]],
    *,
    path: str,
) -> None:
    present = builder.get(name)
    if present is not None and not isinstance(present, pygit2.Tree):
        raise _in_the_way(path, "is not a folder")
    written = _changed(objects, present, changes, path + "/")
    if len(objects[written].peel(pygit2.Tree)):
        builder.insert(name, written, _FOLDER)
    elif present is not None:
        builder.remove(name)


def _in_the_way(path: str, message: str) -> InvalidRegistry:
    return InvalidRegistry([Problem(path, 0, message, "remove it from the registry first")])


def _parts(path: str) -> list[str]:
    parts = path.split("/")
    if "\0" in path or any(part in {"", ".", ".."} or part.casefold() == ".git" for part in parts):
        raise UsageError(f"{path!r} is not a path inside the registry")
    return parts


def clean(text: str) -> str:
    """A name or an address as git takes it: neither angle brackets nor line breaks in who someone is."""
    return _NOT_IN_A_NAME.sub("", text).strip()


def _person(signature: Signature) -> pygit2.Signature:
    name, email = clean(signature.name), clean(signature.email)
    offset = signature.at.utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset is not None else 0
    return pygit2.Signature(name or email or "unknown", email, int(signature.at.timestamp()), minutes, "utf-8")
