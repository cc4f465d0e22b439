"""Knows which folders of a registry hold a model or a dataset; an unchanged subtree is never walked again."""

from collections.abc import Iterator

from registrar.core import layout
from registrar.core.versions import ascending
from registrar.repository.git import GitRepository, TreeEntry
from registrar.repository.kept import Kept
from registry_schema import is_version_name

_NAMES = 65_536  # kept of each kind: every commit has its own folder of all models, and a proof reads every commit
_MODELS: Kept[str, tuple[tuple[str, bool], ...]] = Kept(_NAMES, weigh=lambda names: 1 + len(names))
_DATASETS: Kept[str, tuple[str, ...]] = Kept(_NAMES, weigh=lambda names: 1 + len(names))
_VERSIONS: Kept[str, tuple[str, ...]] = Kept(_NAMES, weigh=lambda names: 1 + len(names))


def model_folders(repository: GitRepository, tree: str) -> tuple[tuple[str, bool], ...]:
    """Folders below a tree that hold what only a model holds, by relative name, and whether they hold a model.yaml."""

    def walked() -> Iterator[tuple[str, bool]]:
        entries = {entry.name: entry for entry in repository.tree_entries(tree)}
        if entries.keys() & {layout.MODEL_FILE, layout.STATUS_FILE, layout.VERSIONS}:
            yield "", layout.MODEL_FILE in entries
        for entry in entries.values():
            if entry.is_folder and entry.name != layout.VERSIONS:
                for name, is_model in model_folders(repository, entry.id):
                    yield _joined(entry.name, name), is_model

    return _MODELS.get(tree, lambda: tuple(walked()))


def dataset_folders(repository: GitRepository, tree: str) -> tuple[str, ...]:
    """Folders below a tree that hold a dataset.yaml, by relative name."""

    def walked() -> Iterator[str]:
        for entry in repository.tree_entries(tree):
            if entry.name == layout.DATASET_FILE:
                yield ""
            elif entry.is_folder:
                yield from (_joined(entry.name, name) for name in dataset_folders(repository, entry.id))

    return _DATASETS.get(tree, lambda: tuple(walked()))


def versions_in(repository: GitRepository, tree: str) -> tuple[str, ...]:
    """The versions in a `versions/` folder, ascending: well-named folders that hold a version.yaml."""

    def is_version(entry: TreeEntry) -> bool:
        if not entry.is_folder or not is_version_name(entry.name):
            return False
        return any(inner.name == layout.VERSION_FILE for inner in repository.tree_entries(entry.id))

    def found() -> tuple[str, ...]:
        return ascending(entry.name for entry in repository.tree_entries(tree) if is_version(entry))

    return _VERSIONS.get(tree, found)


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if name else folder
