"""Knows how MLflow's model registry is read, through its own client: versions, aliases, stages, runs and weights."""

import math
import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import mlflow
from mlflow.exceptions import MlflowException

from registrar.core.importing import ForeignModel, ForeignVersion, LeftOut
from registrar.errors import ArtifactUnavailable, NotAllowed, RegistrarError
from registrar.migration.foreign import packed, without_secrets
from registrar.migration.mlflow_places import place_of
from registry_schema import Source
from registry_schema.scalars import Scalar

_NO_STAGE = "None"
_READY = "READY"
_PAGE = 100
_SHA = re.compile(r"[0-9a-f]{40}")
_LOCAL = re.compile(r"(?:sqlite(?:\+\w+)?:///|file://|(?=[./]))(?P<path>[^?]*)")
# Unless somebody says otherwise: its client tries a server that is not there for four minutes.
_PATIENCE = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2", "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false"}


class MlflowRegistry:
    """One server, or one store of files or in a database."""

    def __init__(self, uri: str) -> None:
        """Raises `RegistrarError` where there is none: MLflow itself would make an empty one of a file."""
        for name, value in _PATIENCE.items():
            os.environ.setdefault(name, value)
        self._address, self._uri = uri, without_secrets(uri)
        local = _LOCAL.match(uri)
        if local is not None and local["path"] and not Path(local["path"]).exists():
            raise RegistrarError(f"MLflow at {self._uri} cannot be read: there is nothing; see how it is spelt")
        with _asked(self._uri):
            mlflow.set_tracking_uri(uri)
            mlflow.set_registry_uri(uri)
            self._client = mlflow.MlflowClient()
        self._known: dict[str, tuple[str, str]] = {}  # a model and its version there, by what the version is called

    @property
    def title(self) -> str:
        """What a person calls it."""
        return f"MLflow at {self._uri}"

    def models(self) -> tuple[Sequence[ForeignModel], Sequence[LeftOut]]:
        """Every registered model with its versions; runs that are gone, and numbers that are none, are told of."""
        left_out: list[LeftOut] = []
        with _asked(self._uri):
            found = [*_every(self._client.search_model_versions)]
            models = [*_every(self._client.search_registered_models)]
        versions: dict[str, list[Any]] = defaultdict(list)
        for version in found:
            versions[version.name].append(version)
        return [self._model(model, versions[model.name], left_out) for model in models], left_out

    def weights(self, version: ForeignVersion) -> str:
        """The address by which MLflow itself knows them."""
        name, number = self._known[version.called]
        return f"models:/{name}/{number} of {self._uri}"

    def fetch(self, version: ForeignVersion, *, into: Path) -> Path:
        """Bring everything that was logged as the model: one file as it is, several as one archive."""
        try:
            place = place_of(self._client.get_model_version_download_uri(*self._known[version.called]), self._address)
            folder = Path(mlflow.artifacts.download_artifacts(artifact_uri=place, dst_path=str(into / "model")))
        except NotAllowed as error:
            raise NotAllowed(f"the weights of {version.called} cannot be had: {error}") from error
        except Exception as error:  # each artifact store's library raises what it likes
            raise ArtifactUnavailable(f"the weights of {version.called} cannot be had: {_in_a_line(error)}") from error
        files = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else [folder]
        return files[0] if len(files) == 1 else packed(folder, into / "model.tar")

    def _model(self, model: Any, versions: Sequence[Any], left_out: list[LeftOut]) -> ForeignModel:
        aliases: dict[str, list[str]] = defaultdict(list)
        for alias, number in model.aliases.items():
            aliases[str(number)].append(alias)
        told = []
        for version in sorted(versions, key=lambda each: int(each.version)):
            called = f"{model.name} version {version.version}"
            if version.status != _READY:
                left_out.append(LeftOut(called, f"MLflow says that it is {version.status}"))
            else:
                told.append(self._version(version, called, aliases[str(version.version)], left_out))
        return ForeignModel(
            name=model.name,
            description=model.description or "",
            notes=_listed("Tags in MLflow", model.tags),
            versions=tuple(told),
        )

    def _version(self, version: Any, called: str, aliases: Sequence[str], left_out: list[LeftOut]) -> ForeignVersion:
        self._known[called] = (version.name, str(version.version))
        run = self._run(version.run_id, called, left_out)
        metrics, parameters, tags = (run.data.metrics, run.data.params, run.data.tags) if run else ({}, {}, {})
        stage = [version.current_stage] if version.current_stage not in {_NO_STAGE, None} else []
        by = f" by {tags['mlflow.user']}" if tags.get("mlflow.user") else ""
        of = f", of run {version.run_id}" if version.run_id else ""
        words = (
            (version.description or "").strip(),
            f"Registered in MLflow{by}, as {called}{of}.",
            _listed("Tags in MLflow", version.tags),
        )
        return ForeignVersion(
            version=f"{version.version}.0.0",
            called=called,
            description="\n\n".join(filter(None, words)),
            created=datetime.fromtimestamp(version.creation_timestamp // 1000, UTC),
            source=_source(tags),
            metrics=dict(_finite(metrics, called, left_out)),
            parameters={name: _scalar(text) for name, text in sorted(parameters.items())},
            stages=(*aliases, *stage),
        )

    def _run(self, number: str | None, called: str, left_out: list[LeftOut]) -> Any | None:
        if not number:
            return None
        with _asked(self._uri):
            try:
                return self._client.get_run(number)
            except MlflowException as error:
                if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                    raise
        left_out.append(LeftOut(f"metrics and parameters of {called}", f"its run {number} is gone"))
        return None


@contextmanager
def mlflow_registry(uri: str) -> Iterator[MlflowRegistry]:
    """The registry behind an address."""
    yield MlflowRegistry(uri)


@contextmanager
def _asked(uri: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # each store's library raises what it likes
        raise RegistrarError(f"MLflow at {uri} cannot be read: {_in_a_line(error)}") from error


def _every(search: Callable[..., Any]) -> Iterator[Any]:
    """All that a search finds, page by page."""
    token = None
    while True:
        page = search(max_results=_PAGE, page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def _finite(metrics: Mapping[str, float], called: str, left_out: list[LeftOut]) -> Iterator[tuple[str, float]]:
    """What was measured; MLflow's databases hold an infinity as the largest number that there is."""
    for name, value in sorted(metrics.items()):
        if math.isfinite(value) and abs(value) < sys.float_info.max:
            yield name, value
        else:
            left_out.append(LeftOut(f"metric {name} of {called}", f"it is {value}, and no finite number"))


def _scalar(text: str) -> Scalar:
    """A number where the text is how a program would print it, since MLflow keeps every parameter as text."""
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        if str(number) == text and math.isfinite(number):
            return number
    return text


def _source(tags: Mapping[str, str]) -> Source | None:
    repository, commit = tags.get("mlflow.source.git.repoURL", ""), tags.get("mlflow.source.git.commit", "")
    known = bool(repository) and not re.search(r"\s", repository) and _SHA.fullmatch(commit) is not None
    return Source(without_secrets(repository), commit) if known else None


def _listed(title: str, tags: Mapping[str, str]) -> str:
    shown = ", ".join(f"{name}={value}" for name, value in sorted(tags.items()) if not name.startswith("mlflow."))
    return f"{title}: {shown}" if shown else ""


def _in_a_line(error: Exception) -> str:
    return without_secrets(" ".join(str(error).split()))[:300] or type(error).__name__
