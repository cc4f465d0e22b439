"""Knows what every other registry is asked for, and how a folder of weights becomes one file."""

import re
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from registrar.core.importing import ForeignModel, ForeignVersion, LeftOut

_USER = re.compile(
    r"""(?<=://)(?:[^/?#\s'"]*@|(?!\[)[^/@:\s'"]*:(?![0-9]+[/?#])[^@\s'"]*@)"""  # the second: with a / in its password
)
_AFTER_THE_PATH = re.compile(r"""(?<=://)([^?#\s'"<>]*)[?#][^\s'"<>]*""")


class ForeignRegistry(Protocol):
    """A registry to move from."""

    @property
    def title(self) -> str:
        """What a person calls it."""
        ...

    def models(self) -> tuple[Sequence[ForeignModel], Sequence[LeftOut]]:
        """Everything that it holds, and what of it cannot be brought along."""
        ...

    def weights(self, version: ForeignVersion) -> str:
        """Where it keeps the weights of a version, for a person to read; empty: it has none."""
        ...

    def fetch(self, version: ForeignVersion, *, into: Path) -> Path:
        """Bring the weights of a version that has some: one file. Raises `RegistrarError`."""
        ...


def packed(folder: Path, file: Path) -> Path:
    """All of a folder in one archive, the same bytes whenever and by whomever it is packed."""
    with tarfile.open(file, "w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
            archive.add(path, arcname=path.relative_to(folder).as_posix(), filter=_anonymous)
    return file


def without_secrets(text: str) -> str:
    """A text in which no address tells a user, a password, or what follows its path, where signatures stand.

    What is no address by the book is one to some database: a password may hold what ends a host.
    """
    return _AFTER_THE_PATH.sub(r"\1", _USER.sub("", text))


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime = 0
    member.mode = 0o644
    return member
