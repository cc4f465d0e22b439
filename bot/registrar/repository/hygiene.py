"""Knows which names and kinds of files no registry may hold, because two machines would not see the same tree."""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from registrar.core import layout
from registrar.core.paths import is_twin_of_registry
from registrar.repository.git import GitRepository, TreeEntry
from registrar.repository.kept import Kept
from registrar.repository.snapshot import Snapshot
from registry_schema import Problem

_OURS = (layout.MODELS, layout.DATASETS)


@dataclass(frozen=True, slots=True)
class _Oddity:
    """What is wrong with a path, told without the folder it is in: the same tree may stand in several places."""

    path: str
    message: str
    mend: str

    def inside(self, folder: str) -> "_Oddity":
        return _Oddity(f"{folder}/{self.path}", self.message, self.mend)

    def problem(self) -> Problem:
        return Problem(self.path.encode("utf-8", "backslashreplace").decode(), 0, self.message, self.mend)


_HERE: Kept[str, tuple[_Oddity, ...]] = Kept(16_384)  # every commit of a long history has some of its own
_BELOW: Kept[str, tuple[_Oddity, ...]] = Kept(262_144)


def odd_names_and_modes(snapshot: Snapshot, paths: Collection[str] | None) -> Iterator[Problem]:
    """Links, submodules, names that are not UTF-8, and names that differ in case or Unicode form alone.

    With paths, only those that the paths themselves or the folders above them have part in.
    """
    root = snapshot.repository.tree_id(snapshot.commit)
    for oddity in _here(snapshot.repository, root):
        if is_twin_of_registry(oddity.path):
            yield oddity.problem()
    if paths is None:
        for top in _OURS:
            if tree := snapshot.folder(top):
                yield from (oddity.inside(top).problem() for oddity in _below(snapshot.repository, tree))
    else:
        for path in paths:
            if path.startswith(tuple(f"{top}/" for top in _OURS)):
                yield from _on_the_way(snapshot, path)


def _on_the_way(snapshot: Snapshot, path: str) -> Iterator[Problem]:
    parts = path.split("/")
    for depth, name in enumerate(parts[1:], start=1):
        folder = "/".join(parts[:depth])
        tree = snapshot.folder(folder)
        if tree is None:
            return
        for oddity in _here(snapshot.repository, tree):
            if _folded(oddity.path) == _folded(name):
                yield oddity.inside(folder).problem()


def _below(repository: GitRepository, tree: str) -> tuple[_Oddity, ...]:
    def found() -> Iterator[_Oddity]:
        yield from _here(repository, tree)
        for entry in repository.tree_entries(tree):
            if entry.is_folder:
                yield from (oddity.inside(entry.name) for oddity in _below(repository, entry.id))

    return _BELOW.get(tree, lambda: tuple(found()))


def _here(repository: GitRepository, tree: str) -> tuple[_Oddity, ...]:
    return _HERE.get(tree, lambda: tuple(_oddities(repository.tree_entries(tree))))


def _oddities(entries: tuple[TreeEntry, ...]) -> Iterator[_Oddity]:
    first: dict[str, str] = {}
    for entry in entries:
        if not entry.is_file and not entry.is_folder:
            message = f"is a {entry.kind}, and a registry holds plain files"
            yield _Oddity(entry.name, message, "put the file itself there")
        if not entry.name.isprintable():
            yield _Oddity(entry.name, "has a name that not every machine can write", "rename it in plain letters")
        twin = first.setdefault(_folded(entry.name), entry.name)
        if twin != entry.name:
            message = f"is the same file as {twin} where case or Unicode form do not count"
            yield _Oddity(entry.name, message, "rename or remove one of the two")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())
