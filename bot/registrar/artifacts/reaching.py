"""Knows whether a DVC remote can be reached: read for what it must hold, and written to and tidied up again."""

import secrets
import tempfile
from pathlib import Path

from registrar.artifacts.remotes import DvcRemote, explained
from registrar.artifacts.tracking import md5_of
from registrar.errors import ArtifactUnavailable
from registry_schema import Artifact

_OF_BUCKETS = {"azure", "gs", "oss", "s3"}


def holds(remote: DvcRemote, artifact: Artifact) -> bool:
    """Whether the data of an artifact is there. Raises `ArtifactUnavailable` when the remote cannot be asked."""
    with explained(remote, f"looking for {artifact.path}"):
        return _is_at(remote, remote.store.oid_to_path(artifact.hash.removeprefix("md5:")))


def look_into(remote: DvcRemote) -> None:
    """List what a remote holds at its top. Raises `ArtifactUnavailable`; one that is empty is no failure."""
    fs, top = remote.store.fs, str(remote.older_store.path)
    with explained(remote, "listing what it holds"):
        if not fs.CAN_TRAVERSE:  # a web server has no lists
            _is_at(remote, top)
            return
        try:
            list(fs.ls(top, detail=False))
        except FileNotFoundError:
            _see_that_it_can_be_filled(remote, top)


def _is_at(remote: DvcRemote, path: str) -> bool:
    fs = remote.store.fs
    if fs.CAN_TRAVERSE:
        return bool(fs.exists(path))
    return bool(fs.fs.exists(path, strict=True))  # else a web server that is down, or refuses, has nothing


def _see_that_it_can_be_filled(remote: DvcRemote, top: str) -> None:
    """A disk may not be mounted, and a bucket not be made; a folder in a bucket comes with its first file."""
    fs = remote.store.fs
    if fs.protocol == "local":
        raise ArtifactUnavailable(f"{remote} is a folder that is not there; make it, or mount what should be there")
    if fs.protocol not in _OF_BUCKETS:
        return
    bucket = top.partition("/")[0]
    try:
        list(fs.ls(bucket, detail=False))
    except FileNotFoundError:
        raise ArtifactUnavailable(f"{remote}: there is no bucket {bucket}; make it, or see how it is spelt") from None
    except PermissionError:  # who may list one folder of it need not see all
        return


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
