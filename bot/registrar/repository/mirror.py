"""Knows how a bare mirror of a registry is made and found again; it is a cache, which remembers whose it is."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import pygit2

from registrar.core.effects import Fence
from registrar.errors import UsageError
from registrar.repository.git import GitRepository
from registrar.repository.processes import NETWORK_TIMEOUT, Credentials

_REPOSITORY = "registrar.repositoryId"


def mirror(
    url: str,
    directory: Path,
    *,
    credentials: Credentials | None = None,
    timeout: float = NETWORK_TIMEOUT,
    fence: Fence = lambda: None,
) -> GitRepository:
    """The mirror of a remote in the directory, made if it is not there; nothing is fetched yet.

    A mirror whose registry was renamed or moved follows the new address. The fence is asked right before every push.
    """
    _check(url)
    if not directory.exists():
        _make(url, directory)
    repository = GitRepository(directory, credentials=credentials, timeout=timeout, fence=fence)
    if _url_in(repository) != url:
        repository.run("config", "remote.origin.url", url)
    return repository


def place_of(state: Path, repository: str, url: str, *, alone: bool) -> Path:
    """Where the mirror of a registry lies: `mirror.git` as long as there was never another one beside it.

    That one is taken along, for what it remembers: which repository the name has led to.
    """
    place = state / "mirrors" / f"{quote(repository.casefold(), safe='')}.git"
    first = state / "mirror.git"
    if place.exists() or (not alone and not _is_of(first, url)):
        return place
    if alone:
        return first
    place.parent.mkdir(exist_ok=True)
    with suppress(FileNotFoundError, FileExistsError):  # another process has moved it meanwhile
        first.rename(place)
    return place


def _is_of(directory: Path, url: str) -> bool:
    return directory.exists() and _url_in(GitRepository(directory)) == url


def _url_in(mirrored: GitRepository) -> str | None:
    return mirrored.objects.config["remote.origin.url"]


def repository_in(mirrored: GitRepository) -> str | None:
    """The number of the repository that a mirror was made of; None while nobody has kept it."""
    return mirrored.run("config", "--default", "", "--get", _REPOSITORY).decode().strip() or None


def keep_repository(mirrored: GitRepository, number: str) -> None:
    """Let a mirror remember which repository it is of: its address can come to lead to another one."""
    if repository_in(mirrored) != number:
        mirrored.run("config", _REPOSITORY, number)


def _make(url: str, directory: Path) -> None:
    directory.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    try:
        pygit2.init_repository(str(made), bare=True, initial_head="main").config["remote.origin.url"] = url
        made.rename(directory)
    except OSError:
        if not directory.exists():  # else another process made it meanwhile
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _check(url: str) -> None:
    if not url or url.startswith("-") or "\0" in url or "\n" in url:
        raise UsageError(f"{url!r} is not the address of a repository")
    if urlsplit(url).password is not None:
        raise UsageError("the address of the registry holds a password; leave it out and set a token instead")
