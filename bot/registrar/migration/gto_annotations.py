"""Knows what a repository says of an artifact at a commit: in GTO's artifacts.yaml, or in a dvc.yaml of DVC's."""

from collections.abc import Mapping
from dataclasses import dataclass

from registrar.errors import InvalidRegistry
from registrar.migration.foreign_yaml import keys_of, mapping, text
from registrar.repository.git import GitRepository

_INDEX, _DVC_INDEX = "artifacts.yaml", "dvc.yaml"


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is said of an artifact."""

    path: str = ""  # from the top of the repository; empty: it is not said
    type: str = ""
    description: str = ""
    labels: tuple[str, ...] = ()


def annotation(git: GitRepository, commit: str, artifact: str) -> Annotation | None:
    """What is said of an artifact, `churn`, or `models:churn` of the dvc.yaml in a folder; None: nothing."""
    found = mapping(_read(git, commit, _INDEX).get(artifact))
    if found:
        return _annotation(found, folder="", description="description")
    folder, _, name = artifact.rpartition(":")
    artifacts = mapping(_read(git, commit, f"{folder}/{_DVC_INDEX}" if folder else _DVC_INDEX).get("artifacts"))
    found = mapping(artifacts.get(name))
    return _annotation(found, folder=folder, description="desc") if found else None


def _annotation(found: Mapping[str, object], *, folder: str, description: str) -> Annotation:
    path = text(found.get("path")).strip("/").removeprefix("./")
    labels = found.get("labels")
    return Annotation(
        path=f"{folder}/{path}" if folder and path else path,
        type=text(found.get("type")),
        description=text(found.get(description)).strip(),
        labels=tuple(map(text, labels)) if isinstance(labels, list) else (),
    )


def _read(git: GitRepository, commit: str, path: str) -> Mapping[str, object]:
    """The keys of a file; none when it is missing, or GTO could not read it either."""
    try:
        content = git.read(commit, path)
        return keys_of(content, path) if content is not None else {}
    except InvalidRegistry:
        return {}
