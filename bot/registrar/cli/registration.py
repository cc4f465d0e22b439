"""Knows which files register a version, and tracks its data only when all else has been found to be right."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from registrar.artifacts.remotes import DvcRemote, remote_of_checkout
from registrar.artifacts.tracking import TrackedFile, track, untracked
from registrar.cli import terminal
from registrar.cli.drafts import MetricWish, VersionWish, dataset_file, model_file, version_file
from registrar.cli.inputs import (
    DatasetWish,
    dataset_wish,
    file_at,
    made_at,
    metric_wish,
    metrics_of,
    model_and_version,
    parameters_of,
)
from registrar.cli.wishes import registry_of
from registrar.core.layout import dataset_folder, dataset_path, dvc_path, model_path, version_folder, version_path
from registrar.core.spelling import did_you_mean
from registrar.errors import NotAllowed, Unknown, UsageError
from registrar.handlers.bot import Bot
from registrar.repository.checkout import work_folder
from registrar.repository.snapshot import Snapshot
from registry_schema import Artifact, Model

Tracked = Callable[[Path], TrackedFile]

_ANY = Artifact(path="model", hash="md5:" + "0" * 32, size=1)  # stands in until the real one is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Everything a person says of a new version, read and found to be possible by itself."""

    model: str
    version: str
    weights: Path
    facts: VersionWish
    dataset: DatasetWish | None
    metrics: tuple[MetricWish, ...]
    model_description: str | None


def read_wish(arguments: argparse.Namespace) -> Wish:
    """Read the arguments and the files they name. Raises `UsageError` or `InvalidRegistry`."""
    model, version = model_and_version(arguments.model, arguments.version)
    weights = file_at(arguments.weights, "--weights")
    dataset = dataset_wish(arguments.dataset) if arguments.dataset else None
    facts = VersionWish(
        description=arguments.description or "",
        created=made_at(weights),
        source=_source(arguments.source_repository, arguments.source_commit),
        dataset=str(dataset) if dataset else None,
        metrics=metrics_of(arguments.metrics),
        parameters=parameters_of(arguments.parameters) if arguments.parameters else {},
    )
    version_file(facts, {"weights": _ANY}, version_path(model, version))
    wishes = tuple(metric_wish(text) for text in arguments.metric)
    return Wish(
        model=model,
        version=version,
        weights=weights,
        facts=facts,
        dataset=dataset,
        metrics=wishes,
        model_description=arguments.model_description,
    )


def files_of(bot: Bot, wish: Wish) -> dict[str, bytes]:
    """Make every file that the pull request adds; their data is in the DVC remote afterwards, and not before."""

    def tracked(file: Path) -> TrackedFile:
        terminal.say_progress(f"pushing {file} to the DVC remote")
        return track(file, checkout=work_folder(bot.git))

    registry = registry_of(bot)
    registry.registry()
    return _files(registry, wish, tracked, before=lambda: _refuse_vanished_storage(bot, registry))


def files_to_judge(registry: Snapshot, wish: Wish) -> dict[str, bytes]:
    """Make the same files, while their data stays where it is."""
    return _files(registry, wish, untracked, before=lambda: None)


def _files(registry: Snapshot, wish: Wish, tracked: Tracked, *, before: Callable[[], None]) -> dict[str, bytes]:
    model = _model_files(registry, wish)
    _refuse_registered(registry, wish)
    before()
    dataset = _dataset_files(registry, wish, tracked)
    weights = tracked(wish.weights)
    path = version_path(wish.model, wish.version)
    text = version_file(wish.facts, {"weights": _artifact(wish.weights, weights)}, path)
    place = dvc_path(version_folder(wish.model, wish.version), wish.weights.name)
    return {**model, **dataset, path: text, place: weights.dvc_text}


def _source(repository: str | None, commit: str | None) -> dict[str, str]:
    if repository is None and commit is None:
        return {}
    if repository is None or commit is None:
        raise UsageError("--source-repository and --source-commit belong together; give both or neither")
    return {"repository": repository, "commit": commit}


def _model_files(registry: Snapshot, wish: Wish) -> dict[str, bytes]:
    path = model_path(wish.model)
    if wish.model in registry.models():
        _refuse_another(registry.model(wish.model), wish, path)
        return {}
    if not wish.metrics:
        near = did_you_mean(wish.model, registry.models())
        raise UsageError(
            f"{wish.model} is a new model{near or ':'} {'else ' if near else ''}say how its metrics are read, such as "
            f"--metric {next(iter(wish.facts.metrics))}:higher; the first one is the primary one"
        )
    for metric in wish.metrics:
        if metric.name not in wish.facts.metrics:
            near = did_you_mean(metric.name, wish.facts.metrics)
            raise UsageError(f"--metric {metric.name}: the metrics file has no {metric.name!r}{near}")
    return {path: model_file(wish.model_description or wish.model, wish.metrics, path)}


def _refuse_another(model: Model, wish: Wish, path: str) -> None:
    """A program says the same with every version, and that is no contradiction. Raises `UsageError` where it is one."""
    for metric in wish.metrics:
        known = model.metrics.get(metric.name)
        if known is None:
            near = did_you_mean(metric.name, model.metrics) or f"; describe it in {path}, or leave --metric out"
            raise UsageError(f"{wish.model} has no metric {metric.name}{near}")
        if (known.direction, known.unit) != (metric.direction, metric.unit):
            raise UsageError(
                f"{wish.model} exists already: its metrics are described in {path}, and {metric.name} not as "
                f"--metric {metric.name} says; leave --metric out, or mend that file"
            )
    if wish.model_description not in {None, model.description}:
        raise UsageError(f"{wish.model} exists already: {path} describes it otherwise; leave --model-description out")


def _refuse_registered(registry: Snapshot, wish: Wish) -> None:
    if registry.text(version_path(wish.model, wish.version)) is not None:
        raise NotAllowed(
            f"{wish.model} {wish.version} is registered already, and a version never changes; take a new number"
        )


def _refuse_vanished_storage(bot: Bot, registry: Snapshot) -> None:
    """DVC would make the folder anew, and what is registered would seem to be stored there."""
    if not (registry.datasets() or any(registry.versions(model) for model in registry.models())):
        return
    remote = remote_of_checkout(work_folder(bot.git))
    if remote.store.fs.protocol == "local" and not any(folder.is_dir() for folder in _folders_of(remote)):
        raise NotAllowed(f"{remote} is gone, with what is registered; bring the folder back, or mend .dvc/config")


def _folders_of(remote: DvcRemote) -> tuple[Path, ...]:
    place = Path(remote.store.path)  # DVC keeps files below files/md5
    return (place, *place.parents[:2])


def _dataset_files(registry: Snapshot, wish: Wish, tracked: Tracked) -> dict[str, bytes]:
    dataset = wish.dataset
    if dataset is None:
        return {}
    path = dataset_path(str(dataset))
    known = registry.text(path) is not None
    if dataset.file is None:
        if not known:
            near = did_you_mean(str(dataset), registry.datasets())
            raise Unknown(f"there is no dataset {dataset}{near or ';'} add its file: --dataset {dataset}=FILE")
        return {}
    if known:
        _refuse_other_data(registry, dataset, dataset.file)
        return {}
    data = tracked(dataset.file)
    text = dataset_file(str(dataset), {"data": _artifact(dataset.file, data)}, path)
    return {path: text, dvc_path(dataset_folder(str(dataset)), dataset.file.name): data.dvc_text}


def _refuse_other_data(registry: Snapshot, dataset: DatasetWish, file: Path) -> None:
    artifacts = registry.dataset(str(dataset)).artifacts.values()
    if untracked(file).hash not in {artifact.hash for artifact in artifacts}:
        raise NotAllowed(
            f"dataset {dataset} is registered already with other data, and never changes; take a new version of it"
        )


def _artifact(file: Path, tracked: TrackedFile) -> Artifact:
    return Artifact(path=file.name, hash=tracked.hash, size=tracked.size)
