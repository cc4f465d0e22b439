"""Knows whether a DVC remote can be reached: read for what it must hold, and written to and tidied up again."""

import secrets
import tempfile
from pathlib import Path

from registrar.artifacts.remotes import DvcRemote, explained
from registrar.artifacts.tracking import md5_of
from registrar.errors import ArtifactUnavailable
from registry_schema import Artifact


def holds(remote: DvcRemote, artifact: Artifact) -> bool:
    """Whether the data of an artifact is there. Raises `ArtifactUnavailable` when the remote cannot be asked."""
    with explained(remote, f"looking for {artifact.path}"):
        return bool(remote.store.exists(artifact.hash.removeprefix("md5:")))


def look_into(remote: DvcRemote) -> None:
    """List what a remote holds at its top. Raises `ArtifactUnavailable`; an empty bucket is no failure."""
    with explained(remote, "listing what it holds"):
        try:
            list(remote.store.fs.ls(remote.store.path, detail=False))
        except FileNotFoundError:
            if remote.store.fs.protocol == "local":  # a bucket has no folders, a disk has
                message = f"{remote} is a folder that is not there"
                raise ArtifactUnavailable(f"{message}; make it, or mount what should be there") from None


def try_writing(remote: DvcRemote) -> None:
    """Store a few random bytes, see that they arrived, and delete them. Raises `ArtifactUnavailable`."""
    from dvc_objects.fs.local import localfs

    with tempfile.TemporaryDirectory() as folder, explained(remote, "storing a few bytes"):
        file = Path(folder) / "probe"
        file.write_bytes(b"registrar doctor " + secrets.token_bytes(16))
        md5 = md5_of(file)
        remote.store.add(str(file), localfs, md5, check_exists=False)
        try:
            if remote.store.fs.size(remote.store.oid_to_path(md5)) != file.stat().st_size:
                raise ArtifactUnavailable(f"{remote} did not keep all that it was given; see whether it is full")
        finally:
            remote.store.delete(md5)
