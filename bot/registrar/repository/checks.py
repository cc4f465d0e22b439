"""Knows which files of a registry a change can have broken, and finds every problem in them."""

from collections.abc import Collection
from dataclasses import dataclass, field

from registrar.core import layout
from registrar.repository import walking
from registrar.repository.hygiene import odd_names_and_modes
from registrar.repository.model_checks import dataset_problems, model_problems, noted, references_to
from registrar.repository.snapshot import Snapshot
from registry_schema import Problem, is_version_name


@dataclass(frozen=True, slots=True)
class _Scope:
    """What is to be looked into; a model with None is looked into with all its versions."""

    models: dict[str, set[str] | None] = field(default_factory=dict)
    datasets: set[str] = field(default_factory=set)
    gone_datasets: set[str] = field(default_factory=set)

    def add_version(self, model: str, version: str) -> None:
        versions = self.models.setdefault(model, set())
        if versions is not None:
            versions.add(version)


def problems_of(snapshot: Snapshot, paths: Collection[str] | None) -> tuple[Problem, ...]:
    """Every problem of a registry by file and line, or only of what a change of these paths can have broken."""
    scope = _whole(snapshot) if paths is None else _concerned(snapshot, paths)
    found: set[Problem] = set(odd_names_and_modes(snapshot, paths))
    registry = noted(found, snapshot.registry)
    for model, versions in scope.models.items():
        found.update(model_problems(snapshot, registry, model, versions))
    for reference in scope.datasets:
        found.update(dataset_problems(snapshot, reference))
    for reference in scope.gone_datasets:
        found.update(references_to(snapshot, reference))
    return tuple(sorted(found))


def _whole(snapshot: Snapshot) -> _Scope:
    scope = _Scope()
    scope.models.update((name, None) for name, _ in snapshot.model_folders())
    tree = snapshot.folder(layout.DATASETS)
    if tree is not None:
        scope.datasets.update(_reference(folder) for folder in walking.dataset_folders(snapshot.repository, tree))
    return scope


def _concerned(snapshot: Snapshot, paths: Collection[str]) -> _Scope:
    scope = _Scope()
    for path in paths:
        if path == layout.REGISTRY:  # its statuses are named by every model
            for name, _ in snapshot.model_folders():
                scope.models.setdefault(name, set())
        elif (of_version := layout.version_of_path(path)) is not None:
            scope.add_version(*of_version)
        elif (model := layout.model_of_path(path)) is not None:
            scope.models.setdefault(model, set())
        elif path.startswith(f"{layout.DATASETS}/"):
            _add_dataset(snapshot, scope, path)
    return scope


def _add_dataset(snapshot: Snapshot, scope: _Scope, path: str) -> None:
    """The dataset that holds the path; when there is none any more, every one that may have held it."""
    folder = path.removeprefix(f"{layout.DATASETS}/")
    candidates = set()
    while "/" in folder:
        folder = folder.rpartition("/")[0]
        reference = _reference(folder)
        if snapshot.repository.entry(snapshot.commit, layout.dataset_path(reference)) is not None:
            scope.datasets.add(reference)
            return
        if is_version_name(reference.rpartition("@")[2]):
            candidates.add(reference)
    scope.gone_datasets.update(candidates)


def _reference(folder: str) -> str:
    name, _, version = folder.rpartition("/")
    return f"{name}@{version}"
