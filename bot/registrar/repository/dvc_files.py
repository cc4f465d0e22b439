"""Knows what a .dvc file says, and whether a version tells the same of its files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from posixpath import basename

from registrar.core import layout
from registrar.repository.snapshot import Snapshot
from registry_schema import Artifact, InvalidFile, Problem
from registry_schema.document import Document, load

_REWRITE = "let DVC write it: dvc add"
_MIGRATE = "run dvc cache migrate --dvc-files and push the data again"


@dataclass(frozen=True, slots=True)
class Tracked:
    """The one file that a .dvc file tracks; the hash is spelled as in version.yaml, `md5:...`."""

    path: str
    hash: str
    size: int | None


def read_dvc_file(text: bytes, path: str) -> Tracked:
    """What a .dvc file tracks. Raises `InvalidFile` when that is not exactly one file of DVC 3."""
    document = load(text, path)
    outputs = document.value.get("outs") if isinstance(document.value, dict) else None
    if document.problems or not isinstance(outputs, list) or len(outputs) != 1 or not isinstance(outputs[0], dict):
        raise InvalidFile(document.problems or [Problem(path, 0, "does not track exactly one file", _REWRITE)])
    output: Mapping[str, object] = outputs[0]
    name, md5, size = output.get("path"), output.get("md5"), output.get("size")
    if not isinstance(name, str) or not isinstance(md5, str) or not isinstance(size, int | None):
        raise InvalidFile(
            [Problem(path, document.line(("outs", 0)), "has no path and md5 as DVC writes them", _REWRITE)]
        )
    if md5.endswith(".dir"):
        raise InvalidFile([Problem(path, document.line(("outs", 0)), "tracks a folder", "pack it into one file first")])
    if output.get("hash") != "md5":
        message = "was written by a DVC older than 3, which keeps its data elsewhere"
        raise InvalidFile([Problem(path, document.line(("outs", 0)), message, _MIGRATE)])
    return Tracked(name, f"md5:{md5}", size)


def problems_of_artifacts(
    snapshot: Snapshot, document: Document, folder: str, artifacts: Mapping[str, Artifact]
) -> Iterator[Problem]:
    """Where a version.yaml or dataset.yaml tells something else about its files than their .dvc files do."""
    for name, artifact in artifacts.items():
        path = layout.dvc_path(folder, artifact.path)
        text = snapshot.text(path)
        if text is None:
            line = document.line(("artifacts", name, "path"))
            yield Problem(document.path, line, f"there is no {path}", "add the .dvc file that DVC wrote for it")
            continue
        try:
            tracked = read_dvc_file(text, path)
        except InvalidFile as invalid:
            yield from invalid.problems
        else:
            yield from _differences(document, name, artifact, tracked, path=path)


def _differences(
    document: Document, name: str, artifact: Artifact, tracked: Tracked, *, path: str
) -> Iterator[Problem]:
    if tracked.path != basename(artifact.path):
        yield Problem(path, 0, f"tracks {tracked.path}, and its name says {basename(artifact.path)}", _REWRITE)
    for key, here, there in (("hash", artifact.hash, tracked.hash), ("size", artifact.size, tracked.size)):
        if there is not None and here != there:
            line = document.line(("artifacts", name, key))
            yield Problem(document.path, line, f"the {key} is {here}, and {path} has {there}", "make both the same")
