"""Knows how to bring data back from a DVC remote: whole, verified, and all of it or none."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from registrar.artifacts.objects import Data, fetch_object
from registrar.artifacts.remotes import DvcRemote
from registrar.artifacts.tracking import md5_of
from registrar.errors import UsageError
from registry_schema import Artifact


def pull(artifacts: Iterable[Artifact], *, remote: DvcRemote, into: Path) -> tuple[Path, ...]:
    """Put files where they belong in a folder, in the order given; each holds exactly what its hash says.

    Nothing is put there before everything was fetched and verified. A file that is there already is not fetched again.
    Raises `ArtifactUnavailable` for what the remote does not hold, or holds damaged.
    """
    wanted = {_inside(into, artifact): artifact for artifact in artifacts}
    into.mkdir(parents=True, exist_ok=True)
    fetched = Path(tempfile.mkdtemp(prefix=".registrar-", dir=into))
    try:
        ready = {
            target: _fetched(artifact, remote, fetched / str(number))
            for number, (target, artifact) in enumerate(wanted.items())
            if not _is_there(target, artifact)
        }
        for target, file in ready.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            file.replace(target)
    finally:
        shutil.rmtree(fetched, ignore_errors=True)
    return tuple(wanted)


def _fetched(artifact: Artifact, remote: DvcRemote, target: Path) -> Path:
    fetch_object(remote, Data(artifact.path, artifact.hash), target, size=artifact.size)
    target.chmod(0o666 & ~_umask())
    return target


def _inside(folder: Path, artifact: Artifact) -> Path:
    path = PurePosixPath(artifact.path)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise UsageError(f"{artifact.path!r} is not a path inside a version's folder")
    return folder.joinpath(*path.parts)


def _is_there(target: Path, artifact: Artifact) -> bool:
    if target.is_dir():
        raise UsageError(f"{target} is a folder, and {artifact.path} should be put there; choose another folder")
    is_same_size = target.is_file() and target.stat().st_size == artifact.size
    return is_same_size and f"md5:{md5_of(target)}" == artifact.hash


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
