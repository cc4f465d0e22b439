"""Knows a registry as it stands at one commit: read on demand, and never twice while its content is the same."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import TypeVar, cast

from registrar.core import layout
from registrar.core.spelling import did_you_mean
from registrar.errors import InvalidRegistry, Unknown
from registrar.repository import walking
from registrar.repository.git import GitRepository, TreeEntry
from registrar.repository.kept import Kept
from registry_schema import Holdings, InvalidFile, Model, Problem, Registry, Version, is_model_name
from registry_schema.dataset import Dataset, read_dataset
from registry_schema.model import read_model
from registry_schema.registry import read_registry
from registry_schema.status import read_status
from registry_schema.version import read_version

Value = TypeVar("Value")

_VALUES: Kept[tuple[object, str], object] = Kept(65_536)
_FACTS: Kept[str, Version] = Kept(65_536)  # by the tree of a version's folder: so the way to each is gone only once


MISSING = Problem(layout.REGISTRY, 0, "is missing", "run registrar init, or add the file")


def snapshot(repository: GitRepository, commit: str) -> "Snapshot":
    """The registry at a commit. Raises `Unknown` when the clone does not hold the commit."""
    repository.tree_id(commit)
    return Snapshot(repository, commit)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A registry at a commit (or a tree). Every reading raises `InvalidRegistry` when its file breaks its shape."""

    repository: GitRepository
    commit: str

    def registry(self) -> Registry:
        """The rules. Without a registry.yaml there are none, and that is a problem."""
        found = self._value(read_registry, layout.REGISTRY)
        if found is None:
            raise InvalidRegistry([MISSING])
        return found

    def models(self) -> tuple[str, ...]:
        """Every model, by name. A folder whose name no model can have is not one."""
        return tuple(sorted(name for name, is_model in self.model_folders() if is_model and is_model_name(name)))

    def model(self, name: str) -> Model:
        """What a model is. Raises `Unknown` when there is none."""
        found = self._value(read_model, layout.model_path(name))
        if found is None:
            raise Unknown(f"the registry has no model {name}{did_you_mean(name, self.models())}")
        return found

    def holdings(self, model: str) -> Holdings:
        """Who holds which status: nobody, while there is no status.yaml, or of a model that is not here."""
        return self._value(read_status, layout.status_path(model)) or Holdings()

    def versions(self, model: str) -> tuple[str, ...]:
        """The versions of a model, ascending by Semantic Versioning; none of a model that is not here."""
        tree = self.folder(f"{layout.model_folder(model)}/{layout.VERSIONS}")
        return walking.versions_in(self.repository, tree) if tree is not None else ()

    def version(self, model: str, version: str) -> Version:
        """The facts of a version. Raises `Unknown` when there is none."""
        found = self._value(read_version, layout.version_path(model, version))
        if found is None:
            self.model(model)
            raise Unknown(f"{model} has no version {version}{did_you_mean(version, self.versions(model))}")
        return found

    def facts(self, model: str, versions: Collection[str]) -> dict[str, Version]:
        """The facts of several versions of a model; those that are not there are left out."""
        tree = self.folder(f"{layout.model_folder(model)}/{layout.VERSIONS}")
        entries = self.repository.tree_entries(tree) if tree is not None else ()
        found = {entry.name: entry.id for entry in entries if entry.is_folder and entry.name in versions}
        return {name: _FACTS.get(found[name], partial(self.version, model, name)) for name in found}

    def has_model(self, name: str) -> bool:
        """Whether a model is called so."""
        return is_model_name(name) and self.repository.entry(self.commit, layout.model_path(name)) is not None

    def dataset(self, reference: str) -> Dataset:
        """The facts of a dataset's version, by `name@version`. Raises `Unknown` when there is none."""
        found = self._value(read_dataset, layout.dataset_path(reference))
        if found is None:
            raise Unknown(f"the registry has no dataset {reference}{did_you_mean(reference, self.datasets())}")
        return found

    def datasets(self) -> tuple[str, ...]:
        """Every version of every dataset, as `name@version`."""
        tree = self.folder(layout.DATASETS)
        folders = walking.dataset_folders(self.repository, tree) if tree is not None else ()
        return tuple("@".join(folder.rsplit("/", 1)) for folder in folders if "/" in folder)

    def text(self, path: str) -> bytes | None:
        """What a file holds; None when it is not there. Raises `InvalidRegistry` for what is not a plain file."""
        entry = self._file(path)
        return self.repository.blob(entry.id, path) if entry is not None else None

    def problems(self, paths: Collection[str] | None = None) -> tuple[Problem, ...]:
        """Everything wrong with the registry, or with what a change of these paths can have broken."""
        from registrar.repository.checks import problems_of

        return problems_of(self, paths)

    def model_folders(self) -> tuple[tuple[str, bool], ...]:
        """Every folder that holds what only a model holds, by its name, and whether it holds a model.yaml."""
        tree = self.folder(layout.MODELS)
        return walking.model_folders(self.repository, tree) if tree is not None else ()

    def folder(self, path: str) -> str | None:
        """The id of the tree at a path; None when no folder is there."""
        entry = self.repository.entry(self.commit, path)
        return entry.id if entry is not None and entry.is_folder else None

    def _file(self, path: str) -> TreeEntry | None:
        entry = self.repository.entry(self.commit, path)
        if entry is not None and not entry.is_file:
            message = f"is a {entry.kind}, and a registry holds plain files"
            raise InvalidRegistry([Problem(path, 0, message, "put the file itself there")])
        return entry

    def _value(self, reader: Callable[[bytes, str], Value], path: str) -> Value | None:
        entry = self._file(path)
        if entry is None:
            return None
        blob = entry.id
        try:
            return cast("Value", _VALUES.get((reader, blob), lambda: reader(self.repository.blob(blob, path), path)))
        except InvalidFile as invalid:
            raise InvalidRegistry(invalid.problems) from invalid
