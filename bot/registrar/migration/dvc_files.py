"""Knows what DVC's own files say at a commit: which data lies where, by its hash; nothing that they name is opened."""

import os
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from registrar.artifacts.objects import OLDER_MD5, Data
from registrar.errors import InvalidRegistry
from registrar.migration.foreign_yaml import keys_of, mapping, text
from registrar.repository.git import GitRepository
from registry_schema import Problem

_SUFFIX, _LOCK, _PIPELINE = ".dvc", "dvc.lock", "dvc.yaml"
_NOT_DATA = {_PIPELINE, ".dvcignore"}


@dataclass(frozen=True, slots=True)
class Tracked:
    """Data at a path from the top of the repository; in the remote of that name, or else in the default one."""

    path: PurePosixPath
    data: Data
    remote: str | None


def is_of_dvc(path: str) -> bool:
    """Whether a file is one that DVC leaves out of a folder's content."""
    name = posixpath.basename(path)
    return name.endswith(_SUFFIX) or name in _NOT_DATA


def files_at(git: GitRepository, commit: str, folder: str = "") -> Mapping[str, str]:
    """Every regular file beneath a folder at a commit: its path and the id of its content.

    Raises `InvalidRegistry` for a path that would lead out of where it is written: whoever packs a repository by hand
    can make one.
    """
    beneath = ["--", f"{folder}/"] if folder else []
    found = {}
    for line in git.run("ls-tree", "-r", "-z", "--full-tree", commit, *beneath).split(b"\0")[:-1]:
        facts, _, name = line.partition(b"\t")
        mode, _, blob = facts.decode().split(" ")
        path = os.fsdecode(name)
        if ".." in path.split("/"):
            raise InvalidRegistry([Problem(path, 0, "no file can be called so")])
        if mode.startswith("100"):
            found[path] = blob
    return found


def tracked_at(git: GitRepository, commit: str) -> Iterator[Tracked]:
    """All that is under DVC's care at a commit, but for what git holds too, and what lies beside the repository.

    Raises `InvalidRegistry` where nobody can read what DVC wrote.
    """
    files = files_at(git, commit)
    for path, blob in files.items():
        folder, name = posixpath.split(path)
        if name.endswith(_SUFFIX):
            said = keys_of(git.blob(blob, path), path)
            yield from _outputs(said, posixpath.join(folder, text(said.get("wdir"))))
        elif name == _LOCK:
            pipeline = files.get(posixpath.join(folder, _PIPELINE))
            stages = keys_of(git.blob(pipeline, path), path).get("stages") if pipeline else None
            yield from _of_stages(keys_of(git.blob(blob, path), path), mapping(stages), folder)


def _of_stages(lock: Mapping[str, object], stages: Mapping[str, object], folder: str) -> Iterator[Tracked]:
    for name, locked in mapping(lock.get("stages", lock)).items():
        stage = mapping(stages.get(name) or stages.get(name.partition("@")[0]))
        where = text(mapping(stage.get("do", stage)).get("wdir"))
        if "${" not in where:  # else only DVC knows it
            yield from _outputs(mapping(locked), posixpath.join(folder, where))


def _outputs(said: Mapping[str, object], folder: str) -> Iterator[Tracked]:
    outputs = said.get("outs")
    for output in map(mapping, outputs if isinstance(outputs, list) else []):
        path = posixpath.normpath(posixpath.join(folder, text(output.get("path"))))
        if not path.startswith(("/", "..")):
            found = f"{text(output.get('hash', OLDER_MD5))}:{text(output.get('md5'))}"
            yield Tracked(PurePosixPath(path), Data(path, found), text(output.get("remote")) or None)
