"""Knows what an import adds: read from the other registry, decided, and written down model by model."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from registrar.artifacts.tracking import TrackedFile, track
from registrar.cli import terminal
from registrar.cli.drafts import MetricWish, VersionWish, model_file, version_file
from registrar.cli.inputs import metric_wish
from registrar.core.importing import (
    ForeignModel,
    ForeignVersion,
    ImportPlan,
    ImportWishes,
    LeftOut,
    PlannedModel,
    Present,
    name_here,
    plan_import,
)
from registrar.core.layout import dvc_path, model_path, status_path, version_folder, version_path
from registrar.core.selectors import status_named
from registrar.core.spelling import did_you_mean
from registrar.errors import RegistrarError, Unknown, UsageError
from registrar.migration.foreign import ForeignRegistry
from registrar.repository.edits import edit_status
from registrar.repository.snapshot import Snapshot
from registry_schema import Artifact, Registry


@dataclass(frozen=True, slots=True)
class Imported:
    """What is added to one model, and what turned out not to be had."""

    planned: PlannedModel
    source: str
    files: Mapping[str, bytes]
    statuses: Mapping[str, str]  # of every version that is added; empty: the first
    left_out: tuple[LeftOut, ...]  # while it was brought along


@dataclass(frozen=True)
class Work:
    """One import: from where, into what, and what is to be done."""

    source: ForeignRegistry
    registry: Snapshot
    checkout: Path  # whose DVC remote takes the weights
    plan: ImportPlan
    metrics: tuple[MetricWish, ...]
    with_weights: bool

    @cached_property
    def rules(self) -> Registry:
        """By which versions hold their statuses."""
        return self.registry.registry()

    def imported(self) -> Iterator[Imported]:
        """Each model, once its weights are in the DVC remote."""
        return map(self._imported, self.plan.models)

    def _imported(self, planned: PlannedModel) -> Imported:
        files: dict[str, bytes] = {}
        failed: dict[str, LeftOut] = {}
        for version in planned.versions:
            terminal.say_progress(f"bringing {version.called} along")
            try:
                files |= self._version_files(planned, version)
            except RegistrarError as error:
                failed[version.version] = LeftOut(version.called, str(error))
        statuses = {each.version: planned.statuses.get(each.version, "") for each in planned.versions}
        added = {version: status for version, status in statuses.items() if version not in failed}
        try:
            more = self._model_files(planned) | self._status_files(planned, besides=failed) if added else {}
        except RegistrarError as error:  # of the model itself: all others come along
            return Imported(planned, self.source.title, {}, {}, (LeftOut(planned.foreign.name, str(error)),))
        files |= more
        return Imported(planned, self.source.title, files, added, tuple(failed.values()))

    def _version_files(self, planned: PlannedModel, version: ForeignVersion) -> dict[str, bytes]:
        place = self.source.weights(version)
        tracked = self._tracked(version) if place and self.with_weights else None
        pointer = f"Its weights stayed at {place}." if place and tracked is None else ""
        path, folder = version_path(planned.name, version.version), version_folder(planned.name, version.version)
        source = version.source
        wish = VersionWish(
            description="\n\n".join(filter(None, (version.description, pointer))),
            created=version.created.isoformat() if version.created else "",
            source={"repository": source.repository, "commit": source.commit} if source else {},
            dataset=None,
            metrics=version.metrics,
            parameters=version.parameters,
        )
        if tracked is None:
            return {path: version_file(wish, {}, path)}
        weights = Artifact(path=tracked.path, hash=tracked.hash, size=tracked.size)
        text = version_file(wish, {"weights": weights}, path)
        return {path: text, dvc_path(folder, tracked.path): tracked.dvc_text}

    def _tracked(self, version: ForeignVersion) -> TrackedFile:
        with TemporaryDirectory(prefix="registrar-") as folder:
            return track(self.source.fetch(version, into=Path(folder)), checkout=self.checkout)

    def _model_files(self, planned: PlannedModel) -> dict[str, bytes]:
        if not planned.is_new:
            return {}
        path, model = model_path(planned.name), planned.foreign
        measured = {name for version in planned.versions for name in version.metrics}
        metrics = [wish for wish in self.metrics if wish.name in measured]
        described = model.description or model.name
        return {path: model_file(described, metrics, path, task=model.task, notes=model.notes)}

    def _status_files(self, planned: PlannedModel, *, besides: Mapping[str, object]) -> dict[str, bytes]:
        path = status_path(planned.name)
        edits = planned.edits(self.rules, besides=besides.keys())
        return {path: edit_status(self.registry.text(path), edits, path=path)} if edits else {}


def planned(
    arguments: argparse.Namespace, source: ForeignRegistry, registry: Snapshot, *, checkout: Path, is_judged: bool
) -> Work:
    """Read the other registry, and decide. Raises `UsageError` for a wish that cannot be meant."""
    rules = registry.registry()
    metrics = tuple(metric_wish(text) for text in arguments.metric)
    wishes = _wishes(arguments, rules, is_judged=is_judged)
    terminal.say_progress(f"reading {source.title}")
    foreign, left_out = source.models()
    _refuse_unknown(wishes, foreign, left_out)
    names = {wishes.names.get(model.name) or name_here(model.name) for model in foreign}
    here = {
        name: Present(registry.versions(name), registry.holdings(name))
        for name in names.intersection(registry.models())
    }
    plan = plan_import(foreign, wishes, rules=rules, present=here)
    others = (each for each in left_out if not wishes.names or each.what in wishes.names)
    plan = ImportPlan(plan.models, (*others, *plan.left_out))
    return Work(source, registry, checkout, plan, metrics, with_weights=not arguments.no_weights)


def _wishes(arguments: argparse.Namespace, rules: Registry, *, is_judged: bool) -> ImportWishes:
    statuses = dict(_pair(text, "--status", "STAGE=STATUS") for text in arguments.status)
    return ImportWishes(
        names=dict(text.partition("=")[::2] for text in arguments.model),
        statuses={stage.lower(): status_named(rules, status) for stage, status in statuses.items()},
        may_give_statuses=not is_judged,
    )


def _pair(text: str, option: str, form: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if not name or not value:
        raise UsageError(f"{option} {text!r}: write it as {form}")
    return name, value


def _refuse_unknown(wishes: ImportWishes, foreign: Sequence[ForeignModel], left_out: Sequence[LeftOut]) -> None:
    known = {model.name for model in foreign} | {each.what for each in left_out}
    for name in wishes.names:
        if name not in known:
            raise Unknown(f"--model {name}: there is no such model{did_you_mean(name, known)}")
