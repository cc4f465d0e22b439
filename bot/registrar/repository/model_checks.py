"""Knows what must hold between the files of one model, and of one dataset."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TypeVar

from registrar.core import layout
from registrar.core.spelling import did_you_mean
from registrar.errors import InvalidRegistry, Unknown
from registrar.repository.dvc_files import problems_of_artifacts
from registrar.repository.kept import Kept
from registrar.repository.snapshot import Snapshot
from registry_schema import Holders, Holdings, Problem, Registry, is_model_name, is_version_name
from registry_schema.document import load

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Release:
    """What is known of a version or a dataset by its own folder alone."""

    problems: tuple[Problem, ...]
    dataset: str | None = None
    dataset_line: int = 0


_RELEASES: Kept[tuple[str, str], _Release] = Kept(131_072)


def noted(found: set[Problem], read: Callable[[], Value]) -> Value | None:
    """What was read; None, and the problems noted, when it breaks its shape."""
    try:
        return read()
    except InvalidRegistry as invalid:
        found.update(invalid.problems)
    except Unknown:
        pass
    return None


def model_problems(
    snapshot: Snapshot, registry: Registry | None, model: str, versions: Collection[str] | None
) -> set[Problem]:
    """What is wrong with a model; of its versions only those named are looked into, or all."""
    found: set[Problem] = set()
    if snapshot.folder(layout.model_folder(model)) is None:
        return found
    if noted(found, lambda: snapshot.model(model)) is None and not found:
        message = "is missing, and so its status.yaml and its versions belong to no model"
        found.add(Problem(layout.model_path(model), 0, message, "add it, or remove the folder"))
    if not is_model_name(model):
        mend = 'rename the folder: small letters, digits, ".", "_" and "-"'
        found.add(Problem(layout.model_path(model), 0, "stands in a folder that cannot be a model's name", mend))
    holdings = noted(found, lambda: snapshot.holdings(model))
    if holdings is not None and holdings.statuses:
        found.update(_status_problems(snapshot, registry, model, holdings))
    names = _version_folders(snapshot, model)
    for version in names if versions is None else names & {*versions}:
        found.update(_version_problems(snapshot, model, version))
    return found


def dataset_problems(snapshot: Snapshot, reference: str) -> set[Problem]:
    """What is wrong with a version of a dataset."""
    found: set[Problem] = set()
    name, _, version = reference.rpartition("@")
    path, folder = layout.dataset_path(reference), layout.dataset_folder(reference)
    if not is_model_name(name) or not is_version_name(version):
        mend = "name the folder datasets/NAME/VERSION, with a version such as 1.0.0"
        found.add(Problem(path, 0, "stands in a folder that is no version of a dataset", mend))
    dataset = noted(found, lambda: snapshot.dataset(reference))
    if dataset is not None:
        document = load(snapshot.text(path) or b"", path)
        noted(found, lambda: found.update(problems_of_artifacts(snapshot, document, folder, dataset.artifacts)))
    return found


def references_to(snapshot: Snapshot, reference: str) -> Iterator[Problem]:
    """Every version that was trained on a dataset which is not here."""
    for model in snapshot.models():
        for version in snapshot.versions(model):
            yield from _missing_dataset(snapshot, model, version, only=reference)


def _status_problems(
    snapshot: Snapshot, registry: Registry | None, model: str, holdings: Holdings
) -> Iterator[Problem]:
    path = layout.status_path(model)
    line = load(snapshot.text(path) or b"", path).line
    versions = snapshot.versions(model)
    for status, holders in holdings.statuses.items():
        rules = registry.statuses.get(status) if registry is not None else None
        if registry is not None and rules is None:
            message = f"registry.yaml has no status {status}{did_you_mean(status, registry.statuses)}"
            yield Problem(path, line((status,)), message, f"it has {', '.join(registry.statuses)}")
        if rules is not None and rules.holders is Holders.ONE and len(holders) > 1:
            both = " and ".join(holder.version for holder in holders)
            yield Problem(path, line((status,)), f"{status} is for one version, and {both} hold it", "keep one")
        for number, holder in enumerate(holders):
            if holder.version not in versions:
                message = f"{model} has no version {holder.version}{did_you_mean(holder.version, versions)}"
                yield Problem(path, line((status, number)), message, "register it first, or take it off")


def _version_folders(snapshot: Snapshot, model: str) -> set[str]:
    folder = f"{layout.model_folder(model)}/{layout.VERSIONS}"
    return {entry.name for entry in snapshot.repository.entries(snapshot.commit, folder)}


def _version_problems(snapshot: Snapshot, model: str, version: str) -> Iterator[Problem]:
    folder = layout.version_folder(model, version)
    tree = snapshot.folder(folder)
    if tree is None or not is_version_name(version):
        yield Problem(folder, 0, "is not the folder of a version", "name it as a version such as 1.0.0, or remove it")
        return
    yield from _release(snapshot, model, version, tree).problems
    yield from _missing_dataset(snapshot, model, version)


def _missing_dataset(snapshot: Snapshot, model: str, version: str, only: str | None = None) -> Iterator[Problem]:
    tree = snapshot.folder(layout.version_folder(model, version))
    release = _release(snapshot, model, version, tree) if tree is not None else None
    if release is None or release.dataset is None or (only is not None and release.dataset != only):
        return
    path = layout.dataset_path(release.dataset)
    if snapshot.repository.entry(snapshot.commit, path) is None:
        message = f"the registry has no dataset {release.dataset}{did_you_mean(release.dataset, snapshot.datasets())}"
        yield Problem(layout.version_path(model, version), release.dataset_line, message, f"there is no {path}")


def _release(snapshot: Snapshot, model: str, version: str, tree: str) -> _Release:
    path = layout.version_path(model, version)

    def looked_into() -> _Release:
        found: set[Problem] = set()
        text = noted(found, lambda: snapshot.text(path))
        if text is None and not found:
            found.add(Problem(path, 0, "is missing", "add it: registrar register writes it; or remove the folder"))
        facts = noted(found, lambda: snapshot.version(model, version)) if text is not None else None
        if facts is None or text is None:
            return _Release(tuple(found))
        document, folder = load(text, path), layout.version_folder(model, version)
        noted(found, lambda: found.update(problems_of_artifacts(snapshot, document, folder, facts.artifacts)))
        return _Release(tuple(found), facts.dataset, document.line(("dataset",)))

    return _RELEASES.get((tree, path), looked_into)
