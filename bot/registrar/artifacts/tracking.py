"""Knows how a file comes under DVC's care: its data in the remote, and a small text that stands for it in git."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from registrar.artifacts.remotes import DvcRemote, explained, remote_of_checkout
from registrar.errors import ArtifactUnavailable, RegistrarError, UsageError

if TYPE_CHECKING:
    from os import stat_result

_LIKE_A_NUMBER = re.compile(r"[0-9e]+")


@dataclass(frozen=True, slots=True)
class TrackedFile:
    """A file whose data is in the remote: the content of its .dvc file, and what version.yaml records of it."""

    path: str
    dvc_text: bytes
    hash: str
    size: int


def track(file: Path, *, checkout: Path, remote: str | None = None) -> TrackedFile:
    """Push a file's data to the DVC remote of a checkout; neither the work tree nor DVC's cache is touched.

    What the remote holds already is not pushed again. When this returns, the remote holds exactly what was hashed.
    """
    if file.is_dir():
        raise UsageError(f"{file} is a folder; pack it into one file first")
    if not file.is_file():
        raise UsageError(f"{file} is no file; see how it is spelt")
    target = remote_of_checkout(checkout, remote)
    before = file.stat()
    md5 = md5_of(file)
    with explained(target, f"storing {file.name}"):
        is_new = _pushed(target, file, md5, size=before.st_size)
        if _has_changed(before, file.stat()):
            if is_new:
                target.store.delete(md5)
            raise RegistrarError(f"{file} changed while it was being pushed; try again when nothing writes to it")
        if target.store.fs.size(target.store.oid_to_path(md5)) != before.st_size:
            raise ArtifactUnavailable(
                f"{target} did not keep all of {file.name}; see whether it is full, and try again"
            )
    return TrackedFile(file.name, _dvc_text(file.name, md5, before.st_size), f"md5:{md5}", before.st_size)


def untracked(file: Path) -> TrackedFile:
    """What tracking would make of the file, whose data goes nowhere; no part of DVC is needed for that."""
    with file.open("rb") as content:
        md5 = hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    size = file.stat().st_size
    return TrackedFile(file.name, _dvc_text(file.name, md5, size), f"md5:{md5}", size)


def md5_of(file: Path) -> str:
    """The hash of a file's content, as DVC computes it."""
    return hash_of(file, "md5")


def hash_of(file: Path, algorithm: str) -> str:
    """The same by any of the ways that DVC knows."""
    from dvc_data.hashfile.hash import hash_file
    from dvc_objects.fs.local import localfs

    _, found = hash_file(str(file), localfs, algorithm)
    return str(found.value)


def _pushed(target: DvcRemote, file: Path, md5: str, *, size: int) -> bool:
    """Whether anything had to be pushed; a stump that an interrupted push left behind is pushed over."""
    from dvc_objects.fs.local import localfs

    store = target.store
    if store.exists(md5) and store.fs.size(store.oid_to_path(md5)) == size:
        return False
    store.add(str(file), localfs, md5, check_exists=False)
    return True


def _has_changed(before: "stat_result", after: "stat_result") -> bool:
    return (before.st_mtime_ns, before.st_size, before.st_ino) != (after.st_mtime_ns, after.st_size, after.st_ino)


def _dvc_text(name: str, md5: str, size: int) -> bytes:
    import yaml

    quoted = f"'{md5}'" if _LIKE_A_NUMBER.fullmatch(md5) else md5
    path = yaml.safe_dump({"path": name}, allow_unicode=True, width=10_000)
    return f"outs:\n- md5: {quoted}\n  size: {size}\n  hash: md5\n  {path}".encode()
