"""Knows how data comes from a DVC remote by its hash alone: it is exactly that, or it is an error."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from registrar.artifacts.remotes import DvcRemote, explained
from registrar.artifacts.tracking import hash_of
from registrar.errors import ArtifactUnavailable

MD5 = "md5"
OLDER_MD5 = "md5-dos2unix"  # until DVC 3, which laid remotes out in another way, too
_FOLDER = ".dir"
_VALUE = re.compile(rf"[0-9a-f]{{32}}(?:{re.escape(_FOLDER)})?")


@dataclass(frozen=True, slots=True)
class Data:
    """Data under DVC's care: what a person calls it, and its hash as DVC's own files have it, `md5:0123...`."""

    path: str
    hash: str

    @property
    def is_folder(self) -> bool:
        """Whether the hash is that of a list of files."""
        return self.hash.endswith(_FOLDER)


def fetch_object(remote: DvcRemote, data: Data, target: Path, *, size: int | None = None) -> None:
    """Put a file where nothing is yet. Raises `ArtifactUnavailable` for what is not there, or is there damaged."""
    algorithm, _, value = data.hash.partition(":")
    store = remote.store if algorithm == MD5 else remote.older_store
    if algorithm not in {MD5, OLDER_MD5} or not _VALUE.fullmatch(value):
        raise ArtifactUnavailable(f"{data.path}: {data.hash!r} is no hash by which {remote} keeps anything")
    with explained(remote, f"reading {data.path}"):
        try:
            store.fs.get_file(store.oid_to_path(value), str(target))
        except FileNotFoundError as error:
            message = f"{remote} does not hold {data.path} ({data.hash})"
            raise ArtifactUnavailable(f"{message}; push it from where it was made: dvc push") from error
    if not target.is_file() or size not in {None, target.stat().st_size} or not _is(target, algorithm, value):
        message = f"{remote} holds {data.path} damaged: what came is not {data.hash}"
        raise ArtifactUnavailable(f"{message}; remove it there and push it again from where it was made")


def fetch_folder(remote: DvcRemote, data: Data, target: Path, *, part: PurePosixPath) -> None:
    """Put what a folder holds beneath the target, or what of it lies at `part` there. Raises `ArtifactUnavailable`."""
    for path, each in _listed(remote, data):
        if not path.is_relative_to(part):
            continue
        file = target / path.relative_to(part)
        with explained(remote, f"unpacking {data.path}"):  # one list may name a file as a folder, too
            file.parent.mkdir(parents=True, exist_ok=True)
        fetch_object(remote, each, file)


def _listed(remote: DvcRemote, data: Data) -> Iterator[tuple[PurePosixPath, Data]]:
    algorithm = data.hash.partition(":")[0]
    with TemporaryDirectory(prefix="registrar-") as folder:
        listing = Path(folder) / "list"
        fetch_object(remote, data, listing)
        with explained(remote, f"reading what {data.path} holds"):
            entries = json.loads(listing.read_bytes())
    for entry in entries if isinstance(entries, list) else [entries]:
        match entry:
            case {"relpath": str(name), "md5": str(value)} if _is_inside(name):
                yield PurePosixPath(name), Data(f"{data.path}/{name}", f"{algorithm}:{value}")
            case _:
                raise ArtifactUnavailable(f"{remote} lists in {data.path} what is no file inside of it")


def _is_inside(name: str) -> bool:
    parts = name.split("/")
    return "\0" not in name and not {"", ".", ".."}.intersection(parts)


def _is(file: Path, algorithm: str, value: str) -> bool:
    return hash_of(file, algorithm) == value.removesuffix(_FOLDER)
